/** What emulators of services that speak over WebSocket have in common: a port, handshakes that are judged, a way to end. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A service that listens. */
export interface Emulator {
  /** `ws://127.0.0.1:PORT` and the service's path. */
  readonly url: string;
  /** Drops all connections. May be called twice. */
  close(): Promise<void>;
}

/** The answer to a handshake: welcome, or an HTTP status with what stands in its body. */
export type Answer = 'welcome' | { readonly status: number; readonly body: unknown };

/** What a service does with its visitors. */
export interface SocketService {
  readonly path: string;
  /** Judges a handshake. */
  admit(request: IncomingMessage, url: URL): Answer;
  /** Serves a visitor who was let in. */
  serve(socket: WebSocket, url: URL, request: IncomingMessage): void;
}

/** Opens a service on a free port of this machine. */
export async function listen(service: SocketService): Promise<Emulator> {
  const http = createServer((_, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({ noServer: true });
  const connections = new Set<Socket>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'ws://emulator');
    const answer = service.admit(request, url);
    if (answer !== 'welcome') {
      const body = JSON.stringify(answer.body);
      socket.end(
        `HTTP/1.1 ${answer.status} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      service.serve(client, url, request);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}${service.path}`,
    async close() {
      for (const socket of connections) socket.destroy();
      if (!http.listening) return;
      http.close();
      await once(http, 'close');
    },
  };
}

/** The subprotocols that a visitor offers. */
export function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** The object in a text message; undefined for anything else. */
export function objectIn(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
