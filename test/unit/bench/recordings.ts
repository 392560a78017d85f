/** Recordings that were never made: coded lines laid into silence by hand, so that everything about them is known. */
import type { CodedLine } from '../../bench/sync/coded/coded-line.ts';
import type { FrameLog, OutputPair, Recording } from '../../bench/sync/recording.ts';

/** Rate of the context, Hz. */
export const RATE = 48_000;

/** A piece of a line's reference at a place of the recording. */
export interface Laid {
  readonly line: number;
  readonly at: number;
  readonly start: number;
  readonly frames: number;
  /** Frames that fade in from what stood there before, and out at the end; straight lines. */
  readonly fadeIn?: number;
  readonly fadeOut?: number;
}

/** Silence with pieces laid into it; a piece that overlaps the one before is faded over it. */
export function lay(
  length: number,
  references: readonly Float32Array[],
  pieces: readonly Laid[],
): Float32Array {
  const sound = new Float32Array(length);
  for (const { line, at, start, frames, fadeIn = 0, fadeOut = 0 } of pieces) {
    for (let index = 0; index < frames; index++) {
      const up = fadeIn > 0 ? Math.min(1, (index + 0.5) / fadeIn) : 1;
      const down = fadeOut > 0 ? Math.min(1, (frames - index - 0.5) / fadeOut) : 1;
      sound[at + index] = sound[at + index]! * (1 - up) + up * down * references[line]![start + index]!;
    }
  }
  return sound;
}

/** What a perfect device tells, with dropouts: from a context time on, all is later by so many milliseconds. */
export function pairsOf(
  seconds: number,
  dropouts: readonly (readonly [from: number, ms: number])[] = [],
  noiseMs: (index: number) => number = () => 0,
): OutputPair[] {
  return Array.from({ length: Math.round(seconds * 40) }, (_, index) => {
    const contextTime = index / 40;
    const late = dropouts.reduce((sum, [from, ms]) => (contextTime >= from ? sum + ms : sum), 0);
    return { contextTime, ms: 5_000 + 1000 * contextTime + late + noiseMs(index) };
  });
}

/** A run of one line on a perfect device, whose face is `offsetMs` after its sound (before it where negative). */
export function recordingOf(
  sound: Float32Array,
  seconds: number,
  options: {
    readonly line: CodedLine;
    /** Line time, seconds, that is heard at a context time. */
    readonly heardAt: (contextTime: number) => number;
    /** Line time, seconds, that the player's map tells for a context time. Default: the truth. */
    readonly mapAt?: (contextTime: number) => number;
    readonly offsetMs?: number;
    readonly pairs?: readonly OutputPair[];
    /** When the audio of a line time, seconds, was there, milliseconds. Default: all of it at once, before the rest. */
    readonly arrivedMs?: (lineTime: number) => number;
  },
): Recording {
  const { line, heardAt, mapAt = heardAt, offsetMs = 0, pairs = pairsOf(seconds) } = options;
  const { arrivedMs = () => 5_000 } = options;
  const part = line.sampleRate / 50;
  const frames: FrameLog[] = [];
  for (let ms = 5_000; ms < 5_000 + 1000 * seconds; ms += 16.7) {
    const playhead = heardAt((ms - 5_000 - offsetMs) / 1000);
    frames.push({ ms, line: 0, playhead, gapMm: gapAt(line, playhead), targetMs: 40 });
  }
  const map = Array.from({ length: Math.floor((seconds * RATE) / 13) }, (_, index) =>
    mapAt((13 * index) / RATE),
  );
  return {
    timeOrigin: 0,
    sampleRate: RATE,
    frames,
    arrivals: Array.from({ length: line.samples.length / part }, (_, index) => ({
      line: 0,
      ms: arrivedMs((index * part) / line.sampleRate),
      samples: part,
    })),
    pairs,
    lines: [{ text: line.text, outcome: 'finished', mapFrom: 0, mapStep: 13, map }],
    sound: [{ frame: 0, count: sound.length }],
    walls: Array.from(
      { length: Math.ceil(sound.length / 128) },
      (_, index) => 5_000 + (128_000 * index) / RATE,
    ),
    samples: sound,
  };
}

/** Lips that open within 100 ms, half of it before the sound. */
function gapAt({ bursts }: CodedLine, seconds: number): number {
  let open = 0;
  for (const { start, end } of bursts) {
    const into = Math.min(seconds - start, end - seconds) / 0.1 + 0.5;
    open = Math.max(open, Math.min(1, Math.max(0, into)));
  }
  return 10 * open;
}
