import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/** Whether anything is in the way of a straight line between two points of the world. */
export type Blocked = (from: Vector3, to: Vector3) => boolean;

/** How far a detour goes aside, as a part of the distance, and within which metres. */
const ASIDE = 0.15;
const LEAST_ASIDE = 0.4;
const MOST_ASIDE = 1.5;

/**
 * How much is in the way where the straight line is blocked, by the number of detours that are free. Sound bent by so much
 * is 12 dB weaker at 500 Hz and 20 dB at 4 kHz (Maekawa 1968, for a detour of 15 % aside at 5 m); two ways are 3 dB
 * louder than one, three 5.
 */
const AMOUNTS = [1, 0.6, 0.4, 0.3] as const;

/** Straight lines that are looked along for one answer, at most. */
export const MOST_LINES = 7;

/** How far a detour goes aside, metres, where ears and mouth are `distance` apart. */
export function detourWidth(distance: number): number {
  return Math.min(Math.max(distance * ASIDE, LEAST_ASIDE), MOST_ASIDE);
}

const UP = Vector3.UpReadOnly;
const aside = new Vector3();
const over = new Vector3();
const middle = new Vector3();
const turn = new Vector3();

/**
 * How much is in the way from `ears` to `mouth`, 0 to 1, by straight lines: one between them, and where it is blocked,
 * three that go round by the left, the right and above. So a voice in sight is free wherever else walls are, one behind a
 * pillar is muffled a little, round a corner more, and behind a wall wholly. Allocates nothing itself.
 */
export function occlusionByLines(blocked: Blocked, ears: Vector3, mouth: Vector3): number {
  if (!blocked(ears, mouth)) return 0;
  const distance = Vector3.Distance(ears, mouth);
  if (!(distance > 0)) return 0;
  const width = detourWidth(distance);
  mouth.subtractToRef(ears, over);
  Vector3.CrossToRef(over, UP, aside);
  const across = aside.length();
  // Straight above or below there is no side: any will do.
  if (across > 1e-6 * distance) aside.scaleInPlace(width / across);
  else aside.set(width, 0, 0);
  Vector3.CrossToRef(aside, over, turn);
  turn.scaleInPlace(width / Math.max(turn.length(), Number.MIN_VALUE));
  Vector3.CenterToRef(ears, mouth, middle);
  let free = 0;
  if (isFreeBy(blocked, ears, mouth, aside, 1)) free++;
  if (isFreeBy(blocked, ears, mouth, aside, -1)) free++;
  if (isFreeBy(blocked, ears, mouth, turn, 1)) free++;
  return AMOUNTS[free]!;
}

const way = new Vector3();

function isFreeBy(blocked: Blocked, ears: Vector3, mouth: Vector3, side: Vector3, sign: number): boolean {
  side.scaleToRef(sign, way).addInPlace(middle);
  return !blocked(ears, way) && !blocked(way, mouth);
}
