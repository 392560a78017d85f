import { randomUUID } from 'node:crypto';
import { type FirstWaiting, type LeaseStore, WAITING_SECONDS } from '../../voices/pool/lease-store.ts';
import type { RedisLink } from './redis-link.ts';
import { type Scripts, withScripts } from './redis-scripts.ts';
import { StoreAwayError } from './store.ts';

/** Between two signs of life of a gateway, and until one is taken to be gone, ms. */
const BEAT_MS = 2_000;
const GONE_MS = 6_000;

/** Difference of clocks that matters, ms: it is a twentieth of a priority. */
const DRIFT_MS = 250;

/** Units that are counted again when the store is back, ms: until the next renewal at the latest. */
const AGAIN_MS = 15_000;

export interface RedisLeasesOptions {
  readonly prefix: string;
  /** Whether this gateway may use one unit of each account while the store is away, where its share is less than one. */
  readonly elected: boolean;
}

/**
 * Units of accounts, counted in Redis by its own clock. While it is away each gateway has its share: the units by the
 * number of gateways there were, rounded down.
 */
export class RedisLeases implements LeaseStore {
  readonly #link: RedisLink;
  readonly #scripts: Scripts;
  readonly #options: RedisLeasesOptions;
  readonly #id = randomUUID();
  readonly #channel: string;
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Units that this process has, by account. */
  readonly #held = new Map<string, Set<string>>();
  readonly #timer: ReturnType<typeof setInterval>;
  #gateways = 1;
  /** The server's clock less the performance clock, ms. */
  #offsetMs = 0;

  constructor(link: RedisLink, options: RedisLeasesOptions) {
    this.#link = link;
    this.#scripts = withScripts(link.client);
    this.#options = options;
    this.#channel = `${options.prefix}:free`;
    this.#timer = setInterval(() => void this.#beat().catch(() => {}), BEAT_MS);
    this.#timer.unref();
    link.onRecover(() => this.#countAgain());
    link.onState(() => this.#tellAll());
    link.listener.on('message', (channel: string, account: string) => {
      if (channel === this.#channel) this.#tell(account);
    });
  }

  /** Gateways there were at the last look. */
  get gateways(): number {
    return this.#gateways;
  }

  async open(): Promise<void> {
    await this.#link.listener.subscribe(this.#channel);
    await this.#beat();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#link
      .ask(() => this.#scripts.parleyBeat(this.#key('gateways'), '', GONE_MS, this.#id))
      .catch(() => {});
  }

  async take(
    account: string,
    units: number,
    seconds: number,
    first?: FirstWaiting,
  ): Promise<string | undefined> {
    const lease = randomUUID();
    const held = this.#heldOf(account);
    const { place = '', rank, nextRank, agingSeconds = 1 } = first ?? {};
    const byServer = (own = 0) => own - this.#offsetMs / 1_000 / agingSeconds;
    const next = nextRank === undefined ? '' : byServer(nextRank);
    const terms = [units, seconds * 1_000, lease, place, byServer(rank), WAITING_SECONDS * 1_000, next];
    try {
      const keys = ['leases', 'waiting', 'waiting-until'].map((name) => this.#key(name, account));
      const taken = await this.#link.ask(() => this.#scripts.parleyTake(...keys, ...terms));
      if (taken === 0) return undefined;
    } catch (error) {
      if (!(error instanceof StoreAwayError)) throw error;
      const share = Math.floor(units / this.#gateways) || (this.#options.elected ? 1 : 0);
      if (held.size >= share) return undefined;
    }
    held.add(lease);
    return lease;
  }

  async renew(account: string, lease: string, seconds: number): Promise<boolean> {
    const key = this.#key('leases', account);
    return (await this.#link.ask(() => this.#scripts.parleyKeep(key, seconds * 1_000, 'XX', lease))) === 1;
  }

  async giveBack(account: string, lease: string, afterSeconds = 0): Promise<void> {
    if (!this.#heldOf(account).has(lease)) return;
    if (afterSeconds > 0) {
      setTimeout(() => void this.#free(account, lease).catch(() => {}), afterSeconds * 1_000).unref();
      await this.renew(account, lease, afterSeconds); // Free all the same, should this process vanish meanwhile.
    } else await this.#free(account, lease);
  }

  async leave(account: string, place: string): Promise<void> {
    await this.#link.ask((client) =>
      client
        .multi()
        .zrem(this.#key('waiting', account), place)
        .zrem(this.#key('waiting-until', account), place)
        .publish(this.#channel, account)
        .exec(),
    );
  }

  onFree(account: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(account) ?? new Set();
    this.#listeners.set(account, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async #free(account: string, lease: string): Promise<void> {
    if (!this.#heldOf(account).delete(lease)) return;
    try {
      await this.#link.ask((client) =>
        client.multi().zrem(this.#key('leases', account), lease).publish(this.#channel, account).exec(),
      );
    } catch (error) {
      this.#tell(account); // Of the share that is left, one is free.
      if (!(error instanceof StoreAwayError)) throw error;
    }
  }

  async #beat(): Promise<void> {
    const asked = performance.now();
    const key = this.#key('gateways');
    const [gateways, nowMs] = await this.#link.ask(() =>
      this.#scripts.parleyBeat(key, this.#id, GONE_MS, ''),
    );
    this.#gateways = Math.max(1, gateways);
    const offset = nowMs - (asked + performance.now()) / 2;
    // Ranks of requests that wait must not change for nothing, or two places would each let the other go first.
    if (Math.abs(offset - this.#offsetMs) > DRIFT_MS) this.#offsetMs = offset;
  }

  /** What is in use is told to a store that is back, perhaps without its memory. */
  async #countAgain(): Promise<void> {
    for (const [account, held] of this.#held) {
      if (held.size > 0) await this.#scripts.parleyKeep(this.#key('leases', account), AGAIN_MS, '', ...held);
    }
    await this.#scripts.parleyBeat(this.#key('gateways'), this.#id, GONE_MS, '');
  }

  #heldOf(account: string): Set<string> {
    const held = this.#held.get(account) ?? new Set();
    this.#held.set(account, held);
    return held;
  }

  #tell(account: string): void {
    for (const listener of [...(this.#listeners.get(account) ?? [])]) listener();
  }

  #tellAll(): void {
    for (const account of [...this.#listeners.keys()]) this.#tell(account);
  }

  #key(name: string, account?: string): string {
    return [this.#options.prefix, name, ...(account === undefined ? [] : [account])].join(':');
  }
}
