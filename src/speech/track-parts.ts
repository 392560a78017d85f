import { SpeechError } from './errors.ts';
import type { SpeechPart } from './part.ts';
import type { Track } from './track.ts';

/** Longest piece of sound, seconds: small enough to be posted to the audio thread at once. */
const PIECE_SECONDS = 0.25;

/**
 * A finished track as a voice source would yield it: words, cues, sound in pieces of at most 0.25 s, end.
 * The pieces are copies, as the receiver may give them away; the track stays whole and may be read any number of times.
 * Where they are `shared` they are views of the track, for a receiver that gives nothing away. Throws a {@link SpeechError} with code `aborted` at the next piece once `signal` aborts.
 */
export async function* trackParts(
  track: Track,
  { signal, shared = false }: { readonly signal?: AbortSignal; readonly shared?: boolean } = {},
): AsyncGenerator<SpeechPart, void, void> {
  const { samples, sampleRate, words, cues, shapes } = track;
  if (signal?.aborted) throw SpeechError.aborted();
  if (words.length > 0) yield { type: 'words', words };
  if (cues.length > 0) yield { type: 'cues', cues };
  if (shapes) {
    const { fps, frames } = shapes;
    yield { type: 'shapes', fps, from: 0, frames: shared ? frames : frames.slice() };
  }
  const piece = Math.max(1, Math.round(PIECE_SECONDS * sampleRate));
  for (let at = 0; at < samples.length; at += piece) {
    if (signal?.aborted) throw SpeechError.aborted();
    yield {
      type: 'audio',
      samples: shared ? samples.subarray(at, at + piece) : samples.slice(at, at + piece),
      sampleRate,
    };
  }
  yield { type: 'end' };
}
