/**
 * Fields of the moment that a face shows. Numbers go from step to step in an array, because one that is handed over by
 * itself may be put on the heap.
 */
export const MOMENT = {
  /** Seconds on a steady clock. */
  time: 0,
  /** Line time of the line that has the mouth, seconds; 0 before its first sample. */
  playhead: 1,
  /** How much the character speaks: the gain of its mouth, 0 to 1. */
  speaking: 2,
  /** How long the line was about to begin before its first sound, seconds. */
  waited: 3,
  /** How much of the face the frames of the line have, 0 to 1. */
  framed: 4,
} as const;

/** Length of an array with the fields of {@link MOMENT}. */
export const MOMENT_LENGTH = 5;

/** A moment of silence, at time 0. */
export function createMoment(): Float64Array {
  return new Float64Array(MOMENT_LENGTH);
}

/** A moment at which the character speaks, all of it. */
export const SPEAKING: Float64Array = createMoment();
SPEAKING[MOMENT.speaking] = 1;
