import { numberOption } from './numbers.ts';

/** Options that say how lines are spoken, as written. */
export interface SpokenOptions {
  readonly source: string;
  readonly out: string;
  readonly url?: string;
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: string;
  readonly rate?: string;
  readonly timeout?: string;
  readonly lexicon?: string;
}

/** The numbers among them; undefined where they are left out. */
export interface SpokenNumbers {
  /** 0.5 to 2. */
  readonly speed: number | undefined;
  /** Hz, 8,000 to 48,000. */
  readonly rate: number | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
}

/** Reads the numbers. Throws `UsageError` for those out of range. */
export function spokenNumbers({ speed, rate, timeout }: SpokenOptions): SpokenNumbers {
  return {
    speed: numberOption('--speed', speed, { min: 0.5, max: 2 }),
    rate: numberOption('--rate', rate, { min: 8_000, max: 48_000, whole: true }),
    timeout: numberOption('--timeout', timeout, { min: 0.01, max: 3_600 }),
  };
}
