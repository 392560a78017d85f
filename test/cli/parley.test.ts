import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeTrack, encodeTrack } from '../../src/pcm/track-file.ts';
import { decodeWav } from '../../src/pcm/wav.ts';
import type { LineJson } from '../../src/speech/track.ts';
import { VISEMES } from '../../src/speech/viseme.ts';
import { type Ended, parley, startGateway, startListening } from '../kit/children.ts';
import { rampBytes, type Script, startScripted } from '../kit/scripted-server.ts';

const KEY = 'sk-canary-7f3a';
const closing: (() => unknown)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});

afterEach(async () => {
  delete process.env.LOKUTOR_API_KEY;
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(): Promise<string> {
  const gateway = await startGateway();
  closing.push(() => gateway.kill());
  return `${gateway.url.replace('http', 'ws')}/ws`;
}

async function scripted(script: Script, status = 101): Promise<string> {
  const server = await startScripted(script, { handshake: () => status });
  closing.push(() => server.close());
  return server.url;
}

async function lineIn(out: string): Promise<{ line: LineJson; samples: Int16Array; sampleRate: number }> {
  expect((await readdir(out)).sort()).toEqual(['line.json', 'line.wav']);
  const line: LineJson = JSON.parse(await readFile(join(out, 'line.json'), 'utf8'));
  const wav = await readFile(join(out, 'line.wav'));
  const json = await readFile(join(out, 'line.json'), 'utf8');
  expect(encodeTrack(decodeTrack({ wav, json }))).toEqual({ wav: new Uint8Array(wav), json });
  return { line, ...decodeWav(wav) };
}

/** Failed in one clear line, with this code, leaving nothing behind. */
async function expectFailure(ended: Ended, code: number, words: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
  expect(ended.stderr).toMatch(words);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(code);
  expect(await readdir(folder)).toEqual([]);
}

describe('parley say', () => {
  const text = 'Hello “traveller”, welcome to 3 villages.';

  it('writes the sound and what is known about it', async () => {
    const ended = await parley('say', text, '--source', 'local', '--voice', 'M2', '--out', folder);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const { line, samples, sampleRate } = await lineIn(folder);
    const { cues, words, ...rest } = line;
    expect(rest).toEqual({
      version: 1,
      text,
      voice: 'M2',
      lang: 'en',
      sampleRate: 44_100,
      duration: samples.length / 44_100,
      timing: 'service',
      confidence: 1,
    });
    expect(sampleRate).toBe(44_100);
    expect(cues[0]!.start).toBe(0);
    expect(cues.at(-1)!.end).toBe(line.duration);
    for (const [index, cue] of cues.entries()) {
      expect(Object.keys(cue)).toEqual(['viseme', 'start', 'end', 'weight']);
      expect(VISEMES).toContain(cue.viseme);
      expect(cue.end).toBeGreaterThan(cue.start);
      if (index > 0) expect(cue.start).toBe(cues[index - 1]!.end);
    }
    expect(words.map((word) => word.text)).toEqual(['Hello', 'traveller', 'welcome', 'to', '3', 'villages']);
    for (const word of words) {
      expect(Object.keys(word)).toEqual(['text', 'start', 'end', 'from', 'to']);
      expect(text.slice(word.from, word.to)).toBe(word.text);
      expect(word.end).toBeLessThanOrEqual(line.duration);
    }
  });

  it('gives the same line through the gateway as without it, from the checkout as documented', async () => {
    const url = await serve();
    const here = await parley(
      'say',
      text,
      '--source',
      'local',
      '--speed',
      '1.3',
      '--out',
      join(folder, 'here'),
    );
    expect(here.code).toBe(0);
    const args = [
      'say',
      text,
      '--source',
      'lokutor',
      '--url',
      url,
      '--speed',
      '1.3',
      '--out',
      join(folder, 'there'),
    ];
    const npm = spawn('npm', ['run', '-s', 'parley', '--', ...args], {
      cwd: join(import.meta.dirname, '../..'),
    });
    expect(await new Promise((resolve) => npm.on('close', resolve))).toBe(0);
    const [near, far] = [await lineIn(join(folder, 'here')), await lineIn(join(folder, 'there'))];
    expect(far.samples).toEqual(near.samples);
    expect(far.line.words.map((word) => word.text)).toEqual(near.line.words.map((word) => word.text));
    for (const [index, word] of far.line.words.entries()) {
      expect(word.start).toBeCloseTo(near.line.words[index]!.start, 3);
    }
    const visemeAt = ({ line }: typeof near, time: number) => line.cues.find((cue) => time < cue.end)!.viseme;
    let [same, all] = [0, 0];
    for (let time = 0.002; time < near.line.duration; time += 0.005, all++) {
      if (visemeAt(near, time) === visemeAt(far, time)) same++;
    }
    expect(same / all).toBeGreaterThan(0.95);
  }, 90_000);

  it('speaks another language, by either name of the source', async () => {
    for (const source of ['local', 'espeak']) {
      const said = [
        'say',
        'Hola, viajero.',
        '--source',
        source,
        '--lang',
        'es',
        '--voice',
        'M1',
        '--out',
        folder,
      ];
      expect(await parley(...said)).toEqual({ code: 0, stdout: '', stderr: '' });
      const { line } = await lineIn(folder);
      expect([line.lang, line.timing, line.words.map((word) => word.text)]).toEqual([
        'es',
        'service',
        ['Hola', 'viajero'],
      ]);
    }
  });

  it('says words as a lexicon has them, reads mark-up, and tells a bad lexicon with exit code 5', async () => {
    const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.json')];
    await writeFile(good, JSON.stringify({ version: 1, words: { en: { Mira: 'ˈpuːbi' } } }));
    await writeFile(bad, JSON.stringify({ version: 1, words: { en: { Mira: 7 } } }));
    const out = join(folder, 'out');
    const marked = '<pause 1s/><em>Mira</em>';
    const said = await parley('say', marked, '--source', 'local', '--lexicon', good, '--out', out);
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    const { line } = await lineIn(out);
    expect(line.words).toMatchObject([{ text: 'Mira', from: marked.indexOf('Mira') }]);
    expect(line.words[0]!.start).toBeGreaterThan(1);
    expect(line.cues.filter((cue) => cue.viseme === 'PP')).toHaveLength(2);
    for (const [file, words] of [
      [bad, /bad\.json, words\.en\.Mira: expected/],
      [join(folder, 'none.json'), /cannot read the lexicon.*none\.json/],
    ] as const) {
      const failed = await parley('say', 'Mira', '--source', 'local', '--lexicon', file, '--out', `${out}2`);
      expect(failed.code).toBe(5);
      expect(failed.stderr).toMatch(words);
    }
    expect((await readdir(folder)).sort()).toEqual(['bad.json', 'good.json', 'out']);
  });

  it('takes a text that begins with a hyphen after --', async () => {
    const ended = await parley(
      'say',
      '--source',
      'local',
      '--out',
      folder,
      '--timeout',
      '20',
      '--',
      '-5 degrees',
    );
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await lineIn(folder)).line.text).toBe('-5 degrees');
  });

  it('writes another sample rate on request', async () => {
    const ended = await parley('say', 'Hello.', '--source', 'local', '--rate', '16000', '--out', folder);
    expect(ended.code).toBe(0);
    const { line, samples, sampleRate } = await lineIn(folder);
    expect([line.sampleRate, sampleRate]).toEqual([16_000, 16_000]);
    expect(line.duration).toBe(samples.length / 16_000);
    expect(line.cues.at(-1)!.end).toBe(line.duration);
  });
});

describe('parley say tells wrong use with exit code 2:', () => {
  it.each<[string, string[], RegExp]>([
    ['no source', ['say', 'Hi', '--out', 'DIR'], /--source/],
    [
      'an unknown source',
      ['say', 'Hi', '--source', 'radio', '--out', 'DIR'],
      /"radio".*local, espeak, lokutor/,
    ],
    ['nothing to say', ['say', ' ', '--source', 'local', '--out', 'DIR'], /no text/],
    [
      'a speed out of range',
      ['say', 'Hi', '--source', 'local', '--speed', '3', '--out', 'DIR'],
      /--speed.*0\.5 to 2/,
    ],
    [
      'a rate out of range',
      ['say', 'Hi', '--source', 'local', '--rate', '', '--out', 'DIR'],
      /--rate.*8000 to 48000/,
    ],
    [
      'an address that is none',
      ['say', 'Hi', '--source', 'lokutor', '--url', `http://x?api_key=${KEY}`, '--out', 'DIR'],
      /ws:\/\//,
    ],
    [
      'a mistyped option',
      ['say', 'Hi', '--source', 'local', '--out', 'DIR', `--ulr=ws://x?api_key=${KEY}`],
      /--ulr/,
    ],
    [
      'a speed that is no decimal number',
      ['say', 'Hi', '--source', 'local', '--speed', '0x1', '--out', 'DIR'],
      /--speed.*"0x1"/,
    ],
    [
      'a text that looks like an option',
      ['say', '-5 degrees', '--source', 'local', '--out', 'DIR'],
      /'-5 degrees'.*after --/,
    ],
    [
      'an address for a source that has none',
      ['say', 'Hi', '--source', 'local', '--url', 'ws://127.0.0.1:9', '--out', 'DIR'],
      /--url.*"local"/,
    ],
    [
      'an address behind a gateway that has none',
      ['serve', '--port', '0', '--upstream', 'ws://127.0.0.1:9'],
      /--upstream.*"local"/,
    ],
    ['a command that does not exist', ['sing', 'Hi'], /sing/],
    ['no command', [], /serve, say, face or visemes/],
  ])('%s', async (_name, args, words) => {
    const ended = await parley(...args.map((arg) => (arg === 'DIR' ? folder : arg)));
    await expectFailure(ended, 2, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each(['line.wav', 'line.json'])('a folder where %s goes, and keeps what was there', async (name) => {
    const other = name === 'line.wav' ? 'line.json' : 'line.wav';
    await mkdir(join(folder, name));
    await writeFile(join(folder, other), 'keep me');
    const ended = await parley('say', 'Hi.', '--source', 'local', '--out', folder);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `parley: cannot write to ${folder}: ${name} there is a folder.\n`,
    ]);
    expect((await readdir(folder)).sort()).toEqual(['line.json', 'line.wav']);
    expect(await readFile(join(folder, other), 'utf8')).toBe('keep me');
  });

  it('a folder that is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'keep me');
    const ended = await parley('say', 'Hi.', '--source', 'local', '--out', file);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `parley: cannot write to ${file}: it is a file, not a folder.\n`,
    ]);
    expect(await readFile(file, 'utf8')).toBe('keep me');
  });
});

describe('parley say leaves nothing behind and shows no key when', () => {
  const some: Script = (socket) => socket.send(rampBytes(4_410));

  it.each<[string, Script, number, RegExp]>([
    [
      'the service refuses',
      (socket) => socket.send(`ERR: ${KEY} may not use this voice`),
      3,
      /may not use this voice/,
    ],
    [
      'it breaks off',
      (socket) => socket.send(rampBytes(4_410), () => socket.terminate()),
      4,
      /closed before/,
    ],
    ['it talks nonsense', (socket) => socket.send(`nonsense ${KEY}`), 4, /Expected/],
    ['it stalls', some, 4, /stalled/],
    ['it says nothing', () => {}, 4, /No audio/],
  ])('%s', async (_name, script, code, words) => {
    process.env.LOKUTOR_API_KEY = KEY;
    const url = await scripted(script);
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      url,
      '--timeout',
      '0.4',
      '--out',
      folder,
    );
    await expectFailure(ended, code, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each([
    [401, 3, /401/],
    [429, 3, /429/],
    [500, 4, /connect/],
  ])('the handshake is answered with %i', async (status, code, words) => {
    const url = await scripted(() => {}, status);
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      `${url}?api_key=${KEY}`,
      '--out',
      folder,
    );
    await expectFailure(ended, code, words);
    expect(ended.stderr).not.toContain(KEY);
  });

  it('nobody is there', async () => {
    const ended = await parley(
      'say',
      'Hi',
      '--source',
      'lokutor',
      '--url',
      `ws://127.0.0.1:9/?api_key=${KEY}`,
      '--out',
      folder,
    );
    await expectFailure(ended, 4, /Could not connect to ws:\/\/127\.0\.0\.1:9\//);
    expect(ended.stderr).not.toContain(KEY);
  });

  it.each(['👋🏽', '你好'])('there is nothing to say in %s, here or behind a gateway', async (text) => {
    const reason =
      'there is nothing in this text that English voices can say; give it English words or numbers.';
    const here = await parley('say', text, '--source', 'local', '--out', folder);
    await expectFailure(here, 3, /local voices refused/);
    expect(here.stderr).toBe(`parley: local voices refused the line: ${reason}\n`);
    const url = await serve();
    const there = await parley('say', text, '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(there, 3, /ws:/);
    expect(there.stderr).toBe(`parley: ${url} refused the line: ${reason}\n`);
  });

  it('local voices take longer than they may', async () => {
    await expectFailure(
      await parley('say', 'Hi', '--source', 'local', '--timeout', '0.01', '--out', folder),
      4,
      /No audio from local voices within 0\.01 s/,
    );
  });

  it('the voice does not exist', async () => {
    await expectFailure(
      await parley('say', 'Hi', '--source', 'local', '--voice', 'X1', '--out', folder),
      3,
      /"X1"/,
    );
  });
});

describe('parley --version', () => {
  it('tells the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await parley('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('parley serve', () => {
  it('says exactly where it listens, and stops when it is told to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'serve', '--port', '0'], {
      cwd: join(import.meta.dirname, '../..'),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: 20_000 }).toMatch(/\n$/);
    expect(output).toMatch(/^parley gateway listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    const url = output.split(' ').at(-1)!.trim();
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok', source: 'local' });
    const code = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('tells a port in use, and a wrong one, with exit code 2', async () => {
    const url = await serve();
    const port = new URL(url).port;
    await expectFailure(await parley('serve', '--port', port), 2, new RegExp(`port ${port} is in use`));
    await expectFailure(await parley('serve', '--port', '70000'), 2, /--port/);
    await expectFailure(await parley('serve', '--source', 'radio'), 2, /"radio"/);
  });

  it('plays the services as it is told, and tells wrong settings with exit code 2', async () => {
    const gateway = await startListening(
      'src/cli/main.ts',
      ...['serve', '--port', '0', '--units', '2', '--variant', 'handshake=503', '--variant', 'end=json'],
    );
    closing.push(() => gateway.kill());
    const url = `${gateway.url.replace('http', 'ws')}/ws`;
    const said = await parley('say', 'Hi', '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(said, 3, /HTTP 503/);
    await expectFailure(await parley('serve', '--variant', 'end'), 2, /--variant.*name=choice/);
    await expectFailure(await parley('serve', '--variant', 'ends=x'), 2, /one of handshake.*"ends"/);
    await expectFailure(await parley('serve', '--units', '0'), 2, /--units.*1 to 1000/);
  });

  it('stands before a service, whose key stays with it', async () => {
    process.env.LOKUTOR_API_KEY = KEY;
    const service = await startScripted((socket, { text }) => {
      socket.send(rampBytes(4_410));
      socket.send(text === 'fail' ? `ERR: ${KEY} is spent` : 'EOS');
    });
    closing.push(() => service.close());
    const gateway = await startListening(
      'src/cli/main.ts',
      'serve',
      '--port',
      '0',
      '--source',
      'lokutor',
      '--upstream',
      service.url,
    );
    closing.push(() => gateway.kill());
    delete process.env.LOKUTOR_API_KEY;
    const url = `${gateway.url.replace('http', 'ws')}/ws`;
    const failed = await parley('say', 'fail', '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(failed, 3, /is spent/);
    expect(failed.stderr).not.toContain(KEY);
    expect((await parley('say', 'Hi', '--source', 'lokutor', '--url', url, '--out', folder)).code).toBe(0);
    expect((await lineIn(folder)).samples).toHaveLength(4_410);
    expect(service.handshakes.every((path) => path.includes(KEY))).toBe(true);
  });
});
