import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ParleyError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import { serveLokutor } from './lokutor-dialect.ts';
import { isLoopbackAddress, isLoopbackOrigin } from './loopback.ts';

/** Where the gateway listens when nothing else is said. */
export const DEFAULT_PORT = 8790;
const DEFAULT_HOST = '127.0.0.1';

/** Paths that speak the Lokutor dialect: the service's older and newer one. */
const LOKUTOR_PATHS = new Set(['/ws', '/ws/tts']);

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
}

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
 * A gateway that speaks the Lokutor dialect on `/ws` and `/ws/tts`, and tells how it is on `/healthz`.
 * Pages may connect when they were served from this machine, programs (which send no `Origin`) always.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { source, onError = (error) => console.error(error), pingSeconds = 20 } = options;
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
    const path = pathOf(request);
    if (path === '/healthz') {
      const body = JSON.stringify({ status: 'ok', source: source.name, connections: sockets.clients.size });
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
    } else if (LOKUTOR_PATHS.has(path)) {
      answer(response, 426, `${path} is a WebSocket.`, { upgrade: 'websocket', connection: 'upgrade' });
    } else {
      answer(response, 404, `There is no ${path} here. There are /ws, /ws/tts and /healthz.`);
    }
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const no = refusalOf(request);
    if (no) {
      refuseUpgrade(socket, no.status, no.reason);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveLokutor(client, { source, onError, pingSeconds }),
    );
  }

  /** Why a handshake is not accepted, if it is not. */
  function refusalOf(request: IncomingMessage): { status: number; reason: string } | undefined {
    const path = pathOf(request);
    if (!LOKUTOR_PATHS.has(path)) {
      return { status: 404, reason: `There is no ${path} here. There are /ws and /ws/tts.` };
    }
    if (!isLoopbackAddress(addressOf().address)) {
      return {
        status: 403,
        reason: `${path} speaks only on loopback (127.0.0.1, ::1), without keys of its own.`,
      };
    }
    const { origin } = request.headers;
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

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0]!;
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
