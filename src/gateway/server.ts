import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { InputError, ParleyError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import type { ServiceLoad } from '../voices/pool/pool-service.ts';
import { Account } from './dialects/account.ts';
import { serveLightning } from './dialects/lightning-dialect.ts';
import { serveLokutor } from './dialects/lokutor-dialect.ts';
import {
  checkVariants,
  LIGHTNING_VARIANTS,
  LOKUTOR_VARIANTS,
  readVariants,
  type VariantSettings,
} from './dialects/variants.ts';
import { isLoopbackAddress, isLoopbackOrigin } from './loopback.ts';
import { askedRefusal, lightningBody, type Refusal, refuseUpgrade } from './refusal.ts';
import { ROUTES, type Route } from './routes.ts';

/** Where the gateway listens when nothing else is said. */
export const DEFAULT_PORT = 8790;
const DEFAULT_HOST = '127.0.0.1';

/** Largest message of a client, bytes: over-long text shall be answered, not cut off. */
const MAX_PAYLOAD = 256 * 1024;

/** Pieces a message may come in, and reads it may take: far from what honest clients need, against CVE-2026-48779. */
const MAX_FRAGMENTS = 8;
const MAX_BUFFERED_CHUNKS = 1024;

/** Connections at a time. A crowd of talking characters needs one for each that speaks. */
const MAX_CONNECTIONS = 256;

/** Time for a handshake, ms; Node checks it every second. */
const HANDSHAKE_MS = 5_000;

/** Time that clients have to answer the close of a gateway that ends, ms. */
const CLOSING_MS = 1_000;

/** Close code "going away". */
const GOING_AWAY = 1001;

/** Where a gateway listens. */
export interface ListenOptions {
  /** 0 takes any free one. Default: 8790. */
  readonly port?: number;
  /** Default: 127.0.0.1, which is this machine alone. */
  readonly host?: string;
}

export interface GatewayOptions {
  /** Where the speech comes from. It stays the caller's, to be disposed after the gateway. */
  readonly source: VoiceSource;
  /** Told of faults that are no client's doing. Default: written to standard error. */
  readonly onError?: (error: unknown) => void;
  /** Seconds between pings; a client that misses two is dropped. Default: 20. */
  readonly pingSeconds?: number;
  /**
   * Concurrency units of the account that the Lightning dialect keeps, 1 to 1,000: each has five sockets and one active
   * request, and what is more is rejected. Default: 1, as that service's own.
   */
  readonly units?: number;
  /** Forms of the dialects for connections whose address does not ask for one; see docs/gateway.md. Default: none. */
  readonly variants?: VariantSettings;
  /** Names that clients of the Lightning dialect may use, and the source's voices that they mean. Default: none. */
  readonly voices?: Readonly<Record<string, string>>;
  /** How the services behind the source are doing, for `/healthz`. Default: nothing is said of them. */
  readonly services?: (() => readonly ServiceLoad[]) | undefined;
}

const MOST_UNITS = 1_000;

/** A speech server. For now it is meant for one's own machine: off loopback its speech routes refuse. */
export interface Gateway {
  /** Where it listens. Throws before {@link listen} has resolved. */
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves once connections are taken. Rejects with Node's error (`EADDRINUSE`); another port may then be tried. */
  listen(where?: ListenOptions): Promise<void>;
  /** Ends all lines and connections. May be called twice. */
  close(): Promise<void>;
}

/**
 * A gateway that speaks the Lokutor and Lightning dialects on the paths of those services, and tells how it is on
 * `/healthz`. Pages may connect when they were served from this machine, programs (which send no `Origin`) always.
 * Throws {@link InputError} for units out of range and for variants that do not exist.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { source, onError = (error) => console.error(error), pingSeconds = 20 } = options;
  const { units = 1, variants = {}, voices = {} } = options;
  if (!(Number.isInteger(units) && units >= 1 && units <= MOST_UNITS)) {
    throw new InputError('units', `a whole number from 1 to ${MOST_UNITS}`, String(units));
  }
  checkVariants(variants);
  const account = new Account(units);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    perMessageDeflate: false,
  });
  const http = createServer(
    { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS, connectionsCheckingInterval: 1_000 },
    handleRequest,
  );
  http.on('upgrade', handleUpgrade);

  function handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const { path } = targetOf(request);
    if (path === '/healthz') {
      const body = JSON.stringify({
        status: 'ok',
        source: source.name,
        connections: sockets.clients.size,
        services: options.services?.(),
        lightning: { units, active: account.active, sockets: account.sockets },
      });
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
    } else if (ROUTES.has(path)) {
      answer(response, 426, `${path} is a WebSocket.`, { upgrade: 'websocket', connection: 'upgrade' });
    } else {
      answer(response, 404, `There is no ${path} here. There are ${SPEECH_PATHS} and /healthz.`);
    }
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { path, query } = targetOf(request);
    const route = ROUTES.get(path);
    if (!route) {
      refuseUpgrade(socket, { status: 404, reason: `There is no ${path} here. There are ${SPEECH_PATHS}.` });
      return;
    }
    const speaker = refusalOf(request, path) ?? speakerOf(route, query, request);
    if (typeof speaker === 'object') refuseUpgrade(socket, speaker);
    else sockets.handleUpgrade(request, socket, head, speaker);
  }

  /** Why nobody may speak over this handshake, if so. */
  function refusalOf({ headers: { origin } }: IncomingMessage, path: string): Refusal | undefined {
    if (!isLoopbackAddress(addressOf().address)) {
      return {
        status: 403,
        reason: `${path} speaks only on loopback (127.0.0.1, ::1), without keys of its own.`,
      };
    }
    if (origin !== undefined && !isLoopbackOrigin(origin)) {
      return {
        status: 403,
        reason: 'Only pages of this machine (http://localhost, http://127.0.0.1) may speak here.',
      };
    }
    if (sockets.clients.size >= MAX_CONNECTIONS) {
      return { status: 503, reason: `There are ${MAX_CONNECTIONS} connections already.` };
    }
    return undefined;
  }

  /** What serves a connection of this route, or why the emulated service does not take it. */
  function speakerOf(
    route: Route,
    query: URLSearchParams,
    { headers }: IncomingMessage,
  ): ((socket: WebSocket) => void) | Refusal {
    const common = { source, onError, pingSeconds };
    try {
      if (route.dialect === 'lokutor') {
        const chosen = readVariants(LOKUTOR_VARIANTS, query, variants);
        const status = statusOf(chosen.handshake, headers, query);
        if (status !== undefined) return askedRefusal(status, false);
        return (socket) => serveLokutor(socket, { ...common, variants: chosen });
      }
      const chosen = readVariants(LIGHTNING_VARIANTS, query, variants);
      const idleSeconds = idleSecondsOf(route, query);
      const status = statusOf(chosen.handshake, headers, query);
      if (status !== undefined) return askedRefusal(status, true);
      if (account.full) {
        const reason = `too many connections: ${account.mostSockets} are allowed for ${units} concurrency unit${units > 1 ? 's' : ''}`;
        return { status: 429, reason, json: lightningBody(429, reason) };
      }
      const { version } = route;
      return (socket) =>
        serveLightning(socket, { ...common, version, account, voices, variants: chosen, idleSeconds });
    } catch (error) {
      if (error instanceof InputError) return { status: 400, reason: error.message };
      throw error;
    }
  }

  function addressOf(): AddressInfo {
    const address = http.address();
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

    listen({ port = DEFAULT_PORT, host = DEFAULT_HOST } = {}) {
      return new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          resolve();
        });
      });
    },

    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      for (const client of sockets.clients) client.close(GOING_AWAY, 'the gateway closes');
      const timer = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
      }, CLOSING_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** The paths of speech, for people. */
const SPEECH_PATHS = [...ROUTES.keys()].join(', ');

function targetOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

/** The status by which a handshake is to be refused; undefined where it is to be taken. */
function statusOf(
  choice: string,
  headers: IncomingMessage['headers'],
  query: URLSearchParams,
): number | undefined {
  if (choice === 'ok') return undefined;
  if (choice !== 'key') return Number(choice);
  const bearer = /^Bearer \S/.test(headers.authorization ?? '');
  return bearer || headers['x-api-key'] || query.get('api_key') || query.get('token') ? undefined : 401;
}

/** The idle time that a connection asks for by `timeout`, seconds. */
function idleSecondsOf(route: Extract<Route, { dialect: 'lightning' }>, query: URLSearchParams): number {
  const wanted = query.get('timeout');
  if (wanted === null) return route.idleSeconds;
  const seconds = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (seconds >= 1 && seconds <= route.longestIdleSeconds) return seconds;
  const most = route.longestIdleSeconds < Number.MAX_SAFE_INTEGER ? ` to ${route.longestIdleSeconds}` : '';
  throw new InputError('timeout', `a whole number of seconds from 1${most}`, JSON.stringify(wanted));
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}
