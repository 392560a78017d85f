import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2, type Http2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

/** How every HTTP/2 connection begins. */
const PREFACE = 'PRI';

/** One port for HTTP/1.1, WebSockets and HTTP/2 without TLS, told apart by the first bytes. */
export class ProxyFront {
  readonly http: HttpServer = createHttp();
  readonly http2: Http2Server = createHttp2();
  readonly port: Server;
  readonly #connections = new Set<Socket>();

  constructor() {
    this.port = createServer((socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.once('readable', () => {
        const first: Buffer | null = socket.read();
        if (first === null) return void socket.destroy();
        socket.unshift(first);
        const server = first.toString('latin1').startsWith(PREFACE) ? this.http2 : this.http;
        server.emit('connection', socket);
      });
    });
  }

  /** Drops all connections. May be called twice. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.port.close(() => resolve()));
    for (const socket of this.#connections) socket.destroy();
    return closed;
  }
}
