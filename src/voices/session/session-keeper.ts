import { SpeechError } from '../../speech/errors.ts';
import { Opener } from './opener.ts';
import { settled } from './pause.ts';
import type { Session } from './session.ts';

export { backOff } from './opener.ts';

/** Idle sockets kept for the next lines where nobody says: a scene rarely begins more lines at once. */
const KEPT = 2;

/** What a {@link SessionKeeper} may be told. */
export interface KeeperOptions {
  /**
   * Seconds that a service leaves an idle socket open; ones that have been idle for longer are not used any more.
   * Default: as long as it lives.
   */
  readonly idleSeconds?: number;
  /** Idle sockets kept for the next lines. Default 2. */
  readonly kept?: number | undefined;
}

/** Idle sockets older than this, seconds, are replaced: what most streaming speech clients do. */
export const MAX_AGE = 300;

/** A socket to speak on. */
export interface Taken {
  readonly session: Session;
  /** Whether it carried a request before, so that the service may have closed it without our knowing yet. */
  readonly reused: boolean;
}

/** Keeps a few idle sockets open between lines, and opens others as they are asked for. */
export class SessionKeeper {
  readonly #opener: Opener<Session>;
  readonly #idleSeconds: number;
  readonly #kept: number;
  readonly #disposed = new AbortController();
  /** All open sockets, and when each was opened, ms. */
  readonly #sessions = new Map<Session, number>();
  /** When each idle socket was last used, ms; the latest last. */
  readonly #idle = new Map<Session, number>();
  #preparing: Promise<Session> | undefined;
  #taking = 0;

  constructor(
    connect: (signal: AbortSignal) => Promise<Session>,
    { idleSeconds = Number.POSITIVE_INFINITY, kept = KEPT }: KeeperOptions = {},
  ) {
    this.#opener = new Opener(connect);
    this.#idleSeconds = idleSeconds;
    this.#kept = kept;
  }

  /** A ready socket, opened now if none is idle. Throws why it could not be, or `aborted`. */
  async take(signal: AbortSignal): Promise<Taken> {
    this.#taking++;
    try {
      return await this.#take(signal);
    } finally {
      this.#taking--;
    }
  }

  async #take(signal: AbortSignal): Promise<Taken> {
    if (this.#preparing) await settled(this.#preparing, signal);
    if (signal.aborted || this.#disposed.signal.aborted) throw SpeechError.aborted();
    for (const [session, sinceMs] of [...this.#idle].reverse()) {
      this.#idle.delete(session);
      const fresh = performance.now() - sinceMs < this.#idleSeconds * 1000 && this.#age(session) < MAX_AGE;
      if (session.ready && fresh) return { session, reused: true };
      this.drop(session);
    }
    return { session: await this.#open(signal), reused: false };
  }

  /** Takes a socket back after a whole line. */
  giveBack(session: Session): void {
    if (session.ready && this.#idle.size < this.#kept) this.#idle.set(session, performance.now());
    else this.drop(session);
  }

  /** Closes a socket whose line did not end well. */
  drop(session: Session): void {
    this.#sessions.delete(session);
    session.close();
  }

  /** Whether a line is on its way, or about to be. */
  get speaking(): boolean {
    return this.#taking > 0 || this.#sessions.size > this.#idle.size;
  }

  /** Opens a socket for the next line. A failure is the next line's to tell. */
  prepare(): void {
    if (this.#disposed.signal.aborted || this.#preparing) return;
    if ([...this.#idle.keys()].some((session) => session.ready)) return;
    const opening = this.#open(this.#disposed.signal);
    this.#preparing = opening;
    opening
      .then((session) => this.giveBack(session))
      .catch(() => {})
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  /** Closes all sockets, those of running lines too. May be called twice. */
  dispose(): void {
    this.#disposed.abort();
    this.#idle.clear();
    for (const session of [...this.#sessions.keys()]) this.drop(session);
  }

  async #open(signal: AbortSignal): Promise<Session> {
    const either = AbortSignal.any([signal, this.#disposed.signal]);
    const session = await this.#opener.open(either);
    this.#sessions.set(session, performance.now());
    return session;
  }

  /** Seconds since the socket was opened. */
  #age(session: Session): number {
    return (performance.now() - (this.#sessions.get(session) ?? 0)) / 1000;
  }
}
