/** A TCP proxy that breaks connections on purpose, byte by byte, whatever is spoken on them; chance has a seed. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { FaultyWay, type WayFaults } from './faulty-way.ts';
import { randomOf } from './random.ts';

export type { WayFaults } from './faulty-way.ts';

/** What is wrong with connections: on the way up from the client, and down to it. */
export interface TcpFaults {
  readonly up?: WayFaults;
  readonly down?: WayFaults;
}

interface Pair {
  readonly client: Socket;
  readonly service: Socket;
  readonly up: FaultyWay;
  readonly down: FaultyWay;
}

export class TcpFaultProxy {
  readonly port: number;
  /** Connections that were taken so far. */
  taken = 0;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #random: () => number;
  #gone = { up: 0, down: 0 };
  #faults: TcpFaults = {};

  private constructor(server: Server, target: number, seed: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.#random = randomOf(seed);
    server.on('connection', (client) => this.#join(client, connect({ ...HALF_OPEN, port: target })));
  }

  /** Listens on a free port of this machine, before another of it. */
  static async listen(target: number, seed = 1): Promise<TcpFaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpFaultProxy(server, target, seed);
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Bytes that have passed, both ways. */
  get passed(): { readonly up: number; readonly down: number } {
    const sum = { ...this.#gone };
    for (const { up, down } of this.#pairs) {
      sum.up += up.passed;
      sum.down += down.passed;
    }
    return sum;
  }

  /** Sets what is wrong with all connections from here on, with those that are open too; others' faults are over. */
  behave(faults: TcpFaults): void {
    this.#faults = faults;
    for (const { up, down } of this.#pairs) {
      up.behave(faults.up ?? {});
      down.behave(faults.down ?? {});
    }
  }

  /** Resets all connections now. */
  reset(): void {
    for (const { client, service } of this.#pairs) {
      client.resetAndDestroy();
      service.resetAndDestroy();
    }
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await closed;
  }

  #join(client: Socket, service: Socket): void {
    this.taken++;
    const { up = {}, down = {} } = this.#faults;
    let closing = false;
    const onBreak = (how: 'reset' | 'close') => {
      closing = true;
      for (const socket of [client, service])
        how === 'reset' ? socket.resetAndDestroy() : socket.destroySoon();
    };
    const pair: Pair = {
      client,
      service,
      up: new FaultyWay(client, service, up, this.#random, onBreak),
      down: new FaultyWay(service, client, down, this.#random, onBreak),
    };
    this.#pairs.add(pair);
    const leave = () => {
      if (!this.#pairs.delete(pair)) return;
      this.#gone.up += pair.up.passed;
      this.#gone.down += pair.down.passed;
    };
    for (const [socket, other] of [
      [client, service],
      [service, client],
    ] as const) {
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        if (other.destroyed) leave();
        else if (!closing && !socket.readableEnded) other.resetAndDestroy();
      });
    }
  }
}

const HALF_OPEN = { host: '127.0.0.1', allowHalfOpen: true, noDelay: true } as const;
