/** Where a speaker is who is not in the picture. */
export const DIRECTIONS = ['here', 'left', 'right', 'behind', 'above', 'below'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Fields of a place as a camera has it. */
export const PLACE = {
  /** Metres to the right, up and ahead of the camera. */
  right: 0,
  up: 1,
  ahead: 2,
  /** Across and up in the picture: -1 and 1 are its edges. Only of what is ahead. */
  across: 3,
  over: 4,
} as const;

export const PLACE_LENGTH = 5;

/** How far over the edge of the picture one must be to have left it, and how far within to have come back. */
const LEAVES = 1.04;
const COMES = 0.96;
/** From which angle on somebody is behind, degrees from straight ahead: and until which one who was. */
const BEHIND = 140;
const BEHIND_STILL = 130;

/**
 * Where a speaker is who stands at `place`; `before` is what was said of it last, which a speaker on the border keeps.
 * Allocates nothing.
 */
export function directionOf(place: Float64Array, before: Direction): Direction {
  const right = place[PLACE.right]!;
  const ahead = place[PLACE.ahead]!;
  const edge = before === 'here' ? LEAVES : COMES;
  if (ahead > 0) {
    const across = Math.abs(place[PLACE.across]!);
    const over = place[PLACE.over]!;
    if (across <= edge && Math.abs(over) <= edge) return 'here';
    if (across <= edge) return over > 0 ? 'above' : 'below';
  }
  const angle = (Math.atan2(Math.abs(right), ahead) * 180) / Math.PI;
  if (angle >= (before === 'behind' ? BEHIND_STILL : BEHIND)) return 'behind';
  return right < 0 ? 'left' : 'right';
}
