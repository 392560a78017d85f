import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { FaultGate, type Faults } from './fault-gate.ts';
import { passRequest } from './http-exchange.ts';
import { ProxyRecord } from './proxy-record.ts';
import { passUpgrade } from './socket-exchange.ts';

export type { Faults } from './fault-gate.ts';

/**
 * Stands between an adapter and a service, for WebSockets and for plain HTTP: path, query, headers and subprotocols are
 * those of the client, whatever the service answers to a handshake is passed on, and answers can be broken on purpose.
 */
export class FaultProxy {
  /** The service's address with the proxy's host and port. */
  readonly url: string;
  /** What went over it. */
  readonly record = new ProxyRecord();
  readonly #http: Server;
  readonly #connections = new Set<Socket>();
  #gate = new FaultGate({});

  private constructor(target: string, http: Server) {
    const front = new URL(target);
    front.host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    this.url = front.href;
    this.#http = http;
    const way = { target: new URL(target), gate: () => this.#gate, record: this.record };
    http.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    http.on('upgrade', (request, socket, head) => passUpgrade(way, request, socket, head));
    http.on('request', (request, response) => passRequest(way, request, response));
  }

  /** Listens on a free port of this machine, before the service at a ws: or http: address. */
  static async listen(target: string): Promise<FaultProxy> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new FaultProxy(target, http);
  }

  /** Sets the faults from here on; what others have held back goes on its way. */
  behave(faults: Faults): void {
    const old = this.#gate;
    this.#gate = new FaultGate(faults);
    old.lift();
  }

  /** Drops all connections. May be called twice. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const socket of this.#connections) socket.destroy();
    this.#gate.lift();
    await closed;
  }
}
