import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cue } from '../../../src/speech/cue.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import { collectTrack, coverWithCues, toLineJson } from '../../../src/speech/track.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';

async function* yielding(...parts: SpeechPart[]): AsyncGenerator<SpeechPart> {
  yield* parts;
}

function audio(length: number, sampleRate = 1_000): SpeechPart {
  return { type: 'audio', samples: new Int16Array(length).fill(length), sampleRate };
}

const request = { text: 'pa', voice: 'F1', lang: 'en' };
const timing = { origin: 'service', confidence: 0.5 } as const;

describe('a track', () => {
  it('keeps a whole line, its cues filled up and its words within it', async () => {
    const parts = yielding(
      { type: 'words', words: [{ text: 'pa', start: 0.1, end: 0.9, from: 0, to: 2 }] },
      { type: 'cues', cues: [{ viseme: 'PP', start: 0.1, end: 0.2, weight: 0.9, from: 0 }] },
      audio(200),
      { type: 'cues', cues: [{ viseme: 'aa', start: 0.2, end: 0.9, weight: 0.7, from: 1 }] },
      audio(301),
      { type: 'end' },
    );
    const track = await collectTrack(parts, request, timing);
    expect(track.samples).toEqual(Int16Array.from([...Array(200).fill(200), ...Array(301).fill(301)]));
    expect(toLineJson(track)).toEqual({
      version: 1,
      ...request,
      sampleRate: 1_000,
      duration: 0.501,
      timing: 'service',
      confidence: 0.5,
      cues: [
        { viseme: 'sil', start: 0, end: 0.1, weight: 1 },
        { viseme: 'PP', start: 0.1, end: 0.2, weight: 0.9 },
        { viseme: 'aa', start: 0.2, end: 0.501, weight: 0.7 },
      ],
      words: [{ text: 'pa', start: 0.1, end: 0.501, from: 0, to: 2 }],
    });
  });

  it('is refused when the line is not whole, is silent, or changes its rate', async () => {
    const collect = (...parts: SpeechPart[]) => collectTrack(yielding(...parts), request, timing);
    await expect(collect(audio(9))).rejects.toMatchObject({ code: 'closed-early' });
    await expect(collect({ type: 'end' })).rejects.toMatchObject({ code: 'empty' });
    await expect(collect(audio(9), audio(9, 2_000), { type: 'end' })).rejects.toMatchObject({
      code: 'protocol',
    });
  });
});

const time = fc.double({ min: 0, max: 4, noNaN: true });
const anyCue: fc.Arbitrary<Cue> = fc
  .tuple(fc.constantFrom(...VISEMES), time, time)
  .map(([viseme, a, b]) => ({ viseme, start: Math.min(a, b), end: Math.max(a, b), weight: 1 }));

describe('cues that cover a line', () => {
  it('go from 0 to its end without gaps or overlaps, whatever came', () => {
    fc.assert(
      fc.property(fc.array(anyCue), fc.double({ min: 0.01, max: 3, noNaN: true }), (cues, duration) => {
        const cover = coverWithCues(cues, duration);
        expect(cover[0]!.start).toBe(0);
        expect(cover.at(-1)!.end).toBe(duration);
        for (const [index, cue] of cover.entries()) {
          expect(cue.end).toBeGreaterThan(cue.start);
          if (index > 0) expect(cue.start).toBe(cover[index - 1]!.end);
        }
      }),
      { seed: 3 },
    );
  });

  it('are left as they are when they cover it already, but for rounding', () => {
    const cues: Cue[] = [
      { viseme: 'sil', start: 0, end: 0.1, weight: 1 },
      { viseme: 'PP', start: 0.1 + 1e-9, end: 0.3, weight: 0.5, from: 4 },
      { viseme: 'aa', start: 0.3 - 1e-9, end: 0.5 - 1e-9, weight: 1 },
    ];
    const cover = coverWithCues(cues, 0.5);
    expect(cover.map((cue) => cue.viseme)).toEqual(['sil', 'PP', 'aa']);
    expect(cover[1]).toMatchObject({ start: 0.1, weight: 0.5, from: 4 });
    expect(cover[2]!.end).toBe(0.5);
  });
});
