import { SHAPE_COUNT } from '../../speech/face-shapes.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { LinePlace } from './line-request.ts';

/** What a reader still passes over. */
export type Skip = { -readonly [Key in keyof LinePlace]: number };

/** What is left of a part for a reader that has so much already; counts it off. */
export function restOf(part: SpeechPart, skip: Skip): SpeechPart | undefined {
  if (part.type === 'end') return part;
  const key = part.type === 'audio' ? 'samples' : part.type;
  const size = sizeOf(part);
  const gone = Math.min(size, skip[key] ?? 0);
  if (gone > 0) skip[key]! -= gone;
  if (gone === 0) return part;
  if (gone === size) return undefined;
  if (part.type === 'audio') return { ...part, samples: part.samples.subarray(gone) };
  if (part.type === 'cues') return { type: 'cues', cues: part.cues.slice(gone) };
  if (part.type === 'words') return { type: 'words', words: part.words.slice(gone) };
  return { ...part, from: part.from + gone, frames: part.frames.subarray(gone * SHAPE_COUNT) };
}

function sizeOf(part: Exclude<SpeechPart, { type: 'end' }>): number {
  if (part.type === 'audio') return part.samples.length;
  if (part.type === 'cues') return part.cues.length;
  return part.type === 'words' ? part.words.length : part.frames.length / SHAPE_COUNT;
}
