import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/pcm/wav.ts';
import { VISEMES } from '../../src/speech/viseme.ts';
import { localVoices } from '../../src/synth/local-voices.ts';
import { speakSentences } from '../bench/visemes/spoken.ts';
import { parley } from '../kit/children.ts';
import { collect } from '../kit/collect.ts';

let folder = '';
let wav = '';
let text = '';
let seconds = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-visemes-'));
  wav = join(folder, 'in.wav');
  const [line] = await speakSentences(1);
  await writeFile(wav, encodeWav(line!));
  ({ text, seconds } = line!);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('parley visemes', () => {
  it('writes the frozen JSON, with text and without', async () => {
    const out = join(folder, 'out.json');
    const { code, stderr } = await parley('visemes', wav, '--text', text, '--frames', '60', '--out', out);
    expect([code, stderr]).toEqual([0, '']);
    const line = JSON.parse(await readFile(out, 'utf8'));
    expect(line).toMatchObject({
      version: 1,
      text,
      lang: 'en',
      sampleRate: 16_000,
      duration: seconds,
      timing: 'alignment',
    });
    expect(line.confidence).toBeGreaterThan(0.9);
    let reached = 0;
    for (const cue of line.cues) {
      expect(cue.start).toBe(reached);
      expect(VISEMES).toContain(cue.viseme);
      reached = cue.end;
    }
    expect(reached).toBe(line.duration);
    expect(line.words.map((word: { text: string }) => word.text).join(' ')).toBe(text.replace(/[.,!?]/g, ''));
    expect(line.frames).toMatchObject({ fps: 60, names: VISEMES });
    expect(line.frames.weights).toHaveLength(Math.ceil(line.duration * 60));
    expect(line.frames.weights.every((row: number[]) => row.length === 15)).toBe(true);

    expect((await parley('visemes', wav, '--out', out)).code).toBe(0);
    const alone = JSON.parse(await readFile(out, 'utf8'));
    expect(alone).toMatchObject({ timing: 'audio', text: '', words: [] });
    expect(alone.frames).toBeUndefined();
  });

  it('reads words as a lexicon has them, and text with mark-up, whose places it keeps', async () => {
    const [lexicon, out] = [join(folder, 'words.json'), join(folder, 'mira.json')];
    const words = { Mira: 'ˈpuːbi', NPC: { say: 'map' } };
    await writeFile(lexicon, JSON.stringify({ version: 1, words: { en: words } }));
    // What is heard is "My pooby's map"; nothing but the lexicon tells that this is what is written.
    const source = localVoices({ sampleRate: 16_000 });
    const { samples } = await collect(
      source.speak({ text: "My pooby's map." }, new AbortController().signal),
    );
    source.dispose();
    const spoken = join(folder, 'mira.wav');
    await writeFile(spoken, encodeWav({ samples: Int16Array.from(samples), sampleRate: 16_000 }));
    const written = "My <em>Mira's</em> NPC.";
    const cuesWith = async (told: string, ...options: string[]) => {
      const ended = await parley('visemes', spoken, '--text', written, '--out', out, ...options);
      expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(told)]);
      const line = JSON.parse(await readFile(out, 'utf8'));
      expect(line.text).toBe(written);
      for (const { from, to, text: word } of line.words) expect(written.slice(from, to)).toBe(word);
      return line as { cues: { viseme: string }[]; words: { text: string }[] };
    };
    const known = await cuesWith('^$', '--lexicon', lexicon);
    expect(known.cues.filter(({ viseme }) => viseme === 'PP')).toHaveLength(5); // m p b m p
    expect(known.words.map(({ text }) => text)).toEqual(['My', "Mira's", 'NPC']);
    // Without it other words are heard than are written, and no times are made up for them.
    expect((await cuesWith('of 3 words were heard')).words.length).toBeLessThan(3);
    const none = await parley('visemes', spoken, '--lexicon', join(folder, 'none.json'), '--out', out);
    expect([none.code, none.stderr]).toEqual([5, expect.stringMatching(/cannot read the lexicon/)]);
  });

  it('says where the text hardly fits, and what is wrong in its mark-up', async () => {
    const out = join(folder, 'other.json');
    const line = async (told: string) => {
      const { code, stderr } = await parley('visemes', wav, '--text', told, '--out', out);
      expect(code).toBe(0);
      return { stderr, ...JSON.parse(await readFile(out, 'utf8')) };
    };
    const unheard = 'Purple elephants juggle seven cucumbers beneath Vesuvius.';
    const more = await line(`${text} ${unheard}`);
    expect(more.stderr).toMatch(
      /^parley: the text hardly fits the sound \(0\.\d+\): \d+ of \d+ words were heard\.\n$/,
    );
    expect(more.words.map((word: { text: string }) => word.text).join(' ')).toBe(text.replace(/[.,!?]/g, ''));
    const wrong = await line(unheard);
    expect(wrong.stderr).toMatch(/^parley: the text hardly fits .* [0-3] of 7 words were heard\.\n$/);
    expect(wrong.timing).toBe('audio');
    const marked = await line(`<em>${text}`);
    expect(marked.stderr).toMatch(/^parley: .*"<em>.*\n$/);
  });

  it('times a text at a usual pace where there is no recording yet', async () => {
    const out = join(folder, 'draft.json');
    const written = 'My <em>baby</em> brother <pause 2s/> wants more soup.';
    const ended = await parley('visemes', '--text', written, '--frames', '30', '--out', out);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const line = JSON.parse(await readFile(out, 'utf8'));
    expect(line).toMatchObject({ text: written, timing: 'text' });
    const words: { text: string; start: number; end: number }[] = line.words;
    expect(words.map((word) => word.text)).toEqual(['My', 'baby', 'brother', 'wants', 'more', 'soup']);
    expect(words[3]!.start - words[2]!.end).toBeCloseTo(2, 2);
    expect(line.duration - 2).toBeGreaterThan(1);
    expect(line.duration - 2).toBeLessThan(4);
    expect(line.cues.filter(({ viseme }: { viseme: string }) => viseme === 'PP').length).toBeGreaterThan(5);
    const none = await parley('visemes', '--out', out);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/expected a \.wav/)]);
    const strange = await parley('visemes', '--text', 'Hej', '--lang', 'sv', '--out', out);
    expect([strange.code, strange.stderr]).toEqual([2, expect.stringMatching(/en, es, fr/)]);
  });

  it('makes the folder of its file', async () => {
    const out = join(folder, 'new', 'deeper', 'line.json');
    expect((await parley('visemes', wav, '--out', out)).code).toBe(0);
    expect(JSON.parse(await readFile(out, 'utf8')).version).toBe(1);
  });

  it('says what is wrong, with the exit codes scripts rely on, and leaves no file', async () => {
    const bad = join(folder, 'bad.wav');
    await writeFile(bad, 'no sound');
    const out = join(folder, 'none.json');
    expect((await parley('visemes', bad, '--out', out)).code).toBe(5);
    expect((await parley('visemes', join(folder, 'missing.wav'), '--out', out)).code).toBe(5);
    expect((await parley('visemes', wav)).code).toBe(2);
    expect((await parley('visemes', wav, '--frames', 'many', '--out', out)).code).toBe(2);
    const nowhere = await parley('visemes', wav, '--out', folder);
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      expect.stringMatching(/^parley: cannot write to \S+: parley-visemes-\w+ there is a folder\.\n$/),
    ]);
    expect((await parley('visemes', wav, '--out', join(bad, 'x.json'))).stderr).toMatch(
      /is a file, not a fold/,
    );
    expect((await readdir(folder)).filter((name) => name.includes('none') || name.includes('.part'))).toEqual(
      [],
    );
  });
});
