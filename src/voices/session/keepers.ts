import type { Session } from './session.ts';
import { type KeeperOptions, SessionKeeper } from './session-keeper.ts';

/** Addresses whose idle sockets are kept, where nobody says: voices that a scene lets speak in turn. */
const MOST_ADDRESSES = 8;

/** The sockets of one address. */
export interface AddressKeeper {
  /** Whether a line is on its way, or about to be. */
  readonly speaking: boolean;
  /** Closes all sockets. May be called twice. */
  dispose(): void;
}

/**
 * Sockets of a service whose address says how it shall speak (its voice, its rate): each address has its own. Of the
 * addresses that have not been used for longest, idle sockets are closed.
 */
export class AddressKeepers<Keeper extends AddressKeeper> {
  readonly #make: (url: string) => Keeper;
  /** The one used last is last. */
  readonly #keepers = new Map<string, Keeper>();
  #disposed = false;

  constructor(make: (url: string) => Keeper) {
    this.#make = make;
  }

  /** The keeper of the sockets of an address. */
  at(url: string): Keeper {
    const keeper = this.#keepers.get(url) ?? this.#make(url);
    if (this.#disposed) keeper.dispose();
    this.#keepers.delete(url);
    this.#keepers.set(url, keeper);
    for (const [oldest, unused] of this.#keepers) {
      if (this.#keepers.size <= MOST_ADDRESSES) break;
      if (unused.speaking || unused === keeper) continue;
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

/** The same for sockets that carry one line at a time. */
export class SessionKeepers extends AddressKeepers<SessionKeeper> {
  constructor(connect: (url: string, signal: AbortSignal) => Promise<Session>, options: KeeperOptions = {}) {
    super((url) => new SessionKeeper((signal) => connect(url, signal), options));
  }
}
