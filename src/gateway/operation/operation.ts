import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { VoiceSource } from '../../speech/source.ts';
import type { ServiceLoad } from '../../voices/pool/pool-service.ts';
import { onDrop } from '../drops.ts';
import type { LineCounts } from '../lines/line-desk.ts';
import { targetOf } from '../routes.ts';
import type { Store } from '../stores/store.ts';
import type { GatewayLog } from './gateway-log.ts';
import { type Health, healthOf } from './health.ts';
import { Lines, measuredVoices } from './measured-voices.ts';
import { GatewayMetrics } from './metrics.ts';

/** Between two looks whether all that was under way is over, ms. */
const LOOK_MS = 25;

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
  #gone = 0;

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
      if (state === 'ok') log.warn({ state }, 'store is back');
      else log.warn({ state, away: store.away, why: store.why }, 'store is away');
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

  /** A handshake was answered. */
  answered(request: IncomingMessage, status: number): void {
    this.metrics.handshake(status);
    const level = status === 401 || status === 403 ? 'info' : 'debug';
    // Of a path that is none of ours nothing is written: it is the client's own text.
    const { path } = targetOf(request);
    this.#options.log[level]({ status, ...(status !== 404 && { path }) }, 'handshake');
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
    this.#unlisten();
  }

  /** Refuses what is new, and resolves once what is under way has been sent, or the time is over. */
  async drain(seconds: number, others: () => number): Promise<void> {
    const { log } = this.#options;
    if (!this.draining) log.info({ seconds, lines: this.#lines.active }, 'draining');
    this.#lines.ending = true;
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
