import { SpeechError } from '../speech/errors.ts';
import type { SynthRequest, Utterance } from './synth.ts';
import type { StartThread, SynthThread, ThreadAnswer } from './thread.ts';

/** How a pool works. */
export interface PoolOptions {
  /** Most threads at a time; the second is started when the first is busy. Default 2. */
  readonly threads?: number | undefined;
  /**
   * Time after which a request counts as hung, ms. Default 30,000: the start of a thread is in it, which takes a machine
   * with twenty times the work that it can do more than ten seconds.
   */
  readonly hungAfterMs?: number;
}

const THREADS = 2;
const HUNG_AFTER_MS = 30_000;

interface Job {
  readonly request: SynthRequest;
  resolve(utterance: Utterance): void;
  reject(error: SpeechError): void;
}

/** A thread and what it is doing. */
interface Seat {
  readonly thread: SynthThread;
  job: Job | undefined;
  watchdog: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Shares a few threads among all lines: urgent requests first, then in the order asked. A line that asks for one
 * stretch at a time thus takes its turn with the others. A thread that hangs or dies costs its own request alone.
 */
export class SynthPool {
  readonly #start: StartThread;
  readonly #threads: number;
  readonly #hungAfterMs: number;
  readonly #seats = new Set<Seat>();
  readonly #waiting: Job[] = [];
  #disposed = false;

  constructor(start: StartThread, { threads = THREADS, hungAfterMs = HUNG_AFTER_MS }: PoolOptions = {}) {
    this.#start = start;
    this.#threads = threads;
    this.#hungAfterMs = hungAfterMs;
  }

  /** Speech for one request. Throws SpeechError `synthesis-failed`, or `aborted` by `signal` or by {@link dispose}. */
  run(request: SynthRequest, signal: AbortSignal): Promise<Utterance> {
    return new Promise((resolve, reject) => {
      if (this.#disposed || signal.aborted) return reject(SpeechError.aborted());
      // A stretch that a thread already works on is finished and dropped: that is quicker than a new thread.
      const onAbort = () => {
        const index = this.#waiting.indexOf(job);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(SpeechError.aborted());
      };
      const job: Job = {
        request,
        resolve: (utterance) => {
          signal.removeEventListener('abort', onAbort);
          resolve(utterance);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Ends all threads. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const job of this.#waiting.splice(0)) job.reject(SpeechError.aborted());
    for (const seat of [...this.#seats]) this.#close(seat, SpeechError.aborted());
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const seat = [...this.#seats].find((taken) => !taken.job) ?? this.#open();
      if (!seat) return;
      const urgent = this.#waiting.findIndex((job) => job.request.urgent);
      const [job] = this.#waiting.splice(Math.max(0, urgent), 1);
      seat.job = job;
      seat.watchdog = setTimeout(() => this.#replace(seat, this.#hung()), this.#hungAfterMs);
      seat.thread.post(job!.request);
    }
  }

  #open(): Seat | undefined {
    if (this.#seats.size >= this.#threads) return undefined;
    const thread = this.#start({
      onAnswer: (answer) => this.#answer(seat, answer),
      onDeath: (cause) => this.#replace(seat, SpeechError.synthesisFailed('its thread died.', cause)),
    });
    const seat: Seat = { thread, job: undefined, watchdog: undefined };
    this.#seats.add(seat);
    return seat;
  }

  #answer(seat: Seat, answer: ThreadAnswer): void {
    const job = this.#free(seat);
    if ('utterance' in answer) job?.resolve(answer.utterance);
    else job?.reject(SpeechError.synthesisFailed(answer.error));
    this.#next();
  }

  #replace(seat: Seat, reason: SpeechError): void {
    this.#close(seat, reason);
    this.#next();
  }

  #close(seat: Seat, reason: SpeechError): void {
    this.#seats.delete(seat);
    seat.thread.end();
    this.#free(seat)?.reject(reason);
  }

  #free(seat: Seat): Job | undefined {
    clearTimeout(seat.watchdog);
    const { job } = seat;
    seat.job = undefined;
    return job;
  }

  #hung(): SpeechError {
    return SpeechError.synthesisFailed(
      `no answer within ${this.#hungAfterMs / 1000} s; its thread was replaced.`,
    );
  }
}
