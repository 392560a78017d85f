/** Units that services have been seen to send times in, as parts of a second, with the least usual length in each. */
const UNITS = [
  { unit: 1e-7, least: 20_000 },
  { unit: 1e-3, least: 8 },
] as const;
/** Times that fall back by more than this begin anew, seconds: less is an overlap. */
const RESTART = 0.3;
/** Times that differ by less are the same, seconds. */
const ROUNDING = 1e-6;

/** Something with times. */
interface Timed {
  readonly start: number;
  readonly end: number;
}

/** What was wrong with times as they came. */
export type TimesRepair =
  | { readonly kind: 'unit'; readonly amount: number; readonly at: number }
  | { readonly kind: 'restart'; readonly amount: number; readonly at: number };

/** Times of a service in seconds and in rising order, whatever unit they came in and whether they began anew. */
export class ServiceTimes<T extends Timed> {
  /** All that came, mended. */
  readonly all: T[] = [];
  #unit = 0;
  #origin = 0;
  #taken = 0;

  /** The end of the last, seconds; 0 before the first. */
  get horizon(): number {
    return this.all.at(-1)?.end ?? 0;
  }

  /** Takes the next ones; tells what was wrong with them. */
  add(items: readonly T[]): TimesRepair[] {
    const repairs: TimesRepair[] = [];
    if (items.length === 0) return repairs;
    if (this.#unit === 0) {
      this.#unit = unitOf(items);
      if (this.#unit !== 1) repairs.push({ kind: 'unit', amount: this.#unit, at: 0 });
    }
    for (const item of items) {
      const back = this.horizon - (item.start * this.#unit + this.#origin);
      if (back > RESTART) {
        this.#origin += back;
        repairs.push({ kind: 'restart', amount: back, at: this.horizon });
      }
      const right = this.#unit === 1 && this.#origin === 0;
      this.all.push(right ? item : { ...item, start: this.#placed(item.start), end: this.#placed(item.end) });
    }
    return repairs;
  }

  #placed(time: number): number {
    return time * this.#unit + this.#origin;
  }

  /** The first that ends after a time. */
  after(seconds: number): T | undefined {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle]!.end > seconds + ROUNDING) high = middle;
      else low = middle + 1;
    }
    return this.all[low];
  }

  /** The next ones, in their order, as long as they are wanted: each is given once. */
  take(wanted: (item: T) => boolean): T[] {
    const from = this.#taken;
    while (this.#taken < this.all.length && wanted(this.all[this.#taken]!)) this.#taken++;
    return this.all.slice(from, this.#taken);
  }
}

/** By the usual length: no sound and no word lasts 8 s or less than 8 ms. */
function unitOf(items: readonly Timed[]): number {
  const lengths = items.map(({ start, end }) => end - start).filter((length) => length > 0);
  const usual = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 0;
  return UNITS.find(({ least }) => usual >= least)?.unit ?? 1;
}
