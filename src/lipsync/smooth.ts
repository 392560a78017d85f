/** Rises from 0 at `x <= 0` to 1 at `x >= 1`, with no slope at either end. */
export function smoothStep(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * (3 - 2 * x);
}

/**
 * Integral of the bell (15/16)(1 - x²)² from -1: 0 at `x <= -1`, one half at 0, 1 at `x >= 1`.
 * A step seen through it turns into a curve whose slope and curvature have no corners.
 */
export function bellStep(x: number): number {
  if (x <= -1) return 0;
  if (x >= 1) return 1;
  const square = x * x;
  return 0.5 + (x * (15 - square * (10 - 3 * square))) / 16;
}

/**
 * The same number up to 0.9, then bending without a corner so that 1 is never passed: keeps a sum of weights
 * in range where shapes overlap.
 */
export function softLimit(sum: number): number {
  const knee = 0.9;
  if (sum <= knee) return sum;
  const over = (sum - knee) / (1 - knee);
  return knee + ((1 - knee) * over) / (1 + over);
}
