/** What a row of beats waits for: a time, rows that it began, or the player. */
export type Wish =
  | { readonly until: number }
  | { readonly join: readonly Thread[] }
  | { readonly hold: true };

/** A row of beats as it is gone through. It gives how it ended. */
export type Flow = Generator<Wish, Outcome, void>;

/** When a row of beats is over, seconds, and where the scene goes on, if not behind it. */
export interface Outcome {
  readonly at: number;
  readonly goto?: string;
}

/** A row of beats that is gone through beside others. */
export class Thread {
  /** Its own time, seconds. */
  at: number;
  outcome: Outcome | undefined;
  readonly flow: Flow;
  /** Rows that must be over before it goes on. */
  waitsFor: readonly Thread[] = [];

  constructor(at: number, flow: Flow) {
    this.at = at;
    this.flow = flow;
  }
}

/**
 * Goes through rows of beats in the order of their times, as a player would see them: of two at the same moment the one
 * that began first. Where one waits for the player, the others go on up to that moment, and no further.
 */
export class Threads {
  #ready: Thread[] = [];
  #joining: Thread[] = [];
  #heldAt = Number.POSITIVE_INFINITY;

  begin(at: number, flow: Flow): Thread {
    const thread = new Thread(at, flow);
    this.#ready.push(thread);
    return thread;
  }

  run(): void {
    for (let thread = this.#next(); thread && thread.at <= this.#heldAt; thread = this.#next())
      this.#step(thread);
  }

  #next(): Thread | undefined {
    let first = this.#ready[0];
    for (const thread of this.#ready) if (thread.at < first!.at) first = thread;
    return first;
  }

  #step(thread: Thread): void {
    const { value, done } = thread.flow.next();
    if (done) {
      thread.outcome = value;
      this.#leave(thread);
      this.#wake();
    } else if ('until' in value) {
      thread.at = Math.max(thread.at, value.until);
    } else {
      this.#leave(thread);
      if ('hold' in value) this.#heldAt = thread.at;
      else {
        thread.waitsFor = value.join;
        this.#joining.push(thread);
        this.#wake();
      }
    }
  }

  #leave(thread: Thread): void {
    this.#ready = this.#ready.filter((other) => other !== thread);
  }

  /** Those whose rows are over go on when the last of them was. */
  #wake(): void {
    for (const thread of this.#joining) {
      if (!thread.waitsFor.every(({ outcome }) => outcome)) continue;
      this.#joining = this.#joining.filter((other) => other !== thread);
      thread.at = Math.max(thread.at, ...thread.waitsFor.map(({ outcome }) => outcome!.at));
      this.#ready.push(thread);
    }
  }
}
