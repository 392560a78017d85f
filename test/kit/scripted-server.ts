/** A real WebSocket server that plays a script: what a service may send, good or bad. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Plays the answer to one request. `nth` counts the requests of all sockets from 0. */
export type Script = (
  socket: WebSocket,
  request: Record<string, unknown>,
  nth: number,
) => void | Promise<void>;

export interface ScriptedServer {
  /** `ws://127.0.0.1:PORT` and the path. */
  readonly url: string;
  /** All requests that came, in order. */
  readonly requests: Record<string, unknown>[];
  /** Paths and queries of all handshakes, in order. */
  readonly handshakes: string[];
  /** Their headers. */
  readonly headers: IncomingHttpHeaders[];
  /** Sockets that are open now. */
  readonly open: ReadonlySet<WebSocket>;
  /** Drops all connections. May be called twice. */
  close(): Promise<void>;
}

/** The answer to a handshake that is refused. */
export interface Refusal {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How handshakes are answered: a status that is not 101 refuses them; `hang` never answers. Default: 101. */
export type Handshake = (nth: number) => number | Refusal | 'hang';

export interface ScriptedOptions {
  readonly handshake?: Handshake;
  readonly port?: number;
  /** Path and query in the URL that is given out; any is served. Default: `/ws`. */
  readonly path?: string;
  /** Whether pings are answered. Default: true. */
  readonly autoPong?: boolean;
}

export async function startScripted(
  script: Script,
  { handshake = () => 101, port = 0, path = '/ws', autoPong = true }: ScriptedOptions = {},
): Promise<ScriptedServer> {
  const http: Server = createServer();
  const sockets = new WebSocketServer({ noServer: true, autoPong });
  const connections = new Set<Socket>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  const requests: Record<string, unknown>[] = [];
  const handshakes: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  http.on('upgrade', (request, socket, head) => {
    handshakes.push(request.url ?? '');
    headers.push(request.headers);
    const answer = handshake(handshakes.length - 1);
    if (answer === 'hang') return;
    const {
      status,
      body = '',
      headers: fields = {},
    } = typeof answer === 'number' ? { status: answer } : answer;
    if (status !== 101) {
      const lines = Object.entries({
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
        ...fields,
      });
      const written = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.end(`HTTP/1.1 ${status} No\r\n${written}\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {}); // A client that vanishes is part of the script.
      client.on('message', (data) => {
        const body: Record<string, unknown> = JSON.parse(String(data));
        requests.push(body);
        void script(client, body, requests.length - 1);
      });
    });
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}${path}`,
    requests,
    handshakes,
    headers,
    open: sockets.clients,
    close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      return closed;
    },
  };
}

/** Samples of a rising ramp as they go over the wire. */
export function rampBytes(count: number, first = 0): Buffer {
  const bytes = Buffer.alloc(count * 2);
  for (let index = 0; index < count; index++) bytes.writeInt16LE((first + index) % 30_000, index * 2);
  return bytes;
}
