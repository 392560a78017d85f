import { smoothStep } from '../lipsync/smooth.ts';
import { CHANNEL } from './channels.ts';
import { drawn } from './noise.ts';

const {
  eyeBlinkLeft: EYE_BLINK_LEFT,
  eyeBlinkRight: EYE_BLINK_RIGHT,
  eyeSquintLeft: EYE_SQUINT_LEFT,
  eyeSquintRight: EYE_SQUINT_RIGHT,
} = CHANNEL;

/*
 * Rate: 17 blinks a minute at rest and 26 in conversation (Bentivoglio et al. 1997); between them here, 21.
 * Shape: the lid closes in 75 to 100 ms and opens in about twice that, slowing down towards the end (Trutoiu et al.
 * 2011, Evinger et al. 1991). About one blink in ten is followed at once by a second.
 */
/** Length of a slot in which at most one blink begins, seconds. */
const SLOT = 2.6;
/** How many slots have a blink. */
const SHARE = 0.82;
/** How many blinks are double. */
const DOUBLE = 0.1;
const CLOSING = 0.085;
const CLOSED = 0.03;
const OPENING = 0.21;
/** From the start of a blink to the end of its lid movement, seconds. */
export const BLINK_SECONDS = CLOSING + CLOSED + OPENING;
/** From the first to the second of a double blink, seconds. */
const AGAIN = BLINK_SECONDS + 0.02;

/** How far the lid is closed, 0 to 1, `time` seconds after the start of a blink. */
export function lidAt(time: number): number {
  if (time <= 0 || time >= BLINK_SECONDS) return 0;
  if (time < CLOSING) return smoothStep(time / CLOSING);
  const open = 1 - Math.max(time - CLOSING - CLOSED, 0) / OPENING;
  return open * open * (3 - 2 * open) * (0.6 + 0.4 * open);
}

/** When the blink of a slot begins, seconds; NaN where it has none. Never nearer than a whole blink to the next slot. */
export function blinkStart(chances: Float64Array, slot: number): number {
  if (drawn(chances, slot * 4) >= SHARE) return Number.NaN;
  return (slot + drawn(chances, slot * 4 + 1) * (1 - (AGAIN + BLINK_SECONDS) / SLOT)) * SLOT;
}

/** Adds the blinks of a moment (seconds on any clock) to the pose: a pure function of `chances` and `time`. */
export function addBlinks(pose: Float32Array, chances: Float64Array, time: number): void {
  const slot = Math.floor(time / SLOT);
  const since = time - blinkStart(chances, slot);
  if (!(since > 0)) return;
  const again = drawn(chances, slot * 4 + 2) < DOUBLE ? lidAt(since - AGAIN) : 0;
  const depth = 0.9 + 0.1 * drawn(chances, slot * 4 + 3);
  const lid = depth * Math.max(lidAt(since), again);
  if (lid === 0) return;
  pose[EYE_BLINK_LEFT] = pose[EYE_BLINK_LEFT]! + lid;
  pose[EYE_BLINK_RIGHT] = pose[EYE_BLINK_RIGHT]! + lid;
  pose[EYE_SQUINT_LEFT] = pose[EYE_SQUINT_LEFT]! + 0.12 * lid;
  pose[EYE_SQUINT_RIGHT] = pose[EYE_SQUINT_RIGHT]! + 0.12 * lid;
}
