/** Taps that are needed before a result is told. */
export const FEWEST_TAPS = 6;

/** A tap is dropped where it is this many times the typical deviation off the middle, or more. */
const OUTLIER = 3;

/** From the median absolute deviation to a standard one, for normal scatter. */
const DEVIATION_OF_MEDIAN = 1.4826;

/** Scatter of the steadiest hands, milliseconds: closer taps than this do not make the others outliers. */
const STEADIEST_MS = 10;

/** What taps along a beat tell. */
export interface TapResult {
  /** Median of the taps against the beat, milliseconds: positive where they came after it. */
  readonly offsetMs: number;
  /** How far a single tap is off that, milliseconds, as a standard deviation. */
  readonly spreadMs: number;
  /** Taps that were counted; outliers are not. */
  readonly taps: number;
}

/**
 * Finds by how much somebody taps after a beat. Offsets count around the beat, so that those of somebody half a period
 * late stay together; the result is within half a period either way.
 */
export class TapMeter {
  readonly #periodMs: number;
  readonly #offsets: number[] = [];

  /** `periodMs` is the time from one beat to the next. */
  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** Taps so far, outliers among them. */
  get count(): number {
    return this.#offsets.length;
  }

  /** Takes in a tap: its distance from any beat, milliseconds. What is no number is passed over. */
  handleTap(offsetMs: number): void {
    if (Number.isFinite(offsetMs)) this.#offsets.push(offsetMs);
  }

  /** Forgets all taps. */
  clear(): void {
    this.#offsets.length = 0;
  }

  /** What the taps tell; undefined before the sixth. */
  get result(): TapResult | undefined {
    if (this.#offsets.length < FEWEST_TAPS) return undefined;
    const center = this.#center();
    const around = this.#offsets.map((offset) => this.#wrapped(offset - center));
    const middle = median(around);
    const typical = DEVIATION_OF_MEDIAN * median(around.map((offset) => Math.abs(offset - middle)));
    const limit = OUTLIER * Math.max(STEADIEST_MS, typical);
    const counted = around.filter((offset) => Math.abs(offset - middle) < limit);
    const kept = median(counted);
    const squares = counted.reduce((sum, offset) => sum + (offset - kept) ** 2, 0);
    return {
      offsetMs: this.#wrapped(center + kept),
      spreadMs: Math.sqrt(squares / (counted.length - 1)),
      taps: counted.length,
    };
  }

  /** The mean on the circle of a period: it has no seam where offsets would be torn apart. */
  #center(): number {
    const turn = (2 * Math.PI) / this.#periodMs;
    const y = this.#offsets.reduce((sum, offset) => sum + Math.sin(offset * turn), 0);
    const x = this.#offsets.reduce((sum, offset) => sum + Math.cos(offset * turn), 0);
    return Math.atan2(y, x) / turn;
  }

  #wrapped(offset: number): number {
    return offset - Math.round(offset / this.#periodMs) * this.#periodMs;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
