import { SpeechError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { LeaseStore } from './lease-store.ts';
import { WaitQueue } from './wait-queue.ts';

/** Seconds after which a unit is free again by itself, should this process vanish; it is renewed three times as often. */
const LEASE_SECONDS = 15;

/** Wait after a refusal, seconds: the first one, and the longest; it doubles with each in a row. The service's own words. */
const FIRST_HOLD = 0.5;
const LONGEST_HOLD = 30;

/** A look at the store, seconds, where nobody tells that a unit came free: another process may have vanished. */
const LOOK_SECONDS = 1;

/** What an account may be told. */
export interface AccountOptions {
  /** Name under which its units are counted; processes that share the account give the same. */
  readonly name: string;
  /** Requests at a time that the service answers. */
  readonly units: number;
  /** How long one request takes a unit at least, seconds: 0 where only its end counts. */
  readonly takenSeconds: number;
  readonly leases: LeaseStore;
  /** Waiting for so long counts as much as a priority one higher, seconds. */
  readonly agingSeconds: number;
  /** Longest wait for a unit, seconds. */
  readonly maxWaitSeconds: number;
  /** Most requests that wait; of more the least urgent is refused at once. */
  readonly maxWaiting: number;
  /** Told whenever one of the numbers changes. */
  readonly onChange: () => void;
}

/** One request on its way to a unit. */
interface Applicant {
  readonly admit: (lease: string) => void;
  readonly refuse: (reason: SpeechError) => void;
}

/** How urgent a request is, also while it waits. */
export type Urgency = Pick<SpeechRequest, 'priority' | 'onLift'>;

/** A unit that is in use. */
export interface Unit {
  /** Gives it back, `afterSeconds` from now. May be called twice. */
  release(afterSeconds?: number): void;
}

/** The concurrency of one account of a service: who waits for a unit, who has one, and when to hold back. */
export class Account {
  readonly #options: AccountOptions;
  readonly #queue: WaitQueue<Applicant>;
  #active = 0;
  #refusals = 0;
  #refusalsInRow = 0;
  #holdUntil = 0;
  /** Names this queue among those of other processes. */
  readonly #place = globalThis.crypto.randomUUID();
  #pumping = false;
  #pumpAgain = false;
  /** Whether the store knows that requests wait here. */
  #registered = false;
  #storeProblem: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unsubscribe: () => void;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#queue = new WaitQueue(options.agingSeconds);
    this.#unsubscribe = options.leases.onFree(options.name, () => void this.#pump());
  }

  /** Units of this process that are in use. */
  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get oldestWaitSeconds(): number {
    return this.#queue.oldestSeconds(now());
  }

  /** What the store failed with, as long as it does. */
  get storeProblem(): unknown {
    return this.#storeProblem;
  }

  /** Refusals for too much at a time, since the beginning. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Seconds for which nothing is asked, after a refusal. */
  get holdSeconds(): number {
    return Math.max(0, this.#holdUntil - now());
  }

  /**
   * Waits for a unit; `since` is when the request came, in seconds of the performance clock, so that one that was refused
   * keeps its place. Throws `aborted`, and `refused` of kind `busy` when too many wait that are no less urgent or the wait was too long.
   */
  async enter(urgency: Urgency, since: number, signal: AbortSignal): Promise<Unit> {
    const { name, maxWaiting, maxWaitSeconds } = this.#options;
    if (signal.aborted) throw SpeechError.aborted();
    if (this.#queue.size >= maxWaiting) {
      const full = SpeechError.refused(name, `${maxWaiting} requests wait already`, 'busy');
      const last = this.#queue.takeBehind(urgency.priority ?? 0, since);
      if (!last) throw full;
      last.refuse(full);
    }
    const left = since + maxWaitSeconds - now();
    return new Promise((resolve, reject) => {
      const leave = (error: SpeechError) => {
        this.#queue.remove(applicant);
        finish();
        reject(error);
        void this.#pump(); // Others need not wait for it.
      };
      const abort = () => leave(SpeechError.aborted());
      const tooLong = () => leave(this.#tooLong());
      const timer = setTimeout(tooLong, Math.max(0, left) * 1000);
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        unlift?.();
        this.#options.onChange();
      };
      const applicant: Applicant = {
        admit: (lease) => {
          this.#active++;
          finish();
          resolve(this.#unitOf(lease));
        },
        refuse: leave,
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.add(applicant, urgency.priority ?? 0, since);
      const unlift = urgency.onLift?.((priority) => {
        this.#queue.lift(applicant, priority);
        void this.#pump();
      });
      this.#options.onChange();
      void this.#pump();
    });
  }

  /** The service refused a request because there were too many: for a while it is asked nothing. */
  holdBack(retryAfterSeconds = 0): void {
    this.#refusals++;
    this.#refusalsInRow++;
    const wait = Math.min(LONGEST_HOLD, FIRST_HOLD * 2 ** (this.#refusalsInRow - 1));
    const spread = wait * (0.5 + Math.random() / 2); // Not all processes at the same moment.
    this.#holdUntil = Math.max(this.#holdUntil, now() + Math.max(spread, retryAfterSeconds));
    void this.#pump(); // Tells the others that nothing is asked for here.
    this.#options.onChange();
  }

  /** The service spoke: the next refusal is the first one again. */
  handleSpoken(): void {
    this.#refusalsInRow = 0;
  }

  /** Stops looking for units. Whoever waits must have been cancelled. May be called twice. */
  dispose(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  /** Admits as many as there are units for. */
  async #pump(): Promise<void> {
    this.#pumpAgain = true;
    if (this.#pumping) return;
    this.#pumping = true;
    clearTimeout(this.#timer);
    try {
      while (this.#pumpAgain) {
        this.#pumpAgain = false;
        await this.#admit();
      }
      this.#tellStore(undefined);
    } catch (error) {
      this.#tellStore(error ?? 'no reason'); // One that is away for a moment is asked again.
    } finally {
      this.#pumping = false;
    }
    if (this.#queue.size === 0) return;
    const seconds = this.holdSeconds > 0 ? this.holdSeconds : LOOK_SECONDS;
    this.#timer = setTimeout(() => void this.#pump(), seconds * 1000);
  }

  /** Until no more of the units are for those who wait here. */
  async #admit(): Promise<void> {
    const { leases, name, units, agingSeconds } = this.#options;
    for (;;) {
      const rank = this.#queue.rank(0);
      if (rank === undefined || this.holdSeconds > 0) {
        if (this.#registered) await leases.leave(name, this.#place);
        this.#registered = false;
        return;
      }
      this.#registered = true;
      const first = { place: this.#place, rank, nextRank: this.#queue.rank(1), agingSeconds };
      const lease = await leases.take(name, units, LEASE_SECONDS, first);
      if (lease === undefined) return;
      this.#registered = first.nextRank !== undefined;
      // Chosen only now: whoever came while the store was asked may go before the others.
      const next = this.#queue.take();
      if (next) next.admit(lease);
      else await leases.giveBack(name, lease);
    }
  }

  #tellStore(problem: unknown): void {
    const before = this.#storeProblem;
    this.#storeProblem = problem;
    if ((before === undefined) !== (problem === undefined)) this.#options.onChange();
  }

  #tooLong(): SpeechError {
    const { name, maxWaitSeconds } = this.#options;
    const late = `its turn did not come within ${maxWaitSeconds} s`;
    const problem = this.#storeProblem;
    if (problem === undefined) return SpeechError.refused(name, late, 'busy');
    const reason = `${late}, as the store that counts its units does not answer`;
    return SpeechError.refused(name, reason, 'busy', undefined, problem);
  }

  #unitOf(lease: string): Unit {
    const { leases, name, takenSeconds } = this.#options;
    const freeAt = now() + takenSeconds;
    const renew = () => void leases.renew(name, lease, LEASE_SECONDS).catch(() => {}); // Lost: one refusal at worst.
    const renewing = setInterval(renew, (LEASE_SECONDS * 1000) / 3);
    let held = true;
    return {
      release: (afterSeconds = 0) => {
        if (!held) return;
        held = false;
        clearInterval(renewing);
        this.#active--;
        this.#options.onChange();
        const seconds = Math.max(afterSeconds, freeAt - now());
        leases.giveBack(name, lease, seconds).catch(() => {}); // It ends by itself.
      },
    };
  }
}

/** Seconds of the performance clock. */
function now(): number {
  return performance.now() / 1000;
}
