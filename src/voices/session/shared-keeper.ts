import { SpeechError } from '../../speech/errors.ts';
import { Opener } from './opener.ts';
import { settled } from './pause.ts';
import { type KeeperOptions, MAX_AGE } from './session-keeper.ts';
import type { Addressed, SharedLine, SharedSession } from './shared-session.ts';

/** A line that may begin. */
export interface TakenLine<Read extends Addressed> {
  readonly line: SharedLine<Read>;
  /** Whether its socket carried a line before, so that the service may have closed it without our knowing yet. */
  readonly reused: boolean;
}

/** Since when a socket is open, and without lines, ms. */
interface Kept {
  readonly openedMs: number;
  idleMs: number;
}

/** A socket that is being opened, and how many wait for it. */
interface Opening<Read extends Addressed> {
  readonly session: Promise<SharedSession<Read>>;
  readonly abandon: AbortController;
  waiting: number;
}

/** Gives lines their places on shared sockets, and opens another socket when there is none. */
export class SharedKeeper<Read extends Addressed> {
  readonly #opener: Opener<SharedSession<Read>>;
  readonly #idleSeconds: number;
  readonly #kept: number;
  readonly #disposed = new AbortController();
  readonly #sessions = new Map<SharedSession<Read>, Kept>();
  #opening: Opening<Read> | undefined;
  #taking = 0;

  constructor(
    connect: (signal: AbortSignal) => Promise<SharedSession<Read>>,
    { idleSeconds = Number.POSITIVE_INFINITY, kept = 1 }: KeeperOptions = {},
  ) {
    this.#opener = new Opener(connect);
    this.#idleSeconds = idleSeconds;
    this.#kept = kept;
  }

  /** A place on a socket; one that is opened now, for all who wait, if none has any. Throws why not, or `aborted`. */
  async take(signal: AbortSignal): Promise<TakenLine<Read>> {
    this.#taking++;
    try {
      return await this.#take(signal);
    } finally {
      this.#taking--;
    }
  }

  async #take(signal: AbortSignal): Promise<TakenLine<Read>> {
    for (;;) {
      if (signal.aborted || this.#disposed.signal.aborted) throw SpeechError.aborted();
      let session = this.#free();
      if (!session) {
        const opening = this.#open();
        opening.waiting++;
        await settled(opening.session, signal);
        opening.waiting--;
        if (signal.aborted) {
          if (opening.waiting === 0) opening.abandon.abort();
          continue;
        }
        session = await opening.session;
        // One that broke at once fails a line, or nobody would ever hear of it.
        if (!session.free && (session.begun > 0 || !session.spent)) continue;
      }
      const reused = session.begun > 0;
      return { line: session.begin(), reused };
    }
  }

  /** A line has left its place. */
  giveBack({ session }: SharedLine<Read>): void {
    const kept = this.#sessions.get(session);
    if (!kept || session.running > 0) return;
    kept.idleMs = performance.now();
    const idle = [...this.#sessions.keys()].filter((each) => each.running === 0);
    if (session.spent) this.#drop(session);
    else if (idle.length > this.#kept) this.#drop(idle.find((each) => !each.free) ?? session);
  }

  /** Whether a line is on its way, or about to be. */
  get speaking(): boolean {
    return this.#taking > 0 || [...this.#sessions.keys()].some(({ running }) => running > 0);
  }

  /** Opens a socket for the next line. A failure is the next line's to tell. */
  prepare(): void {
    if (this.#disposed.signal.aborted || this.#free()) return;
    this.#open().waiting++; // Nobody leaves, so it is not abandoned.
  }

  /** Closes all sockets; running lines are told `aborted`. May be called twice. */
  dispose(): void {
    this.#disposed.abort();
    for (const session of [...this.#sessions.keys()]) this.#drop(session);
  }

  /** A socket with a place, the fullest first: so others come to be idle. */
  #free(): SharedSession<Read> | undefined {
    const now = performance.now();
    let best: SharedSession<Read> | undefined;
    for (const [session, { openedMs, idleMs }] of [...this.#sessions]) {
      const stale = session.running === 0 && now - idleMs >= this.#idleSeconds * 1000;
      if (session.spent || stale || now - openedMs >= MAX_AGE * 1000) {
        session.retire();
        if (session.running === 0) this.#drop(session);
      } else if (session.free && (!best || session.running > best.running)) best = session;
    }
    return best;
  }

  #open(): Opening<Read> {
    if (this.#opening && !this.#opening.abandon.signal.aborted) return this.#opening;
    const abandon = new AbortController();
    const signal = AbortSignal.any([abandon.signal, this.#disposed.signal]);
    const session = this.#opener.open(signal).then((opened) => {
      const now = performance.now();
      this.#sessions.set(opened, { openedMs: now, idleMs: now });
      if (signal.aborted) this.#drop(opened);
      return opened;
    });
    const opening = { session, abandon, waiting: 0 };
    this.#opening = opening;
    settled(session, signal).then(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  #drop(session: SharedSession<Read>): void {
    this.#sessions.delete(session);
    session.close();
  }
}
