/** Finished tracks for tests, of any content. */
import fc from 'fast-check';
import type { Cue, WordMark } from '../../src/speech/cue.ts';
import type { TimingOrigin } from '../../src/speech/source.ts';
import { coverWithCues, type Track } from '../../src/speech/track.ts';
import { VISEMES } from '../../src/speech/viseme.ts';

const ORIGINS: readonly TimingOrigin[] = ['service', 'words', 'alignment', 'audio', 'text'];

const share = fc.double({ min: 0, max: 1, noNaN: true });

const anyCue = fc.record({ viseme: fc.constantFrom(...VISEMES), start: share, end: share, weight: share });

/** Any track that keeps the promises of the type. */
export const anyTrack: fc.Arbitrary<Track> = fc
  .record({
    text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    voice: fc.string({ maxLength: 6 }),
    lang: fc.constantFrom('en', 'de', 'pt-BR', ''),
    samples: fc
      .array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 400 })
      .map((list) => Int16Array.from(list)),
    sampleRate: fc.integer({ min: 8_000, max: 48_000 }),
    timing: fc.record({ origin: fc.constantFrom(...ORIGINS), confidence: share }),
    cues: fc.array(anyCue, { maxLength: 8 }),
    cuts: fc.array(share, { maxLength: 6 }),
  })
  .map(({ cues, cuts, ...rest }) => {
    const duration = rest.samples.length / rest.sampleRate;
    const scaled = cues.map(({ start, end, ...cue }) => ({
      ...cue,
      start: Math.min(start, end) * duration,
      end: Math.max(start, end) * duration,
    }));
    return {
      ...rest,
      duration,
      cues: coverWithCues(scaled as Cue[], duration),
      words: wordsAt(cuts, rest.text, duration),
    };
  });

/** Words one after the other, at shares of the text and of the line. */
function wordsAt(cuts: readonly number[], text: string, duration: number): WordMark[] {
  const places = [...new Set(cuts)].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = places[index]!;
    const from = Math.floor(start * text.length);
    const to = Math.max(from, Math.floor(end * text.length));
    return { text: text.slice(from, to), start: start * duration, end: end * duration, from, to };
  });
}
