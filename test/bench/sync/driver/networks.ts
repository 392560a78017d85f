import type { Slowness } from '../../../kit/slow-network.ts';
import { queryOf } from '../../../kit/slow-network.ts';

/** A network of the bench. */
export interface Network {
  readonly name: string;
  /** What it does, for people. */
  readonly words: string;
  readonly slowness: Slowness;
  /** Torn into pieces that end in the middle of samples. */
  readonly torn?: boolean;
}

/** Audio frames, 20 ms each, before which the sender stands still: 4 and 8 seconds into every line. */
const STALLS = [200, 400];
/** Audio frames that come late together with those behind them: every two seconds. */
const HICCUPS = [100, 200, 300, 400, 500, 600];

export const CLEAN: Network = { name: 'clean', words: 'sent at the pace it is heard', slowness: {} };

export const JITTER: Network = {
  name: 'jitter',
  words: 'each frame 0 to 120 ms late, in order',
  slowness: { jitterMs: 120, seed: 1 },
};

export const STALLED: Network = {
  name: 'stalls',
  words: 'the sender stands still for 400 ms, twice a line, and does not catch up',
  slowness: { stallMs: 400, stalls: STALLS },
};

export const EVERYTHING: Network = {
  name: 'everything',
  words: 'jitter, stalls, and frames torn in the middle of samples',
  slowness: { jitterMs: 120, seed: 2, stallMs: 400, stalls: STALLS },
  torn: true,
};

/** Beside the four: the same stall again and again, made up for at once. */
export const HICCUPED: Network = {
  name: 'hiccups',
  words: '150 ms of nothing every 2 s, then all of it at once',
  slowness: { hiccupMs: 150, hiccups: HICCUPS },
};

export const NETWORKS: readonly Network[] = [CLEAN, JITTER, STALLED, EVERYTHING, HICCUPED];

/** The proxy's address for a network. */
export function urlThrough(proxyUrl: string, { slowness, torn }: Network): string {
  return `${proxyUrl}/?${queryOf(slowness)}${torn ? '&fault=odd' : ''}`;
}
