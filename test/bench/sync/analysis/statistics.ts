/** The value below which the part `share` (0 to 1) of the numbers lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return quantileOfSorted(sorted, share);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantileOfSorted(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

/** A straight line through points. */
export interface Straight {
  readonly slope: number;
  /** Value at `origin`. */
  readonly height: number;
  readonly origin: number;
}

export function valueAt({ slope, height, origin }: Straight, x: number): number {
  return height + slope * (x - origin);
}

/** The median of slopes between points half the row apart, and the median height: a quarter of the points may be wrong. */
export function robustLine(xs: readonly number[], ys: readonly number[]): Straight {
  const half = xs.length >> 1;
  const slopes: number[] = [];
  for (let index = 0; index + half < xs.length; index++) {
    const run = xs[index + half]! - xs[index]!;
    if (run > 0) slopes.push((ys[index + half]! - ys[index]!) / run);
  }
  const slope = slopes.length > 0 ? median(slopes) : 0;
  const origin = xs[0] ?? 0;
  return { slope, origin, height: median(ys.map((y, index) => y - slope * (xs[index]! - origin))) };
}

/** The straight line of least squares, with the standard error of its slope. */
export function leastSquares(
  xs: readonly number[],
  ys: readonly number[],
): Straight & { readonly error: number } {
  const count = xs.length;
  const origin = mean(xs);
  const height = mean(ys);
  let xx = 0;
  let xy = 0;
  for (let index = 0; index < count; index++) {
    xx += (xs[index]! - origin) ** 2;
    xy += (xs[index]! - origin) * (ys[index]! - height);
  }
  const slope = xx > 0 ? xy / xx : 0;
  let rest = 0;
  for (let index = 0; index < count; index++) {
    rest += (ys[index]! - height - slope * (xs[index]! - origin)) ** 2;
  }
  return { slope, height, origin, error: Math.sqrt(rest / Math.max(1, count - 2) / (xx || 1)) };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
