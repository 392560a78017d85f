import { InputError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { lookAheadOf, type SpeechRequest, type VoiceSource } from '../../speech/source.ts';
import { pauseSeconds, waitSeconds } from '../session/seconds.ts';
import { type LeaseStore, memoryLeases } from './lease-store.ts';
import {
  type Begun,
  isServiceFault,
  PooledService,
  type PoolService,
  type ServiceLoad,
} from './pool-service.ts';

/** What {@link poolVoices} can be told. */
export interface PoolOptions {
  /** The services, the one that is asked first at the head. */
  readonly services: readonly PoolService[];
  /** Where units are counted. Default: in this process alone. */
  readonly leases?: LeaseStore;
  /** Longest wait of a request for a unit, seconds above 0, up to 86,400. Default 30. */
  readonly maxWaitSeconds?: number | undefined;
  /** Most requests that wait for one service, 1 or more; of more the least urgent is refused. Default 256. */
  readonly maxWaiting?: number;
  /** Waiting for so long counts as much as a priority one higher, seconds above 0, up to 86,400. Default 5. */
  readonly agingSeconds?: number;
  /** Further attempts at a service after one that failed, before the next service is asked; 0 or more. Default 2. */
  readonly retries?: number;
  /**
   * How long a unit stays taken after a line broke or was cancelled, seconds: no service says whether closing the
   * connection frees it at once. From 0 to 86,400; default 1.
   */
  readonly coolDownSeconds?: number;
  /**
   * How long a service is left alone after five failures in a row, seconds above 0; doubles, up to 5 minutes, while it
   * fails. Default 10.
   */
  readonly outSeconds?: number;
  /** Told, soon after, when one of the numbers of {@link PooledVoices.load} has changed. What it throws is thrown on its own. */
  readonly onLoad?: (load: readonly ServiceLoad[]) => void;
}

/** A source that stands for one or more services. */
export interface PooledVoices extends VoiceSource {
  /** How the services are doing, in the order in which they were given. */
  readonly load: readonly ServiceLoad[];
}

/**
 * For servers: makes lines wait for the units of a service's account, those of higher priority first, and asks another
 * service where one fails. A refusal for too much at a time puts the line back into the queue and is no failure.
 *
 * A line is tried again, or given to another service, only while none of its audio has been given. One that breaks later
 * fails with an error whose `broke` says how many seconds came, and from where the text is still to be spoken.
 * Throws {@link InputError} for no service, for units and requests a minute below 1, and for a number that is out of range.
 */
export function poolVoices(options: PoolOptions): PooledVoices {
  const {
    maxWaitSeconds = 30,
    maxWaiting = 256,
    agingSeconds = 5,
    retries = 2,
    coolDownSeconds = 1,
  } = options;
  const { leases = memoryLeases(), outSeconds = 10, onLoad } = options;
  if (options.services.length === 0) throw new InputError('services', 'at least one', 'none');
  for (const { units = 1, requestsPerMinute = 1 } of options.services) {
    whole('units', units, 1);
    whole('requestsPerMinute', requestsPerMinute, 1);
  }
  const limits = {
    maxWaitSeconds: waitSeconds('maxWaitSeconds', maxWaitSeconds),
    agingSeconds: waitSeconds('agingSeconds', agingSeconds),
    outSeconds: waitSeconds('outSeconds', outSeconds),
    coolDownSeconds: pauseSeconds('coolDownSeconds', coolDownSeconds),
    maxWaiting: whole('maxWaiting', maxWaiting, 1),
    retries: whole('retries', retries, 0),
  };
  let telling = false;
  const onChange = () => {
    if (!onLoad || telling) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      onLoad(load());
    });
  };
  const settings = { leases, ...limits, onChange };
  const services = options.services.map((service) => new PooledService(service, settings));
  const load = () => services.map((service) => service.load);
  const sources = services.map(({ source }) => source);
  const disposed = new AbortController();

  async function* speak(request: SpeechRequest, caller: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const signal = AbortSignal.any([caller, disposed.signal]);
    if (signal.aborted) throw SpeechError.aborted();
    const since = performance.now() / 1000;
    for (const service of services) {
      let begun: Begun;
      try {
        begun = await service.begin(request, since, signal);
      } catch (error) {
        if (service === services.at(-1) || !isServiceFault(error)) throw error;
        continue;
      }
      yield* deliver(begun, coolDownSeconds);
      return;
    }
  }

  return {
    name: sources.map(({ name }) => name).join('+'),
    home: 'node',
    timing: sources.map(({ timing }) => timing).reduce((a, b) => (b.confidence < a.confidence ? b : a)),
    ...(sources.length === 1 && sources[0]!.traits ? { traits: sources[0]!.traits } : {}),
    ...(sources.every(({ readsMarkup }) => readsMarkup) && { readsMarkup: true }),
    lookAheadSeconds: Math.max(...sources.map(lookAheadOf)),
    get load() {
      return load();
    },
    speak,
    prepare: () => {
      const ready = services.find((service) => service.load.state === 'ok') ?? services[0]!;
      ready.source.prepare?.();
    },
    dispose: () => {
      disposed.abort();
      for (const service of services) service.dispose();
    },
  };
}

function whole(what: string, number: number, least: number): number {
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new InputError(what, `a whole number from ${least}`, String(number));
}

/** A line that has begun, to its end; its unit is given back however it ends. */
async function* deliver(
  { first, rest, unit }: Begun,
  coolDownSeconds: number,
): AsyncGenerator<SpeechPart, void, void> {
  const progress = new Progress();
  let whole = false;
  try {
    for (const part of first) {
      progress.handle(part);
      yield part;
    }
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      progress.handle(next.value);
      whole = next.value.type === 'end';
      if (whole) unit.release(); // Before the end is told: the next line may begin with it.
      yield next.value;
    }
  } catch (error) {
    throw error instanceof SpeechError && error.code !== 'aborted'
      ? error.brokenAt({ seconds: progress.seconds, from: progress.from })
      : error;
  } finally {
    unit.release(coolDownSeconds);
    if (!whole) await rest.return?.();
  }
}

/** How far a line has come. */
class Progress {
  seconds = 0;
  readonly #words: { readonly end: number; readonly to: number }[] = [];

  /** Behind the last word that was given whole. */
  get from(): number | undefined {
    if (this.#words.length === 0) return undefined;
    return this.#words.filter(({ end }) => end <= this.seconds).at(-1)?.to ?? 0;
  }

  handle(part: SpeechPart): void {
    if (part.type === 'audio') this.seconds += part.samples.length / part.sampleRate;
    else if (part.type === 'words') this.#words.push(...part.words);
  }
}
