import type { Cue, WordMark } from './cue.ts';
import { cutShapes } from './face-shapes.ts';
import { markupFrom } from './markup.ts';
import type { Track } from './track.ts';

/**
 * What is left of a track from the first word on that ends after `seconds` (line time): sound, cues and words from its
 * start, and the text from there, with the tags that are open there; where it has no words, the sound from `seconds` on and all of the text. Undefined where
 * nothing is left. The sound is not copied: it is a part of the track's.
 */
export function cutTrack(track: Track, seconds: number): Track | undefined {
  const word = track.words.find(({ end }) => end > seconds);
  if (!word && track.words.length > 0) return undefined;
  const first = word ?? { start: seconds, from: 0 };
  const { sampleRate } = track;
  const sample = Math.round(first.start * sampleRate);
  const samples = track.samples.subarray(sample);
  if (samples.length === 0) return undefined;
  const start = sample / sampleRate;
  const duration = samples.length / sampleRate;
  const { text, opened } = markupFrom(track.text, first.from);
  const letters = first.from - opened;
  return {
    ...track,
    text,
    samples,
    duration,
    cues: track.cues.filter((cue) => cue.end > start).map((cue) => moveCue(cue, start, first.from, opened)),
    words: track.words.filter((word) => word.end > seconds).map((word) => moveWord(word, start, letters)),
    ...(track.shapes && { shapes: cutShapes(track.shapes, start, duration) }),
  };
}

/** What belongs to letters before `cut` has no place any more; `opened` letters stand before the others. */
function moveCue({ from, ...cue }: Cue, seconds: number, cut: number, opened: number): Cue {
  const moved = { ...cue, start: Math.max(0, cue.start - seconds), end: cue.end - seconds };
  return from === undefined || from < cut ? moved : { ...moved, from: from - cut + opened };
}

function moveWord(word: WordMark, seconds: number, letters: number): WordMark {
  return {
    ...word,
    start: Math.max(0, word.start - seconds),
    end: word.end - seconds,
    from: word.from - letters,
    to: word.to - letters,
  };
}
