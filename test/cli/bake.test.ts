import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeTrack } from '../../src/pcm/track-file.ts';
import { type ManifestLine, parseManifest } from '../../src/speech/manifest.ts';
import { trackOf } from '../../src/speech/track-of.ts';
import { checkFile } from '../../src/voices/tracks/fetch-file.ts';
import { packTrackAsync } from '../../src/voices/tracks/track-pack.ts';
import { builtProgram, type Ended, parley } from '../kit/children.ts';
import {
  rampBytes,
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

const KEY = 'sk-canary-7f3a';
const closing: (() => unknown)[] = [];
let folder = '';
let out = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-bake-'));
  out = join(folder, 'out');
});

afterEach(async () => {
  delete process.env.SMALLEST_API_KEY;
  delete process.env.SMALLEST_UNITS;
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function list(lines: unknown): Promise<string> {
  const file = join(folder, 'lines.json');
  await writeFile(file, JSON.stringify(lines));
  return file;
}

async function bake(lines: unknown, ...options: string[]): Promise<Ended> {
  return parley('bake', await list(lines), '--out', out, ...options);
}

const here = ['--source', 'local'];

async function scripted(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, options);
  closing.push(() => server.close());
  return server;
}

/** The lines of the manifest, each of which has its files whole and right; nothing else lies in the folder. */
async function baked(): Promise<readonly ManifestLine[]> {
  const { lines } = parseManifest(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')));
  const named = new Set(['manifest.json', ...lines.flatMap(({ wav, json }) => [wav, json])]);
  const files = await readdir(out, { recursive: true, withFileTypes: true });
  const found = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(found.sort()).toEqual([...named].map((name) => join(out, name)).sort());
  for (const line of lines) {
    const [wav, json] = await Promise.all([line.wav, line.json].map((name) => readFile(join(out, name))));
    await checkFile(new Uint8Array(wav!), line.wav, line.wavBytes, line.wavHash);
    await checkFile(new Uint8Array(json!), line.json, line.jsonBytes, line.jsonHash);
    const { text, voice, lang } = decodeTrack({ wav: wav!, json: String(json) });
    expect({ text, voice, lang }).toEqual({ text: line.text, voice: line.voice, lang: line.lang });
  }
  return lines;
}

/** When each file of the folder was last written. */
async function writtenAt(): Promise<Record<string, number>> {
  const lines = await baked();
  const names = ['manifest.json', ...lines.flatMap(({ wav, json }) => [wav, json])];
  const times = await Promise.all(
    names.map(async (name) => [name, (await stat(join(out, name))).mtimeMs] as const),
  );
  return Object.fromEntries(times);
}

const halt = { id: 'gate/halt', text: 'Halt! <pause 0.2s/> Who goes <em>there</em>?', emotion: 'angry' };

describe('parley bake', () => {
  it('speaks what has changed, and nothing else', async () => {
    const lines = ['Hello.', halt, { id: 'gate/pass', text: 'Pass.', voice: 'M1' }];
    const first = await bake({ lang: 'en', lines }, ...here);
    expect([first.code, first.stdout]).toEqual([0, '']);
    expect(first.stderr).toMatch(/^parley: 3 lines to speak \(55 characters\), 0 unchanged\n/);
    expect(first.stderr.match(/^parley: [123]\/3 \S+: \d\.\d\d s$/gm)).toHaveLength(3);
    const [hello, ...gate] = await baked();
    expect(hello).toMatchObject({ text: 'Hello.', voice: 'F1', lang: 'en', timing: 'service' });
    expect(hello!.id).toMatch(/^hello-[0-9a-f]{8}$/);
    expect(gate).toMatchObject([
      { ...halt, wav: 'gate/halt.wav' },
      { id: 'gate/pass', voice: 'M1' },
    ]);

    const times = await writtenAt();
    const again = await bake({ lang: 'en', lines: [...lines, 'Hello.'] }, ...here);
    expect(again).toMatchObject({
      code: 0,
      stderr: 'parley: 0 lines to speak (0 characters), 3 unchanged\n',
    });
    expect(await writtenAt()).toEqual(times);

    const changed = [{ ...halt, text: 'Halt!', emotion: 'sad' }, 'Hello.'];
    const third = await bake({ lang: 'en', lines: changed }, ...here);
    expect(third.stderr).toMatch(/1 line to speak \(5 characters\), 1 unchanged\n/);
    expect(third.stderr).toMatch(/gate\/pass: no longer in the list, --prune removes it\n/);
    const now = await writtenAt();
    const rewritten = Object.keys(now).filter((name) => now[name] !== times[name]);
    expect(rewritten.sort()).toEqual(['gate/halt.json', 'gate/halt.wav', 'manifest.json']);
    expect((await baked()).map(({ id, emotion }) => [id, emotion])).toEqual([
      ['gate/halt', 'sad'],
      [hello!.id, undefined],
      ['gate/pass', undefined],
    ]);

    const pruned = await bake({ lang: 'en', lines: ['Hello.'] }, ...here, '--prune');
    expect(pruned.stderr).toMatch(/gate\/halt: no longer in the list, removed\n/);
    expect(await readdir(out)).toEqual([`${hello!.id}.json`, `${hello!.id}.wav`, 'manifest.json']);
    expect(await baked()).toHaveLength(1);
  }, 60_000);

  it('speaks anew what is asked otherwise: rate, speed, voice, all; and what is broken or gone', async () => {
    const lines = ['One.', { id: 'b', text: 'Two.', voice: 'M2', speed: 1.5 }];
    await bake(lines, ...here);
    const spokenWith = async (...options: string[]) =>
      /(\d) lines? to speak/.exec((await bake(lines, ...here, ...options)).stderr)?.[1];
    expect(await spokenWith('--voice', 'F1', '--lang', 'en', '--speed', '1')).toBe('0'); // As by default.
    expect(await spokenWith('--rate', '16000')).toBe('2');
    expect((await baked()).map((line) => line.sampleRate)).toEqual([16_000, 16_000]);
    expect(await spokenWith('--rate', '16000', '--all')).toBe('2');
    const wav = await readFile(join(out, 'b.wav'));
    wav[50]! ^= 1;
    await writeFile(join(out, 'b.wav'), wav);
    expect(await spokenWith('--rate', '16000')).toBe('1');
    await rm(join(out, 'b.json'));
    expect(await spokenWith('--rate', '16000')).toBe('1');
    await baked();
  }, 60_000);

  it('speaks anew those lines whose words are said otherwise by the lexicon', async () => {
    const lexicon = join(folder, 'words.json');
    const says = (words: object) => writeFile(lexicon, JSON.stringify({ version: 1, words: { en: words } }));
    const lines = [{ id: 'a', text: 'Mira is here.' }, 'Nobody else.'];
    await says({ Mira: 'ˈmiːɹə' });
    await bake(lines, ...here, '--lexicon', lexicon);
    await says({ Mira: 'ˈpuːbi', Xochitl: 'ˈsoʊtʃiːl' });
    const { stderr } = await bake(lines, ...here, '--lexicon', lexicon);
    expect(stderr).toMatch(/1 line to speak .*, 1 unchanged\nparley: 1\/1 a: /);
    const json = JSON.parse(await readFile(join(out, 'a.json'), 'utf8'));
    expect(json.cues.filter((cue: { viseme: string }) => cue.viseme === 'PP')).toHaveLength(2);
  }, 60_000);

  it('leaves alone tracks that it did not make', async () => {
    await bake(['Hello.'], ...here);
    const [hello] = await baked();
    const recorded = trackOf({ text: 'Halt!', samples: new Int16Array(9_000).fill(7), sampleRate: 48_000 });
    const { line, wav, json } = await packTrackAsync('halt', recorded);
    await writeFile(join(out, line.wav), wav);
    await writeFile(join(out, line.json), json);
    await writeFile(join(out, 'manifest.json'), JSON.stringify({ version: 1, lines: [line, hello] }));
    const { stderr, code } = await bake([{ id: 'halt', text: 'Halt!' }], ...here, '--prune', '--all');
    expect([code, stderr]).toEqual([
      0,
      [
        'parley: 0 lines to speak (0 characters), 0 unchanged',
        'parley: halt: left as it is, bake did not make it',
        `parley: ${hello!.id}: no longer in the list, removed`,
        '',
      ].join('\n'),
    ]);
    expect(await baked()).toEqual([line]);
  }, 60_000);

  it('tells what it would do, and does nothing', async () => {
    const none = await bake(['Hello.'], '--source', 'lokutor', '--url', 'ws://127.0.0.1:9/ws', '--dry-run');
    expect(none).toMatchObject({
      code: 0,
      stderr: 'parley: 1 line would be spoken (6 characters), 0 unchanged\n',
    });
    expect(await readdir(folder)).toEqual(['lines.json']);
    await bake(['Hello.'], ...here);
    const times = await writtenAt();
    const { stderr } = await bake(['Bye.'], ...here, '--dry-run', '--prune');
    expect(stderr).toMatch(/hello-\w+: no longer in the list, would be removed\n/);
    expect(await writtenAt()).toEqual(times);
  }, 60_000);

  it.each<[string, unknown, string[], number, RegExp]>([
    [
      'a field that is wrong',
      { lines: ['a', { text: 7 }] },
      here,
      5,
      /lines\.json, lines\[1\]\.text: expected/,
    ],
    [
      'an id twice',
      [
        { id: 'a', text: 'a' },
        { id: 'A', text: 'b' },
      ],
      here,
      5,
      /lines\.json, \[1\]\.id/,
    ],
    ['no jobs', ['a'], [...here, '--jobs', '0'], 2, /--jobs: expected a whole number from 1 to 64/],
    ['no source', ['a'], [], 2, /--source/],
  ])('refuses %s, and writes nothing', async (_name, lines, options, code, words) => {
    const ended = await bake(lines, ...options);
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
    expect(ended.code).toBe(code);
    expect(await readdir(folder)).toEqual(['lines.json']);
  });

  it('refuses a list that is no JSON, one that is not there, and a manifest that is none', async () => {
    const file = join(folder, 'bad.json');
    await writeFile(file, 'Hello.');
    for (const name of [file, join(folder, 'none.json')]) {
      const ended = await parley('bake', name, '--out', out, ...here);
      expect([ended.code, ended.stderr.includes(name)]).toEqual([5, true]);
    }
    const ended = await parley('bake', await list(['a']), '--out', folder, ...here);
    expect(ended.code).toBe(0);
    await writeFile(join(folder, 'manifest.json'), '{"version":2}');
    const broken = await parley('bake', await list(['a']), '--out', folder, ...here);
    expect([broken.code, broken.stderr]).toEqual([
      5,
      expect.stringMatching(/manifest\.json, version: expected 1/),
    ]);
  });
});

describe('what parley bake tells whoever wrote the list', () => {
  it('names what is wrong in a line and where it stands, and speaks it all the same', async () => {
    const lines = [
      'Wait <pause 0,5s/> here <emfasis>now</emfasis>.',
      { text: 'Hello.', emotin: 'sad', note: 'loud' },
      { text: 'Bye.', emotin: 'sad' },
    ];
    const { code, stderr } = await bake(lines, ...here);
    expect(code).toBe(0);
    expect(stderr.match(/^parley: lines\.json.*$/gm)).toEqual([
      'parley: lines.json: fields that mean nothing here: emotin ([1], [2]), note ([1]).',
      'parley: lines.json, [0]: <pause> is not understood, at "<pause 0,5s/> here <emfa…".',
      'parley: lines.json, [0]: <emfasis> is not known, at "<emfasis>now</emfasis>.".',
      'parley: lines.json, [0]: </emfasis> closes nothing, at "</emfasis>.".',
    ]);
    expect(await baked()).toHaveLength(3);
  }, 60_000);

  it('names lines that are one but for their emotion', async () => {
    const of = (emotion: string) => ({ text: 'Hello.', emotion });
    const { code, stderr } = await bake(['Hello.', of('sad'), of('happy'), of('happy')], ...here);
    expect(code).toBe(0);
    expect(stderr.match(/^parley: lines\.json.*$/gm)).toEqual([
      'parley: lines.json, [1]: the same line as lines.json, [0], which had no emotion: now "sad"; give each an id to keep both.',
      'parley: lines.json, [2]: the same line as lines.json, [1], whose emotion was "sad": now "happy"; give each an id to keep both.',
    ]);
    expect(await baked()).toMatchObject([{ emotion: 'happy' }]);
  }, 60_000);

  it('names a line that failed by its place in the list, and says what will help', async () => {
    const { code, stderr } = await bake(['Hello.', { text: 'Bye.', voice: 'F9' }], ...here);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^parley: \d\/2 bye-\w+ \(lines\.json, \[1\]\): failed\. .*F9/m);
    expect(stderr).toMatch(/Change what was refused\. Run it again to go on\.\n$/);
  }, 60_000);

  it('writes the manifest of an empty list', async () => {
    expect((await bake([], ...here)).code).toBe(0);
    expect(await baked()).toEqual([]);
  });
});

describe('the folder of parley bake', () => {
  const counted = async (script: Script) => {
    const server = await scripted(script);
    return [server, ['--source', 'lokutor', '--url', server.url]] as const;
  };
  const speaks: Script = (socket) => {
    socket.send(rampBytes(4_410));
    socket.send('EOS');
  };

  it("is one run's at a time: a second is refused and loses nothing of the first", async () => {
    const held: (() => void)[] = [];
    const [server, options] = await counted((...args) => void held.push(() => speaks(...args)));
    const first = bake(['One.', 'Two.'], ...options);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await bake(['Three.'], ...here);
    expect([second.code, second.stderr]).toEqual([
      2,
      expect.stringMatching(/^parley: another parley bake \(process \d+\) is writing to .*out; wait for it/),
    ]);
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const speak of held) speak();
    expect((await first).code).toBe(0);
    expect(await baked()).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
    expect((await bake(['Three.'], ...here)).code).toBe(0);
    expect(await baked()).toHaveLength(3);
  }, 60_000);

  it.each(['/proc/self', '/proc/none', '/proc/none/deeper'])(
    'is tried before anything is asked for: %s',
    async (out) => {
      const [server, options] = await counted(speaks);
      const ended = await parley('bake', await list(['One.', 'Two.']), '--out', out, ...options);
      expect(ended.stderr.trim().split('\n').at(-1)).toMatch(/^parley: cannot write to \/proc\/\w+/);
      expect(ended.code).toBe(2);
      expect(server.requests).toEqual([]);
    },
    20_000,
  );
});

describe('parley bake through a service', () => {
  const speaks: Script = (socket) => {
    socket.send(rampBytes(4_410));
    socket.send('EOS');
  };
  const from = (url: string) => ['--source', 'lokutor', '--url', url];

  it('leaves a line that is refused, ends with 3, and asks for that one alone the next time', async () => {
    let refusing = true;
    const server = await scripted((socket, request, nth) => {
      if (refusing && request.text === 'Bad.') socket.send(`ERR: ${KEY} may not use this voice`);
      else speaks(socket, request, nth);
    });
    const url = `${server.url}?api_key=${KEY}`;
    const lines = [
      { id: 'a', text: 'Good.' },
      { id: 'b', text: 'Bad.' },
      { id: 'c', text: 'Better.' },
    ];
    const ended = await bake(lines, ...from(url), '--jobs', '1');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(
      /^parley: 2\/3 b \(lines\.json, \[1\]\): failed\. .*may not use this voice/m,
    );
    expect(ended.stderr).toMatch(/^parley: 1 of 3 lines failed, 2 are done\. .* Run it again to go on\.\n$/m);
    expect(ended.stderr).not.toContain(KEY);
    expect((await baked()).map(({ id }) => id)).toEqual(['a', 'c']);
    refusing = false;
    const before = server.requests.length;
    expect((await bake(lines, ...from(url))).code).toBe(0);
    expect(server.requests.slice(before).map(({ text }) => text)).toEqual(['Bad.']);
    expect((await baked()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  }, 60_000);

  it('keeps the earlier track of a line that breaks off, and ends with 4', async () => {
    let broken = false;
    const server = await scripted((socket, request, nth) => {
      if (!broken) return speaks(socket, request, nth);
      socket.send(rampBytes(441));
      socket.terminate();
    });
    await bake([{ id: 'a', text: 'One.' }], ...from(server.url));
    broken = true;
    const ended = await bake([{ id: 'a', text: 'Two.' }], ...from(server.url));
    expect(ended.code).toBe(4);
    expect(await baked()).toMatchObject([{ id: 'a', text: 'One.' }]);
  }, 60_000);

  it('does not go on asking with a wrong key, nor where nobody answers', async () => {
    const closed = await scripted(speaks, { handshake: () => 401 });
    const lines = Array.from({ length: 20 }, (_, index) => `Line ${index}.`);
    const refused = await bake(lines, ...from(closed.url), '--jobs', '1');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/1 of 20 lines failed, 0 are done\. 19 more were not tried\./);
    expect(closed.handshakes).toHaveLength(1);
    const nobody = await bake(lines, ...from('ws://127.0.0.1:9/ws'), '--jobs', '2');
    expect(nobody.code).toBe(4);
    expect(nobody.stderr).toMatch(/were not tried\. The first: Could not connect/);
    expect(await readdir(folder)).toEqual(['lines.json']);
  }, 60_000);

  it('speaks as many at a time as it is told, and as the account has units', async () => {
    let [active, most] = [0, 0];
    const slowly: Script = async (socket, request, nth) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 60));
      active--;
      speaks(socket, request, nth);
    };
    const lokutor = await scripted(slowly);
    const lines = Array.from({ length: 12 }, (_, index) => `Line ${index}.`);
    expect((await bake(lines, ...from(lokutor.url), '--jobs', '4')).code).toBe(0);
    expect(most).toBe(4);
    most = 0;
    process.env.SMALLEST_API_KEY = KEY;
    process.env.SMALLEST_UNITS = '2';
    const chunk = { status: 'chunk', data: { audio: rampBytes(4_000).toString('base64') } };
    const lightning = await scripted(
      (socket, request, nth) =>
        slowly(
          {
            send: (data: unknown) =>
              socket.send(data === 'EOS' ? '{"status":"complete"}' : JSON.stringify(chunk)),
          } as never,
          request,
          nth,
        ),
      { path: '/waves/v1/tts/live' },
    );
    const options = ['--source', 'lightning', '--url', lightning.url, '--jobs', '6', '--all'];
    expect((await bake(lines, ...options)).code).toBe(0);
    expect(most).toBe(2);
    expect(await baked()).toHaveLength(12);
  }, 60_000);

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'ended by %s, takes up where it stopped',
    async (signal) => {
      const hung: (() => void)[] = [];
      let slow = true;
      const server = await scripted((socket, request, nth) => {
        if (slow && nth >= 4) hung.push(() => socket.terminate());
        else if (slow) setTimeout(() => speaks(socket, request, nth), 400);
        else speaks(socket, request, nth);
      });
      const lines = Array.from({ length: 8 }, (_, index) => ({ id: `${index}`, text: `Line ${index}.` }));
      const args = ['bake', await list(lines), '--out', out, ...from(server.url), '--jobs', '1'];
      const child = spawn(process.execPath, [builtProgram(), ...args], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.on('close', (code, by) => resolve(by ?? code)));
      while (hung.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect((await readdir(out)).includes('.parley-bake.lock')).toBe(signal === 'SIGKILL');
      slow = false;
      const before = server.requests.length;
      expect((await bake(lines, ...from(server.url))).code).toBe(0);
      const asked = server.requests.length - before;
      // A crash may cost the lines of the last second, of which there are two or three.
      expect(asked).toBeGreaterThanOrEqual(4);
      expect(asked).toBeLessThanOrEqual(signal === 'SIGINT' ? 4 : 7);
      expect(await baked()).toHaveLength(8);
    },
    60_000,
  );
});
