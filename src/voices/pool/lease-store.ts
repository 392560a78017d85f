/** The request that goes first among those that wait at one place, for a store that has many of them. */
export interface FirstWaiting {
  /** Names the place; the same for all its requests. */
  readonly place: string;
  /**
   * Its priority less `since / agingSeconds`, where `since` is when it came, seconds of this process's performance
   * clock: it stays the same while it waits, and the highest goes first.
   */
  readonly rank: number;
  /** Rank of the one behind it, which is remembered in its stead once it is served. */
  readonly nextRank?: number | undefined;
  /** Waiting for so long counts as much as a priority one higher, seconds. */
  readonly agingSeconds: number;
}

/** A place that has not asked for so long is taken to wait no more, seconds: those that wait ask every second. */
export const WAITING_SECONDS = 3;

/**
 * Counts the units of accounts that are in use: in memory for one process, in a server for many that share an account.
 * A lease is for thrift, not for safety: the service itself refuses what is too much, so a lost one costs one refusal.
 */
export interface LeaseStore {
  /**
   * Takes a unit of `account`, if fewer than `units` are taken. It is given back by itself after `seconds`, should its
   * owner vanish. Resolves with its id, or undefined when none is free, or when more urgent requests of other places
   * than `first` wait for what is. `first` is remembered until it is served, leaves, or has not asked again for
   * {@link WAITING_SECONDS}.
   */
  take(account: string, units: number, seconds: number, first?: FirstWaiting): Promise<string | undefined>;
  /** Nothing waits at this place any more, or it will not ask for a while. */
  leave(account: string, place: string): Promise<void>;
  /** Keeps a unit for `seconds` from now. Resolves with false when it was lost. */
  renew(account: string, lease: string, seconds: number): Promise<boolean>;
  /** Gives a unit back, `afterSeconds` from now. Default 0. One that is not there any more is passed over. */
  giveBack(account: string, lease: string, afterSeconds?: number): Promise<void>;
  /** Tells whenever a unit of `account` may have come free. Returns what ends it. */
  onFree(account: string, listener: () => void): () => void;
}

/** What is known of one account. */
interface Account {
  /** When each lease ends, ms. */
  readonly leases: Map<string, number>;
  /** Places where requests wait: the rank of their first, and when they are taken to wait no more. */
  readonly waiting: Map<string, { readonly rank: number; readonly endMs: number }>;
  readonly listeners: Set<() => void>;
}

/** Leases of one process. `nowMs` is any clock in milliseconds; default: the performance clock. */
export function memoryLeases(nowMs: () => number = () => performance.now()): LeaseStore {
  const accounts = new Map<string, Account>();
  let made = 0;

  function accountOf(name: string): Account {
    const account = accounts.get(name) ?? { leases: new Map(), waiting: new Map(), listeners: new Set() };
    accounts.set(name, account);
    return account;
  }

  function tell(account: Account): void {
    for (const listener of [...account.listeners]) listener();
  }

  return {
    async take(name, units, seconds, first) {
      const account = accountOf(name);
      const { leases, waiting } = account;
      const now = nowMs();
      for (const [lease, endMs] of leases) if (endMs <= now) leases.delete(lease);
      for (const [place, { endMs }] of waiting) if (endMs <= now) waiting.delete(place);
      const free = units - leases.size;
      if (first) {
        const { rank } = first;
        waiting.set(first.place, { rank, endMs: now + WAITING_SECONDS * 1000 });
        const before = [...waiting.values()].filter((other) => other.rank > rank).length;
        if (before >= free) return undefined;
        if (first.nextRank === undefined) waiting.delete(first.place);
        else waiting.set(first.place, { rank: first.nextRank, endMs: now + WAITING_SECONDS * 1000 });
      } else if (free <= 0) return undefined;
      const lease = String(++made);
      leases.set(lease, nowMs() + seconds * 1000);
      return lease;
    },

    async leave(name, place) {
      const account = accountOf(name);
      if (account.waiting.delete(place)) tell(account);
    },

    async renew(name, lease, seconds) {
      const { leases } = accountOf(name);
      if ((leases.get(lease) ?? 0) <= nowMs()) return false;
      leases.set(lease, nowMs() + seconds * 1000);
      return true;
    },

    async giveBack(name, lease, afterSeconds = 0) {
      const account = accountOf(name);
      if (!account.leases.has(lease)) return;
      const free = () => {
        if (account.leases.delete(lease)) tell(account);
      };
      if (afterSeconds <= 0) return free();
      account.leases.set(lease, nowMs() + afterSeconds * 1000);
      const timer: { unref?: () => void } | number = setTimeout(free, afterSeconds * 1000);
      if (typeof timer === 'object') timer.unref?.();
    },

    onFree(name, listener) {
      const { listeners } = accountOf(name);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
