import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ParleyError } from '../speech/errors.ts';
import { DEFAULT_PORT } from './default-port.ts';
import { Account } from './dialects/account.ts';
import { gatewayNowMs } from './gateway-clock.ts';
import {
  checkGatewayOptions,
  dialectVoices,
  type GatewayOptions,
  MAX_CONNECTIONS,
} from './gateway-options.ts';
import { answerHttp, answerMissing } from './http-routes.ts';
import { type LineDesk, openLineDesk } from './lines/line-desk.ts';
import { loadOpus, type Opus } from './lines/opus.ts';
import { createLog } from './operation/gateway-log.ts';
import { Operation } from './operation/operation.ts';
import { scrubber } from './operation/scrub.ts';
import { targetOf } from './routes.ts';
import { SpeechService } from './speech/speech-service.ts';
import { memoryStore } from './stores/memory-store.ts';
import { Budgets } from './tickets/budgets.ts';
import { Door } from './tickets/door.ts';
import { Origins } from './tickets/origins.ts';
import { TicketDesk, ticketKeysOf } from './tickets/ticket-desk.ts';
import { visitorOf } from './tickets/visitor.ts';
import { Upgrades } from './upgrade.ts';

/** Where the gateway listens when nothing else is said. */
const DEFAULT_HOST = '127.0.0.1';

/** Time for a handshake, ms; Node checks it every second. */
const HANDSHAKE_MS = 5_000;

const NO_OPUS =
  'Sound goes as PCM, which is twenty times as much as Opus. For Opus: npm install @evan/opus. To do without: opus: false.';

/** Time that clients have to answer the close of a gateway that ends, ms. */
const CLOSING_MS = 1_000;

/** Where a gateway listens. */
export interface ListenOptions {
  /** 0 takes any free one. Default: 8790. */
  readonly port?: number;
  /** Default: 127.0.0.1, which is this machine alone. */
  readonly host?: string;
}

/** A speech server. */
export interface Gateway {
  /** Where it listens. Throws before {@link listen} has resolved, and on a server of one's own that does not listen. */
  readonly address: { readonly host: string; readonly port: number };
  /** Whether `/v1/speech` takes anybody of this machine without a ticket, since there are neither tickets nor keys. */
  readonly open: boolean;
  /**
   * Resolves once connections are taken. Rejects with Node's error (`EADDRINUSE`); another port may then be tried. Rejects
   * with `InputError` for folders of lines that cannot be used, and with `ParleyError` (`listening`, `attached`, `closed`)
   * when it listens already, is attached, or was closed.
   */
  listen(where?: ListenOptions): Promise<void>;
  /**
   * Takes the WebSockets of its paths on a server of one's own (bare `http`, Fastify, Express), instead of `listen`.
   * Upgrades of other paths are left to others, and refused where nobody else listens to them. Its plain routes are
   * answered by {@link handle}. A second server takes the place of the first. Throws `ParleyError` (`listening`, `closed`).
   */
  attach(server: Server): void;
  /** Answers a request of one of its routes; gives false, and does nothing, for any other. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /**
   * Takes nobody any more, tells clients of the own protocol, and resolves once all lines under way have been sent, at the
   * latest after so many seconds; `close` then ends it. For SIGTERM.
   */
  drain(seconds: number): Promise<void>;
  /** Ends all lines and connections. A server of one's own stays open. May be called twice. */
  close(): Promise<void>;
}

/**
 * A gateway that speaks the Lokutor and Lightning dialects on the paths of those services, makes tickets on
 * `/v1/ticket`, and tells how it is on `/healthz`. Without tickets and keys of its own it speaks on loopback alone, to
 * programs and pages of this machine.
 * Throws `InputError` for options that cannot be: no source, numbers out of range, variants that do not exist, secrets that are too
 * short, origins that are none.
 */
export function createGateway(options: GatewayOptions): Gateway {
  checkGatewayOptions(options);
  const { pingSeconds = 20, trustProxy = false, keys } = options;
  const tickets = options.tickets && ticketKeysOf(options.tickets);
  const secrets = [...(keys?.secrets ?? []), ...(tickets?.secrets ?? [])];
  const { log = createLog({ level: 'warn', secrets }) } = options;
  const { onError = (error) => log.error({ error }, 'fault') } = options;
  const { units = 1, variants = {}, store = memoryStore(), maxConnections = MAX_CONNECTIONS } = options;
  const operation = new Operation({
    ...{ source: options.source, store, log, services: options.services, hide: scrubber(secrets) },
    counts: () => (options.lines ?? opened)?.counts,
  });
  const { source } = operation;
  const account = new Account(units);
  const budgets = new Budgets(store, options.budgets, (name) => operation.metrics.spent(name));
  const { whenStoreAway = 'refuse' } = options.tickets ?? {};
  const door = new Door({
    tickets,
    keys,
    origins: new Origins(options.origins),
    budgets,
    store,
    whenStoreAway,
  });
  const desk =
    options.tickets &&
    new TicketDesk(options.tickets, tickets!, {
      ...{ door, budgets, onError },
      onAnswer: (...answer) => operation.ticketAnswered(...answer),
    });
  const comesFrom = (request: IncomingMessage) => visitorOf(request, boundTo(), trustProxy);
  let ownLines: Promise<LineDesk> | undefined;
  let opened: LineDesk | undefined;
  const openLines = async () => {
    if (options.lines) return options.lines;
    ownLines ??= openLineDesk({ ...options.keeping, source, store, onError });
    try {
      opened = await ownLines;
      return opened;
    } catch (error) {
      ownLines = undefined; // What is wrong with its folders may be put right.
      throw error;
    }
  };
  let encoder: Promise<Opus | undefined> | undefined;
  const openOpus = async () => {
    if (options.opus === false) return undefined;
    encoder ??= loadOpus().catch((error) => {
      log.warn({ error }, NO_OPUS);
      return undefined;
    });
    return encoder;
  };
  const speech = new SpeechService({
    source,
    openLines,
    openOpus,
    pingSeconds,
    nowMs: gatewayNowMs,
    onError,
  });
  const upgrades = new Upgrades({
    ...{ source, onError, pingSeconds, account, variants, voices: dialectVoices(options) },
    ...{ door, visitorOf: comesFrom, speech, operation, maxConnections },
  });
  let listening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  const routes = { tickets: desk, health, visitorOf: comesFrom, operation, door };
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    answerHttp(request, response, routes);

  const own = createServer(
    { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      if (!handle(request, response)) answerMissing(request, response);
    },
  );
  own.on('upgrade', upgrades.handle);
  let attached: Server | undefined;

  function handleForeign(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const alone = attached?.listenerCount('upgrade') === 1; // Else a socket that nobody takes would stay for ever.
    if (alone || upgrades.has(targetOf(request).path)) void upgrades.handle(request, socket, head);
  }

  async function begin(port: number, host: string): Promise<void> {
    await openLines();
    if (closing) throw misused('closed', 'a gateway that is not closed');
    await new Promise<void>((resolve, reject) => {
      own.once('error', reject);
      own.listen(port, host, () => {
        own.off('error', reject);
        resolve();
      });
    });
  }

  async function end(): Promise<void> {
    operation.refuse(); // A handshake that is under way shall find nobody.
    attached?.off('upgrade', handleForeign);
    const closed = new Promise<void>((resolve) => own.close(() => resolve()));
    const left = upgrades.close();
    const timer = setTimeout(() => {
      upgrades.terminate();
      own.closeAllConnections();
    }, CLOSING_MS);
    await Promise.all([closed, left]);
    clearTimeout(timer);
    operation.dispose();
    await ownLines?.then(
      (desk) => desk.dispose(),
      () => {}, // Whoever asked for it was told.
    );
  }

  function health(): object {
    return {
      ...operation.health,
      source: source.name,
      connections: upgrades.count,
      services: options.services?.(),
      lightning: { units, active: account.active, sockets: account.sockets },
    };
  }

  /** The address that can be reached; empty for a socket of this machine's files, or where nobody knows. */
  function boundTo(): string {
    const address = (attached ?? own).address();
    return address === null || typeof address === 'string' ? '' : address.address;
  }

  function addressOf(): AddressInfo {
    const address = (attached ?? own).address();
    if (address === null || typeof address === 'string') {
      throw new ParleyError(
        'not-listening',
        'The gateway has no address: expected listen() to be called first.',
      );
    }
    return address;
  }

  return {
    get address() {
      const { address, port } = addressOf();
      return { host: address, port };
    },

    get open() {
      return door.open;
    },

    async listen({ port = DEFAULT_PORT, host = DEFAULT_HOST } = {}) {
      if (closing) throw misused('closed', 'a gateway that is not closed; make another with createGateway()');
      if (attached) throw misused('attached', 'listen() or attach(), for each gateway one of them');
      if (listening) throw misused('listening', 'listen() once for each gateway; it listens already');
      listening = begin(port, host);
      try {
        await listening;
      } catch (error) {
        listening = undefined; // Another port may do.
        throw error;
      }
    },

    attach(server) {
      if (closing) throw misused('closed', 'a gateway that is not closed; make another with createGateway()');
      if (listening) throw misused('listening', 'listen() or attach(), for each gateway one of them');
      attached?.off('upgrade', handleForeign);
      attached = server;
      server.on('upgrade', handleForeign);
    },

    handle,

    drain(seconds) {
      speech.drain(seconds);
      return operation.drain(seconds, () => speech.lines);
    },

    close() {
      closing ??= end();
      return closing;
    },
  };
}

function misused(code: 'closed' | 'attached' | 'listening', expected: string): ParleyError {
  return new ParleyError(code, `The gateway: expected ${expected}.`);
}
