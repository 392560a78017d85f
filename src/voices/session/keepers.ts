import type { Session } from './session.ts';
import { type KeeperOptions, SessionKeeper } from './session-keeper.ts';

/** Addresses whose idle sockets are kept, where nobody says: voices that a scene lets speak in turn. */
const MOST_ADDRESSES = 8;

/**
 * Sockets of a service whose address says how it shall speak (its voice, its rate): each address has its own. Of the
 * addresses that have not been used for longest, idle sockets are closed.
 */
export class SessionKeepers {
  readonly #connect: (url: string, signal: AbortSignal) => Promise<Session>;
  readonly #options: KeeperOptions;
  /** The one used last is last. */
  readonly #keepers = new Map<string, SessionKeeper>();
  #disposed = false;

  constructor(connect: (url: string, signal: AbortSignal) => Promise<Session>, options: KeeperOptions = {}) {
    this.#connect = connect;
    this.#options = options;
  }

  /** The keeper of the sockets of an address. */
  at(url: string): SessionKeeper {
    const keeper =
      this.#keepers.get(url) ?? new SessionKeeper((signal) => this.#connect(url, signal), this.#options);
    if (this.#disposed) keeper.dispose();
    this.#keepers.delete(url);
    this.#keepers.set(url, keeper);
    for (const [oldest, unused] of this.#keepers) {
      if (this.#keepers.size <= MOST_ADDRESSES) break;
      if (unused.speaking) continue;
      this.#keepers.delete(oldest);
      unused.dispose();
    }
    return keeper;
  }

  /** Closes all sockets. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    for (const keeper of this.#keepers.values()) keeper.dispose();
  }
}
