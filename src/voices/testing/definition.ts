import type { Bench } from './bench.ts';
import type { Subject } from './subject.ts';

/** One check before it has a subject. */
export interface Definition {
  readonly name: string;
  /** Longest time on a slow machine, seconds. Default 30. */
  readonly seconds?: number;
  /** Whether it makes sense for a subject. Default: for all. */
  readonly when?: (subject: Subject) => boolean;
  readonly run: (bench: Bench) => Promise<void>;
}
