import { SpeechError } from '../speech/errors.ts';
import type { Session } from './session.ts';

/** Idle sockets kept for the next lines; a scene rarely begins more lines at once. */
const MAX_IDLE = 2;

/** Idle sockets older than this, seconds, are replaced: what most streaming speech clients do. */
const MAX_AGE = 300;

/** Longest wait before another attempt after one failure, seconds; doubles with each further one up to the cap. */
const FIRST_WAIT = 0.1;
const LONGEST_WAIT = 2;

/** Seconds to wait after so many failures in a row: full jitter, so that many players do not come back at once. */
export function backOff(failures: number, random: number): number {
  return failures === 0 ? 0 : random * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
}

/** A socket to speak on. */
export interface Taken {
  readonly session: Session;
  /** Whether it carried a request before, so that the service may have closed it without our knowing yet. */
  readonly reused: boolean;
}

/** Keeps a few idle sockets open between lines, and opens others as they are asked for. */
export class SessionKeeper {
  readonly #connect: (signal: AbortSignal) => Promise<Session>;
  readonly #disposed = new AbortController();
  /** All open sockets, and when each was opened, ms. */
  readonly #sessions = new Map<Session, number>();
  #idle: Session[] = [];
  #preparing: Promise<Session> | undefined;
  #failures = 0;
  #failedAt = 0;

  constructor(connect: (signal: AbortSignal) => Promise<Session>) {
    this.#connect = connect;
  }

  /** A ready socket, opened now if none is idle. Throws why it could not be, or `aborted`. */
  async take(signal: AbortSignal): Promise<Taken> {
    if (this.#preparing) await settled(this.#preparing, signal);
    if (signal.aborted || this.#disposed.signal.aborted) throw SpeechError.aborted();
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.ready && this.#age(session) < MAX_AGE) return { session, reused: true };
      this.drop(session);
    }
    return { session: await this.#open(signal), reused: false };
  }

  /** Takes a socket back after a whole line. */
  giveBack(session: Session): void {
    if (session.ready && this.#idle.length < MAX_IDLE) this.#idle.push(session);
    else this.drop(session);
  }

  /** Closes a socket whose line did not end well. */
  drop(session: Session): void {
    this.#sessions.delete(session);
    session.close();
  }

  /** Opens a socket for the next line. A failure is the next line's to tell. */
  prepare(): void {
    if (this.#disposed.signal.aborted || this.#preparing || this.#idle.some((session) => session.ready))
      return;
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
    this.#idle = [];
    for (const session of [...this.#sessions.keys()]) this.drop(session);
  }

  async #open(signal: AbortSignal): Promise<Session> {
    const either = AbortSignal.any([signal, this.#disposed.signal]);
    const waited = (performance.now() - this.#failedAt) / 1000;
    await sleep(backOff(this.#failures, Math.random()) - waited, either);
    try {
      const session = await this.#connect(either);
      this.#sessions.set(session, performance.now());
      this.#failures = 0;
      return session;
    } catch (error) {
      if (!either.aborted) {
        this.#failures++;
        this.#failedAt = performance.now();
      }
      throw error;
    }
  }

  /** Seconds since the socket was opened. */
  #age(session: Session): number {
    return (performance.now() - (this.#sessions.get(session) ?? 0)) / 1000;
  }
}

/** Resolves when `promise` is settled either way, or `signal` aborts. */
function settled(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', finish);
    promise.then(finish, finish);
  });
}

/** Resolves after so many seconds, or when `signal` aborts. */
function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  if (seconds <= 0) return Promise.resolve();
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  return settled(passed, signal).finally(() => clearTimeout(timer));
}
