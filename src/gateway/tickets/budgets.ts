import { InputError } from '../../speech/errors.ts';
import type { Allowance, Limiter, Store } from '../stores/store.ts';

/** A day, seconds. It begins with the first character that is paid for in it. */
const DAY = 86_400;

/** Below so many seconds to the end of its day a point is not given back: it might be given to the next day. */
const SAFE_SECONDS = 5;

/** Two looks at the same day may differ by so much about its end, seconds. */
const SAME_DAY_SECONDS = 2;

/** Limits of the whole gateway; with a shared store, of all gateways together. */
export interface BudgetOptions {
  /** Characters that may be asked of the source in a day, all together. After that only lines that are kept are spoken. Default: no limit. */
  readonly account?: number | undefined;
  /** The same for one user. Default: no limit. */
  readonly user?: number | undefined;
  /** The same for one address. Default: no limit. */
  readonly address?: number | undefined;
  /**
   * Connections and tickets that one address may ask for in a minute, off loopback. Default 20 of each. A server of the game
   * that shows one of the gateway's own keys has as many tickets as it asks for.
   */
  readonly upgradesPerMinute?: number | undefined;
  /** Connections that one address may have at a time, off loopback; each gateway counts its own. Default 10. */
  readonly socketsPerAddress?: number | undefined;
}

/** Who pays. */
export interface Payer {
  /** A name that nobody else has: a player's and a key's differ. */
  readonly user: string | undefined;
  readonly address: string;
}

/** A budget that is spent, and when there is more. */
export interface SpentBudget {
  readonly name: 'account' | 'user' | 'address';
  readonly resetSeconds: number;
}

/** What came of asking for characters: they were taken, and can be given back once; or a budget has not as many. */
export type Taken =
  | { readonly giveBack: () => Promise<void>; readonly spent?: never }
  | { readonly spent: SpentBudget; readonly giveBack?: never };

/** Counts what is spent by account, user and address, and who comes how often. */
export class Budgets {
  readonly #daily: readonly {
    readonly name: SpentBudget['name'];
    readonly limiter: Limiter;
    readonly points: number;
  }[];
  readonly #comings: { readonly upgrade: Limiter; readonly ticket: Limiter };
  readonly #onSpent: (name: SpentBudget['name']) => void;
  readonly #socketsPerAddress: number;
  readonly #sockets = new Map<string, number>();

  /** `onSpent` is told whenever one has not enough. Throws {@link InputError} for limits that are no whole numbers from 0. */
  constructor(
    store: Store,
    options: BudgetOptions = {},
    onSpent: (name: SpentBudget['name']) => void = () => {},
  ) {
    this.#onSpent = onSpent;
    for (const [name, value] of Object.entries(options)) {
      if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
        throw new InputError(`Budget ${name}`, 'a whole number from 0', String(value));
      }
    }
    const names = ['address', 'user', 'account'] as const;
    this.#daily = names.flatMap((name) => {
      const points = options[name];
      if (points === undefined) return [];
      return [{ name, points, limiter: store.limiter({ name: `day-${name}`, points, seconds: DAY }) }];
    });
    const { upgradesPerMinute: points = 20, socketsPerAddress = 10 } = options;
    this.#comings = {
      upgrade: store.limiter({ name: 'upgrades', points, seconds: 60 }),
      ticket: store.limiter({ name: 'tickets', points, seconds: 60 }),
    };
    this.#socketsPerAddress = socketsPerAddress;
  }

  /** Takes characters of all budgets, or of none: then the one that has not as many is told. */
  async take(payer: Payer, characters: number): Promise<Taken> {
    const undo: (() => Promise<void>)[] = [];
    for (const { name, limiter, points } of this.#daily) {
      const key = name === 'account' ? 'all' : payer[name];
      if (key === undefined) continue;
      // More than there ever is would only keep others waiting for it to be given back.
      const allowance =
        characters > points
          ? { ...(await limiter.look(key)), granted: false }
          : await limiter.consume(key, characters);
      if (characters <= points) undo.push(() => giveBack(limiter, key, characters, endOf(allowance)));
      if (allowance.granted) continue;
      for (const back of undo.reverse()) await back();
      this.#onSpent(name);
      return { spent: { name, resetSeconds: allowance.resetSeconds } };
    }
    return {
      async giveBack() {
        for (const back of undo.splice(0)) await back();
      },
    };
  }

  /** Counts one who comes; tells for how many seconds there have been too many. */
  async come(address: string, what: 'upgrade' | 'ticket'): Promise<number | undefined> {
    const { granted, resetSeconds } = await this.#comings[what].consume(address);
    return granted ? undefined : Math.max(1, Math.ceil(resetSeconds));
  }

  /** Counts a connection of an address in; undefined where it has as many as it may. What it gives counts it out, once. */
  enter(address: string): (() => void) | undefined {
    const there = this.#sockets.get(address) ?? 0;
    if (there >= this.#socketsPerAddress) return undefined;
    this.#sockets.set(address, there + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const rest = (this.#sockets.get(address) ?? 1) - 1;
      if (rest > 0) this.#sockets.set(address, rest);
      else this.#sockets.delete(address);
    };
  }
}

/** When the day of a counter ends, seconds of the performance clock. */
function endOf({ resetSeconds }: Allowance): number {
  return performance.now() / 1_000 + resetSeconds;
}

/** Gives points back, unless the day of which they were taken is over, or the counter is another one. */
async function giveBack(limiter: Limiter, key: string, points: number, end: number): Promise<void> {
  const now = await limiter.look(key);
  const sameDay = Math.abs(endOf(now) - end) < SAME_DAY_SECONDS;
  if (sameDay && now.resetSeconds > SAFE_SECONDS) await limiter.refund(key, points);
}
