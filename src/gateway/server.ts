import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { VoiceSource } from '../speech/source.ts';
import { refusalOf } from './access.ts';
import { keepAlive } from './keep-alive.ts';
import { LOKUTOR_SAMPLE_RATE, serveLokutor } from './lokutor-dialect.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Speaks the lines; must give audio at 44,100 Hz. Not disposed with the gateway: who made it ends it. */
  readonly source: VoiceSource;
}

/** Where a gateway listens. */
export interface ListenOptions {
  /** 0 takes any free port. Default 8790. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string;
}

/** A running or stopped speech server. */
export interface Gateway {
  /** Resolves when connections are taken; rejects with Node's error, such as `EADDRINUSE`. */
  listen(options?: ListenOptions): Promise<void>;
  /** Where it listens. Throws before {@link listen} has resolved. */
  readonly address: { readonly host: string; readonly port: number };
  /** Cancels all lines, closes all sockets and frees the port. May be called twice. */
  close(): Promise<void>;
}

/** Port of the gateway unless it is told otherwise. */
export const DEFAULT_PORT = 8790;
const DEFAULT_HOST = '127.0.0.1';

/** Routes of the Lokutor dialect. */
const LOKUTOR_ROUTES = new Set(['/ws', '/ws/tts']);

/** Largest message taken, bytes: a text that is too long is to be answered, not cut off. */
const MAX_PAYLOAD = 262_144;

/** Sockets at a time; more are answered with 503. */
const MAX_SOCKETS = 256;

/** A server that speaks the Lokutor dialect for any voice source. */
export function createGateway({ source }: GatewayOptions): Gateway {
  let host = DEFAULT_HOST;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false, // Sound does not shrink, and compression costs memory for each socket.
    ...{ maxFragments: 8, maxBufferedChunks: 64 },
  });
  const stopKeepAlive = keepAlive(sockets);
  const server = createServer((request, response) => answer(request, response, source, sockets));

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gateway');
    if (!LOKUTOR_ROUTES.has(pathname))
      return reject(socket, 404, `There is no socket at ${pathname.slice(0, 100)}.`);
    const refusal = refusalOf(request, host);
    if (refusal) return reject(socket, 403, refusal);
    if (sockets.clients.size >= MAX_SOCKETS) return reject(socket, 503, 'Too many connections.');
    sockets.handleUpgrade(request, socket, head, (client: WebSocket) => serveLokutor(client, source));
  });

  return {
    listen: (options = {}) => {
      host = options.host ?? DEFAULT_HOST;
      return listening(server, options.port ?? DEFAULT_PORT, host);
    },
    get address() {
      const { address, port } = server.address() as AddressInfo;
      return { host: address, port };
    },
    close: async () => {
      stopKeepAlive();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  source: VoiceSource,
  sockets: WebSocketServer,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://gateway');
  const healthy = pathname === '/healthz';
  const body = healthy
    ? { status: 'ok', source: source.name, sampleRate: LOKUTOR_SAMPLE_RATE, sockets: sockets.clients.size }
    : { error: `Nothing at ${pathname.slice(0, 100)}. Speech is at /ws (WebSocket), health at /healthz.` };
  response.writeHead(healthy ? 200 : LOKUTOR_ROUTES.has(pathname) ? 426 : 404, {
    'content-type': 'application/json',
  });
  response.end(`${JSON.stringify(body)}\n`);
}

function reject(socket: Duplex, status: number, reason: string): void {
  socket.on('error', () => {}); // The client may be gone; there is nobody to tell.
  socket.end(
    `HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : status === 403 ? 'Forbidden' : 'Service Unavailable'}\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`,
  );
}
