import type { Cue, WordMark } from './cue.ts';
import type { Field } from './field.ts';
import type { SourceTiming, TimingOrigin } from './source.ts';
import { clipWords, coverWithCues, type TrackRequest } from './track.ts';
import { VISEMES } from './viseme.ts';

const ORIGINS: readonly TimingOrigin[] = ['service', 'words', 'alignment', 'audio', 'text'];

/** What a track, its `line.json` and its place in a manifest all say of it. */
export interface TrackHead extends TrackRequest {
  readonly sampleRate: number;
  readonly duration: number;
  readonly timing: TimingOrigin;
  readonly confidence: number;
}

/** Reads the fields that stand at the head of a `line.json`. */
export function readHead(field: Field): TrackHead {
  const duration = field.get('duration');
  if (duration.number() <= 0) throw duration.wrong('a number above 0');
  const { origin, confidence } = readTiming(field, 'timing');
  return {
    text: field.get('text').text(),
    voice: field.get('voice').text(),
    lang: field.get('lang').text(),
    sampleRate: readRate(field),
    duration: duration.number(),
    timing: origin,
    confidence,
  };
}

/** The rates that an audio part may have. */
export function readRate(field: Field): number {
  return field.get('sampleRate').whole(8_000, 48_000);
}

/** Origin, which is named `timing` in files and `origin` in tracks, and confidence. */
export function readTiming(field: Field, origin: 'timing' | 'origin'): SourceTiming {
  return { origin: field.get(origin).oneOf(ORIGINS), confidence: field.get('confidence').number(0, 1) };
}

/** Cues of any order, with gaps and overlaps, as a track has them: see {@link coverWithCues}. */
export function readCues(field: Field, duration: number, text: string): Cue[] {
  const cues = field.items().map((cue): Cue => {
    const from = cue.get('from');
    return {
      viseme: cue.get('viseme').oneOf(VISEMES),
      ...readSpan(cue),
      weight: cue.get('weight').number(0, 1),
      ...(from.value === undefined ? {} : { from: from.whole(0, text.length) }),
    };
  });
  return coverWithCues(cues, duration);
}

/** Words of any order as a track has them: in rising order, within the line. Each must stand in the text where it says. */
export function readWords(field: Field, duration: number, text: string): WordMark[] {
  const words = field.items().map((word): WordMark => {
    const from = word.get('from').whole(0, text.length);
    const to = word.get('to').whole(from, text.length);
    const there = text.slice(from, to);
    if (word.get('text').value !== there) {
      throw word.get('text').wrong(`${JSON.stringify(there)}, the text from ${from} to ${to}`);
    }
    return { text: there, ...readSpan(word), from, to };
  });
  return clipWords(words, duration);
}

function readSpan(field: Field): { start: number; end: number } {
  const start = field.get('start').number();
  return { start, end: field.get('end').number(start) };
}
