/** When each character of a text is spoken, and the chunks in which ElevenLabs sends that with the sound. */
import type { SpokenText } from '../spoken-text.ts';

/** A character with its times, seconds from the first sample of its text. */
export interface SpokenCharacter {
  readonly char: string;
  readonly start: number;
  readonly end: number;
}

/** Each letter of a word has an equal part of its time; what lies between words has the time between them. */
export function charactersOf(text: string, { samples, sampleRate, words }: SpokenText): SpokenCharacter[] {
  const made: SpokenCharacter[] = [];
  let at = 0;
  let time = 0;
  const spread = (until: number, end: number) => {
    const chars = [...text.slice(at, until)];
    const step = (end - time) / chars.length;
    for (const [nth, char] of chars.entries())
      made.push({ char, start: time + nth * step, end: time + (nth + 1) * step });
    if (chars.length > 0) time = end;
    at = until;
  };
  for (const { from, to, start, end } of words) {
    if (from > at) spread(from, start);
    time = start;
    spread(to, end);
  }
  spread(text.length, samples.length / sampleRate);
  return made;
}

/** A piece of sound and the characters that are told with it. */
export interface Chunk {
  readonly samples: Int16Array;
  readonly chars: readonly SpokenCharacter[];
  /** From where the times of its characters count, seconds. */
  readonly origin: number;
}

/**
 * Chunks of so many characters, also in the midst of words, each with the sound of its own; or, without `synced`, the
 * characters of all with the first, as a client is told that does not ask for `sync_alignment`.
 */
export function chunksOf(
  spoken: SpokenText,
  chars: readonly SpokenCharacter[],
  { length, synced }: { length: number; synced: boolean },
): Chunk[] {
  const { samples, sampleRate } = spoken;
  const chunks: Chunk[] = [];
  let from = 0;
  for (let at = 0; at < chars.length; at += length) {
    const own = chars.slice(at, at + length);
    const next = chars[at + length];
    const to = next ? Math.round(next.start * sampleRate) : samples.length;
    const told = synced ? own : at === 0 ? chars : [];
    chunks.push({ samples: samples.slice(from, to), chars: told, origin: from / sampleRate });
    from = to;
  }
  return chunks;
}

/** The times of a chunk as they go over the wire: whole milliseconds from the chunk's own beginning. */
export function alignmentOf({ chars, origin }: Chunk): Record<string, unknown> | null {
  if (chars.length === 0) return null;
  const starts = chars.map(({ start }) => Math.max(0, Math.round((start - origin) * 1000)));
  return {
    chars: chars.map(({ char }) => char),
    charStartTimesMs: starts,
    charDurationsMs: chars.map(({ end }, nth) =>
      Math.max(0, Math.round((end - origin) * 1000) - starts[nth]!),
    ),
  };
}
