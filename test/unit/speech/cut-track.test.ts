import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTrack } from '../../../src/speech/cut-track.ts';
import { createTrack, type Track } from '../../../src/speech/track.ts';

const RATE = 16_000;

/** Words of half a second each, with a cue for each half of them. */
function track(text: string): Track {
  const words = Array.from(text.matchAll(/\p{L}+/gu), ({ 0: word, index }, n) => ({
    text: word,
    start: n / 2,
    end: (n + 1) / 2,
    from: index,
    to: index + word.length,
  }));
  const cues = words.flatMap(({ start, from }) => [
    { viseme: 'PP' as const, start, end: start + 0.25, weight: 1, from },
    { viseme: 'aa' as const, start: start + 0.25, end: start + 0.5, weight: 1, from },
  ]);
  const samples = Int16Array.from({ length: (words.length * RATE) / 2 }, (_, n) => n % 30_000);
  const timing = { origin: 'service', confidence: 1 } as const;
  return createTrack({ text, voice: 'F1', lang: 'en' }, [samples], RATE, cues, words, timing);
}

describe('what is left of a track', () => {
  it('begins with the word that was cut, and its text, cues and sound go with it', () => {
    const whole = track('One two, three');
    const rest = cutTrack(whole, 0.7)!;
    expect(rest).toMatchObject({ text: 'two, three', duration: 1 });
    expect(rest.samples).toEqual(whole.samples.slice(RATE / 2));
    expect(rest.samples.buffer).toBe(whole.samples.buffer);
    expect(rest.words).toEqual([
      { text: 'two', start: 0, end: 0.5, from: 0, to: 3 },
      { text: 'three', start: 0.5, end: 1, from: 5, to: 10 },
    ]);
    expect(rest.cues[0]).toEqual({ viseme: 'PP', start: 0, end: 0.25, weight: 1, from: 0 });
    expect(rest.cues.at(-1)).toMatchObject({ end: 1, from: 5 });
  });

  it('is nothing after the last word', () => {
    expect(cutTrack(track('One two'), 1)).toBeUndefined();
  });

  it('is cut at the sample where there are no words', () => {
    const bare = { ...track('One two'), words: [] };
    expect(cutTrack(bare, 0.3)).toMatchObject({ text: 'One two', duration: 0.7 });
    expect(cutTrack(bare, 1)).toBeUndefined();
  });

  it('keeps words in their text and cues over the whole duration', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2.49, noNaN: true }), (seconds) => {
        const rest = cutTrack(track('Ay bee cee dee ee'), seconds)!;
        for (const { text, from, to } of rest.words) expect(rest.text.slice(from, to)).toBe(text);
        expect(rest.cues[0]!.start).toBe(0);
        expect(rest.cues.at(-1)!.end).toBeCloseTo(rest.duration, 9);
      }),
      { seed: 3 },
    );
  });
});
