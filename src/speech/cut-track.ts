import type { Cue, WordMark } from './cue.ts';
import { cutShapes } from './face-shapes.ts';
import type { Track } from './track.ts';

/**
 * What is left of a track from the first word on that ends after `seconds` (line time): sound, cues and words from its
 * start, and the text from there; where it has no words, the sound from `seconds` on and all of the text. Undefined where
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
  return {
    ...track,
    text: track.text.slice(first.from),
    samples,
    duration,
    cues: track.cues.filter((cue) => cue.end > start).map((cue) => moveCue(cue, start, first.from)),
    words: track.words.filter((word) => word.end > seconds).map((word) => moveWord(word, start, first.from)),
    ...(track.shapes && { shapes: cutShapes(track.shapes, start, duration) }),
  };
}

function moveCue({ from, ...cue }: Cue, seconds: number, letters: number): Cue {
  const moved = { ...cue, start: Math.max(0, cue.start - seconds), end: cue.end - seconds };
  return from === undefined || from < letters ? moved : { ...moved, from: from - letters };
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
