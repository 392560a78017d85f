import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trackOf } from '../../src/speech/track-of.ts';
import { packTrackAsync } from '../../src/voices/tracks/track-pack.ts';
import { parley } from '../kit/children.ts';
import { bake, baked, folder, here, list, out, writtenAt } from './bake-kit.ts';

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
