/** A port on which an emulated service answers requests and carries sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a service does with its visitors. */
export interface PortOptions {
  /** Judges a handshake: `undefined` lets it in. */
  admit(request: IncomingMessage, url: URL): { status: number; body: unknown } | undefined;
  /** Serves a socket that was let in. */
  carry(socket: WebSocket, url: URL, request: IncomingMessage): void;
  /** Answers requests that are no handshake. Default: 404. */
  readonly answer?: RequestListener;
}

/** What all emulators give back. */
export interface ServedPort {
  /** `ws://127.0.0.1:PORT`. */
  readonly url: string;
  /** Sockets that are open. */
  readonly open: ReadonlySet<WebSocket>;
  /** Drops all connections. May be called twice. */
  close(): Promise<void>;
}

export async function servePort({ admit, carry, answer }: PortOptions): Promise<ServedPort> {
  const http = createServer(answer ?? ((_, response) => response.writeHead(404).end()));
  const sockets = new WebSocketServer({ noServer: true });
  const connections = new Set<Socket>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'ws://service');
    const refusal = admit(request, url);
    if (refusal) {
      const body = JSON.stringify(refusal.body);
      const head = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
      socket.end(`HTTP/1.1 ${refusal.status} No\r\n${head}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      carry(client, url, request);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    open: sockets.clients,
    async close() {
      for (const socket of connections) socket.destroy();
      if (!http.listening) return;
      http.close();
      await once(http, 'close');
    },
  };
}
