import type { Cue } from '../../speech/cue.ts';
import { VISEME_INDEX } from '../../speech/viseme.ts';
import { HOP } from './mel.ts';

/** Units that services have been seen to send times in, as parts of a second: milliseconds, and ticks of 100 ns. */
const UNITS = [1, 1e-3, 1e-7] as const;
/** How far the zero of a service's times may be off, seconds; and the steps in which it is looked for. */
const FURTHEST = 0.8;
const STEP = 0.01;
/** A shift is worth making if each frame becomes this much more likely, natural logarithm. */
const WORTH = 0.12;
/** A smaller shift than this is not seen, seconds. */
const UNSEEN = 0.02;
const LEAST = 0.02;

/** What was wrong with the times of a service. */
export interface Repair {
  readonly cues: Cue[];
  /** Seconds in one unit of the times as they came. */
  readonly unit: number;
  /** What was added to all times, seconds. */
  readonly shift: number;
  /** How well the cues fit the sound, mean probability of the shape shown: 0 to 1. */
  readonly fit: number;
}

/**
 * Holds the times of a service against what is heard and mends what is wrong with all of them alike: another unit, another
 * zero (a silence at the start not counted, marks that come late). `heard`: for each frame of {@link HOP} seconds the
 * probability of each viseme; `duration` in seconds.
 */
export function repairCues(cues: readonly Cue[], heard: readonly Float32Array[], duration: number): Repair {
  const last = cues.reduce((latest, cue) => Math.max(latest, cue.end), 0);
  const unit = UNITS.find((each) => last * each <= duration + FURTHEST) ?? 1;
  const scaled = cues.map((cue) => ({ ...cue, start: cue.start * unit, end: cue.end * unit }));
  let best = { shift: 0, score: likelihood(scaled, heard, 0) };
  const asTold = best.score;
  for (let steps = 1; steps * STEP <= FURTHEST; steps++) {
    for (const shift of [steps * STEP, -steps * STEP]) {
      const score = likelihood(scaled, heard, shift);
      if (score > best.score) best = { shift, score };
    }
  }
  const worth = best.score - asTold > WORTH && Math.abs(best.shift) >= UNSEEN;
  const shift = worth ? best.shift : 0;
  const mended = scaled
    .map((cue) => ({
      ...cue,
      start: clamp(cue.start + shift, duration),
      end: clamp(cue.end + shift, duration),
    }))
    .filter((cue) => cue.end > cue.start);
  return { cues: mended, unit, shift, fit: fitOf(mended, heard) };
}

const clamp = (time: number, duration: number): number => Math.min(Math.max(time, 0), duration);

/** Mean log probability of the shapes shown, silence between them. */
function likelihood(cues: readonly Cue[], heard: readonly Float32Array[], shift: number): number {
  let sum = 0;
  each(cues, heard.length, shift, (frame, viseme) => {
    sum += Math.log(heard[frame]![viseme]! + LEAST);
  });
  return sum / Math.max(heard.length, 1);
}

function fitOf(cues: readonly Cue[], heard: readonly Float32Array[]): number {
  let sum = 0;
  each(cues, heard.length, 0, (frame, viseme) => {
    sum += heard[frame]![viseme]!;
  });
  return sum / Math.max(heard.length, 1);
}

function each(
  cues: readonly Cue[],
  frames: number,
  shift: number,
  visit: (frame: number, viseme: number) => void,
): void {
  let next = 0;
  for (let frame = 0; frame < frames; frame++) {
    const time = (frame + 0.5) * HOP - shift;
    while (next < cues.length && cues[next]!.end <= time) next++;
    const cue = cues[next];
    visit(frame, cue && cue.start <= time ? VISEME_INDEX[cue.viseme] : 0);
  }
}
