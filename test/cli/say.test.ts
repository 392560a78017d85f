import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VISEMES } from '../../src/speech/viseme.ts';
import { parley } from '../kit/children.ts';
import { folder, lineIn, serve } from './say-kit.ts';

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

  it('tells what is wrong in the mark-up, and says the text all the same', async () => {
    const said = await parley('say', 'Wait <pause 0,5s/> here.', '--source', 'local', '--out', folder);
    expect([said.code, said.stderr]).toEqual([
      0,
      'parley: <pause> is not understood, at "<pause 0,5s/> here.".\n',
    ]);
    expect((await lineIn(folder)).line.words.map((word) => word.text)).toEqual(['Wait', 'here']);
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
