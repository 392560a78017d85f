import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { VoiceSource } from '../../speech/source.ts';
import type { ServiceLoad } from '../../voices/pool/pool-service.ts';
import { onDrop } from '../drops.ts';
import type { LineCounts } from '../lines/line-desk.ts';
import type { Refusal, RefusalCause } from '../refusal.ts';
import { targetOf } from '../routes.ts';
import type { Store } from '../stores/store.ts';
import type { GatewayLog } from './gateway-log.ts';
import { type Health, healthOf } from './health.ts';
import { Lines, measuredVoices } from './measured-voices.ts';
import { GatewayMetrics } from './metrics.ts';

/** Between two looks whether all that was under way is over, ms. */
const LOOK_MS = 25;

/** Until a store that is away is asked why again, ms. */
const AGAIN_MS = 3_000;

/** Origins that were refused and are told of each by name; of more there is only a count. */
const MOST_STRANGERS = 50;

export interface OperationOptions {
  readonly source: VoiceSource;
  readonly store: Store;
  readonly log: GatewayLog;
  readonly services: (() => readonly ServiceLoad[]) | undefined;
  /** Takes secrets out of what clients are told. */
  readonly hide: (text: string) => string;
  /** How lines came to those who asked, once there are any. */
  readonly counts: () => LineCounts | undefined;
}

/** What whoever runs the gateway sees of it: log, metrics and health; and its orderly end. */
export class Operation {
  /** The source, with its lines counted and timed. */
  readonly source: VoiceSource;
  readonly metrics: GatewayMetrics;
  readonly #options: OperationOptions;
  readonly #lines = new Lines();
  readonly #sockets = new Set<Duplex & { readonly bytesWritten?: number }>();
  readonly #opened = new Set<WebSocket>();
  readonly #unlisten: () => void;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #gone = 0;
  /** Origins that were told of. */
  readonly #strangers = new Set<string>();

  constructor(options: OperationOptions) {
    this.#options = options;
    this.source = measuredVoices(options.source, this.#lines, () => this.metrics, options.hide);
    this.metrics = new GatewayMetrics({
      connections: () => this.#opened.size,
      sentBytes: () =>
        [...this.#sockets].reduce((sum, { bytesWritten = 0 }) => sum + bytesWritten, this.#gone),
      lines: this.#lines,
      services: options.services,
      counts: options.counts,
      degraded: () => options.store.state !== 'ok',
    });
    const { store, log } = options;
    this.#unlisten = store.onState((state) => {
      clearTimeout(this.#looking);
      if (state === 'ok') log.warn({ state }, 'store is back');
      else this.#tellAway(JSON.stringify(store.why));
    });
  }

  get draining(): boolean {
    return this.#lines.ending;
  }

  get health(): Health {
    const { store, services } = this.#options;
    return healthOf({
      draining: this.draining,
      away: store.away,
      why: store.why,
      services: services?.() ?? [],
    });
  }

  /** A handshake was answered: with a refusal, or taken. */
  answered(request: IncomingMessage, refusal: Refusal | undefined): void {
    const { status = 101 } = refusal ?? {};
    const cause = refusal && (refusal.cause ?? 'request');
    this.metrics.handshake(status);
    if (cause) this.metrics.refused('connection', cause);
    // Of a path that is none of ours nothing is written: it is the client's own text.
    const { path } = targetOf(request);
    this.#log(request, { status, ...(cause && { cause }), ...(status !== 404 && { path }) }, 'handshake');
  }

  /** Somebody who asked for a ticket was answered. */
  ticketAnswered(request: IncomingMessage, status: number, cause?: RefusalCause): void {
    if (cause) this.metrics.refused('ticket', cause);
    else if (status === 200) this.metrics.ticket();
    this.#log(request, { status, ...(cause && { cause }) }, 'ticket');
  }

  /** A page that may not speak is told of once: it is a mistake in the list of origins, or none of ours. */
  #log({ headers }: IncomingMessage, told: { status: number; cause?: RefusalCause }, message: string): void {
    const { log } = this.#options;
    const { status, cause } = told;
    const origin = cause === 'origin' ? originOf(headers.origin) : undefined;
    if (origin !== undefined && !this.#strangers.has(origin) && this.#strangers.size < MOST_STRANGERS) {
      this.#strangers.add(origin);
      log.warn({ ...told, origin }, `${message}: this origin is not among those that may speak`);
    } else log[status === 401 || status === 403 || cause === 'rate' ? 'info' : 'debug'](told, message);
  }

  /** A connection is open. */
  opened(socket: WebSocket, stream: Duplex & { readonly bytesWritten?: number }): void {
    this.#opened.add(socket);
    this.#sockets.add(stream);
    onDrop(socket, (drop) => {
      this.metrics.drop(drop);
      this.#options.log.info({ drop }, 'dropped');
    });
    socket.once('close', (code) => {
      this.#opened.delete(socket);
      this.#sockets.delete(stream);
      this.#gone += stream.bytesWritten ?? 0;
      this.metrics.close(code);
      this.#options.log.debug({ code }, 'connection closed');
    });
  }

  /** Hears nothing of the store any more, which is its owner's. */
  dispose(): void {
    clearTimeout(this.#looking);
    this.#unlisten();
  }

  /** Why a store is away is often known only when it is looked for again. */
  #tellAway(first: string | undefined): void {
    const { store, log } = this.#options;
    const { state, away, why } = store;
    log.warn({ state, away, why }, 'store is away');
    this.#looking = setTimeout(() => {
      const { state, away, why } = store;
      if (JSON.stringify(why) !== first) log.warn({ state, away, why }, 'store is still away');
    }, AGAIN_MS);
    this.#looking.unref();
  }

  /** Takes nobody and speaks no line any more; what is under way goes on. */
  refuse(): void {
    this.#lines.ending = true;
  }

  /** Refuses what is new, and resolves once what is under way has been sent, or the time is over. */
  async drain(seconds: number, others: () => number): Promise<void> {
    const { log } = this.#options;
    if (!this.draining) log.info({ seconds, lines: this.#lines.active }, 'draining');
    this.refuse();
    const end = performance.now() + seconds * 1_000;
    while (this.#busy(others()) && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    log.info({ lines: this.#lines.active }, 'drained');
  }

  #busy(others: number): boolean {
    return (
      this.#lines.active + others > 0 || [...this.#opened].some(({ bufferedAmount }) => bufferedAmount > 0)
    );
  }
}

/** An origin as browsers write it; of anything else nothing is shown. */
function originOf(given = ''): string {
  if (given.length > 200 || !URL.canParse(given)) return 'no origin';
  const { origin } = new URL(given);
  return origin === given ? origin : 'no origin';
}
