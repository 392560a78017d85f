import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhen,
  noJitterGenerator,
  retry,
} from 'cockatiel';
import { SpeechError, type SpeechErrorCode } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { Account, type Unit, type Urgency } from './account.ts';
import type { LeaseStore } from './lease-store.ts';

/** A service of a pool. */
export interface PoolService {
  /** Speaks for the service. The pool owns it: `dispose` ends it too. */
  readonly source: VoiceSource;
  /** Requests at a time that the account may have. Default 1, which is what services begin with. */
  readonly units?: number;
  /**
   * Requests in a minute that the account may have, where that is less than its units could ask for: 1 or more. Counted with
   * the units, by all that share them. Default: no limit.
   */
  readonly requestsPerMinute?: number;
  /** Name under which the account's units are counted. Default: the source's name. */
  readonly account?: string;
  /** A request in the names of this service, where its voices are called otherwise. Default: as it is. */
  readonly request?: (request: SpeechRequest) => SpeechRequest;
}

/** How a service of a pool is doing. */
export interface ServiceLoad {
  readonly name: string;
  readonly units: number;
  /** Requests that are being spoken now, of this process. */
  readonly active: number;
  /** Requests that wait for a unit. */
  readonly waiting: number;
  /** How long the first of them has been waiting, seconds. */
  readonly oldestWaitSeconds: number;
  /** For how long the service will be asked nothing after it refused, seconds. */
  readonly holdSeconds: number;
  /** How often it refused because there were too many requests. */
  readonly refusals: number;
  /** `out` after failures in a row; `probing` while one request tries whether it is back. */
  readonly state: 'ok' | 'out' | 'probing';
  /** Why no units can be had, as long as their store does not answer: what it said last. */
  readonly storeProblem?: string;
}

/** What the services of a pool share. */
export interface PoolSettings {
  readonly leases: LeaseStore;
  readonly agingSeconds: number;
  readonly maxWaitSeconds: number;
  readonly maxWaiting: number;
  readonly retries: number;
  readonly coolDownSeconds: number;
  readonly outSeconds: number;
  readonly onChange: () => void;
}

/** A line that sounds: what it brought up to its first audio, what follows, and the unit that it uses. */
export interface Begun {
  readonly first: readonly SpeechPart[];
  readonly rest: AsyncIterator<SpeechPart>;
  readonly unit: Unit;
}

/** Failures in a row after which a service is out, and the longest time for which it is then left alone, ms. */
const FAILURES = 5;
const LONGEST_OUT_MS = 300_000;

/** Longest wait before the first and before any further attempt, ms; the real one is anything below it. */
const WAITS_MS = [100, 1000];

/** Ways in which another attempt may do better. */
const PASSING: ReadonlySet<SpeechErrorCode> = new Set([
  'connect-failed',
  'connect-timeout',
  'first-audio-timeout',
  'stalled',
  'closed-early',
  'protocol',
  'empty',
  'service-failed',
  'synthesis-failed',
]);

/** Whether another attempt at the same service may do better. */
function isPassing(error: unknown): boolean {
  return error instanceof SpeechError && PASSING.has(error.code);
}

/** Whether another service may do better. */
export function isServiceFault(error: unknown): boolean {
  return (
    isPassing(error) || (error instanceof SpeechError && /^(?:busy|key|retired)$/.test(error.refusal ?? ''))
  );
}

/** One service with its account, its breaker and its attempts, each of which ends before any audio was given. */
export class PooledService {
  readonly source: VoiceSource;
  readonly #service: PoolService;
  readonly #settings: PoolSettings;
  readonly #account: Account;
  readonly #breaker;
  readonly #retry;
  #outUntilMs = 0;

  constructor(service: PoolService, settings: PoolSettings) {
    const { source, units = 1, requestsPerMinute, account = source.name } = service;
    this.source = source;
    this.#service = { ...service, units, account };
    this.#settings = settings;
    this.#account = new Account({ ...settings, name: account, ...pace(units, requestsPerMinute) });
    const generator = noJitterGenerator;
    this.#breaker = circuitBreaker(
      handleWhen((error) => isServiceFault(error) && !isBusy(error)),
      {
        breaker: new ConsecutiveBreaker(FAILURES),
        halfOpenAfter: new ExponentialBackoff({
          initialDelay: settings.outSeconds * 1000,
          maxDelay: LONGEST_OUT_MS,
          generator,
        }),
      },
    );
    this.#breaker.onStateChange(settings.onChange);
    let outs = 0;
    this.#breaker.onBreak(() => {
      const outMs = Math.min(settings.outSeconds * 1000 * 2 ** outs++, LONGEST_OUT_MS);
      this.#outUntilMs = performance.now() + outMs;
    });
    this.#breaker.onReset(() => {
      outs = 0;
    });
    const backoff = new DelegateBackoff(
      ({ attempt }: { attempt: number }) => Math.random() * WAITS_MS[Math.min(attempt, WAITS_MS.length) - 1]!,
    );
    this.#retry = retry(handleWhen(isPassing), { maxAttempts: settings.retries, backoff });
  }

  get load(): ServiceLoad {
    const { active, waiting, oldestWaitSeconds, holdSeconds, refusals, storeProblem } = this.#account;
    const { units = 1 } = this.#service;
    const { state } = this.#breaker;
    const name = this.source.name;
    const shown = state === CircuitState.Closed ? 'ok' : state === CircuitState.HalfOpen ? 'probing' : 'out';
    const counts = { units, active, waiting, oldestWaitSeconds, holdSeconds, refusals };
    const problem = storeProblem === undefined ? {} : { storeProblem: messageOf(storeProblem) };
    return { name, ...counts, state: shown, ...problem };
  }

  /**
   * Waits for a unit and begins a line, again where that may help. `since` is when the request came, seconds of the
   * performance clock. Throws why it could not be; then nothing of the line was heard.
   */
  async begin(request: SpeechRequest, since: number, signal: AbortSignal): Promise<Begun> {
    const asked = this.#service.request?.(request) ?? request;
    const urgency = new RequestUrgency(request);
    try {
      return await this.#retry.execute(() => this.#attempt(asked, urgency, since, signal), signal);
    } catch (error) {
      if (signal.aborted) throw SpeechError.aborted(error);
      if (!(error instanceof BrokenCircuitError)) throw error;
      const seconds = Math.max(1, Math.ceil((this.#outUntilMs - performance.now()) / 1000));
      const reason = `it failed ${FAILURES} times in a row and is left alone for now`;
      throw SpeechError.refused(this.source.name, reason, 'busy', seconds);
    } finally {
      urgency.dispose();
    }
  }

  dispose(): void {
    this.#account.dispose();
    this.source.dispose();
  }

  /** A refusal for too much at a time is no failure: the request waits again, in its old place. */
  async #attempt(
    request: SpeechRequest,
    urgency: Urgency,
    since: number,
    signal: AbortSignal,
  ): Promise<Begun> {
    let refusal: SpeechError | undefined;
    for (;;) {
      let unit: Unit;
      try {
        unit = await this.#account.enter(urgency, since, signal);
      } catch (error) {
        throw isBusy(error) ? (refusal ?? error) : error;
      }
      try {
        const begun = await this.#breaker.execute(() => firstSound(this.source, request, signal));
        this.#account.handleSpoken();
        return { ...begun, unit };
      } catch (error) {
        // A refused request took no unit; whether a broken one still has it, nobody knows.
        const unused = isBusy(error) || error instanceof BrokenCircuitError;
        unit.release(unused ? 0 : this.#settings.coolDownSeconds);
        if (!isBusy(error)) throw error;
        refusal = error;
        this.#account.holdBack(error.retryAfterSeconds);
      }
    }
  }
}

/** How urgent a request is over all its attempts: what it was lifted to holds for the next one too. */
class RequestUrgency implements Urgency {
  priority: number;
  #listener: ((priority: number) => void) | undefined;
  readonly dispose: () => void;

  constructor({ priority = 0, onLift }: SpeechRequest) {
    this.priority = priority;
    const unlift = onLift?.((lifted) => {
      this.priority = lifted;
      this.#listener?.(lifted);
    });
    this.dispose = () => unlift?.();
  }

  onLift(listener: (priority: number) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }
}

/**
 * Units, and how long each is taken by one request at least, so that in no minute more begin than may: each of the units is
 * taken so often in it, and no oftener. Every process that shares the units keeps to it by itself.
 */
function pace(units: number, perMinute = Number.POSITIVE_INFINITY): { units: number; takenSeconds: number } {
  const usable = Math.min(units, perMinute);
  return { units: usable, takenSeconds: 60 / Math.floor(perMinute / usable) };
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

function isBusy(error: unknown): error is SpeechError {
  return error instanceof SpeechError && error.refusal === 'busy';
}

/** A line up to its first audio. */
async function firstSound(
  source: VoiceSource,
  request: SpeechRequest,
  signal: AbortSignal,
): Promise<Omit<Begun, 'unit'>> {
  const rest = source.speak(request, signal)[Symbol.asyncIterator]();
  const first: SpeechPart[] = [];
  for (;;) {
    const { done, value } = await rest.next();
    if (done) throw SpeechError.closedEarly(source.name);
    if (value.type === 'end') {
      await rest.return?.();
      throw SpeechError.empty(source.name);
    }
    first.push(value);
    if (value.type === 'audio') return { first, rest };
  }
}
