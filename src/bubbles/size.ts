/** Distance at which a bubble has its own size, metres: about what two who talk stand apart. */
const OWN_METRES = 3;
/** Smallest and largest: a bubble far away is still read, and one near by does not fill the picture. */
const LEAST = 0.72;
const MOST = 1.2;
/** Sizes go in steps, so that a bubble is not drawn anew in every frame. */
const STEP = 1 / 16;

/** How large a bubble is at a distance, against its own size; `before` is kept as long as it nearly fits. */
export function scaleAt(distance: number, before: number): number {
  const wanted = Math.min(MOST, Math.max(LEAST, OWN_METRES / Math.max(distance, 1e-3)));
  if (Math.abs(wanted - before) < STEP) return before;
  return Math.round(wanted / STEP) * STEP;
}

/** How visible a bubble is at a distance, 0 to 1: all of it up to two thirds of `farMetres`, then less, and there gone. */
export function alphaAt(distance: number, farMetres: number): number {
  const share = (farMetres - distance) / (farMetres / 3);
  return Math.round(Math.min(1, Math.max(0, share)) * 16) / 16;
}
