import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { FaultGate, type Faults } from './fault-gate.ts';
import { passRequest } from './http-exchange.ts';
import { passStream } from './http2-exchange.ts';
import { ProxyFront } from './proxy-front.ts';
import { ProxyRecord } from './proxy-record.ts';
import { passUpgrade } from './socket-exchange.ts';

export type { Faults } from './fault-gate.ts';

/**
 * Stands between an adapter and a service, for WebSockets and for HTTP/1.1 and 2, all without TLS: path, query, headers and subprotocols are
 * those of the client, whatever the service answers to a handshake is passed on, and answers can be broken on purpose.
 */
export class FaultProxy {
  /** The service's address with the proxy's host and port. */
  readonly url: string;
  /** What went over it. */
  readonly record = new ProxyRecord();
  readonly #front: ProxyFront;
  #gate = new FaultGate({});

  private constructor(target: string, front: ProxyFront) {
    const url = new URL(target);
    url.host = `127.0.0.1:${(front.port.address() as AddressInfo).port}`;
    this.url = url.href;
    this.#front = front;
    const way = { target: new URL(target), gate: () => this.#gate, record: this.record };
    front.http.on('upgrade', (request, socket, head) => passUpgrade(way, request, socket, head));
    front.http.on('request', (request, response) => passRequest(way, request, response));
    front.http2.on('stream', (stream, headers) => passStream(way, stream, headers));
  }

  /** Listens on a free port of this machine, before the service at a ws: or http: address. */
  static async listen(target: string): Promise<FaultProxy> {
    const front = new ProxyFront();
    front.port.listen(0, '127.0.0.1');
    await once(front.port, 'listening');
    return new FaultProxy(target, front);
  }

  /** Sets the faults from here on; what others have held back goes on its way. */
  behave(faults: Faults): void {
    const old = this.#gate;
    this.#gate = new FaultGate(faults);
    old.lift();
  }

  /** Drops all connections. May be called twice. */
  async close(): Promise<void> {
    const closed = this.#front.close();
    this.#gate.lift();
    await closed;
  }
}
