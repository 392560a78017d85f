/** One crowd at one server, and what it took. */
import { Part } from './part.ts';
import type { Emitted } from './stream.ts';

export interface Measured {
  /** Delay of a piece from when the source had it to when it was read, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Of one core, by the server. */
  readonly cpu: number;
  /** Memory of the server for one who listens, bytes. */
  readonly memory: number;
  readonly messages: number;
  /** Pieces that were missing, double, or not what was sent. */
  readonly wrong: number;
  /** How often the source was asked. */
  readonly requests: number;
}

export class Bench {
  readonly #gateway = new Part('serve-gateway.ts');
  readonly #bare = new Part('serve-bare.ts');
  readonly #crowd = new Part('listen.ts');
  #ports = { gateway: 0, bare: 0 };
  #lines = 0;

  static async open(): Promise<Bench> {
    const bench = new Bench();
    const [gateway, bare] = await Promise.all([
      bench.#gateway.ask<number>('open'),
      bench.#bare.ask<number>('open'),
    ]);
    bench.#ports = { gateway, bare };
    return bench;
  }

  async measure(
    kind: 'gateway' | 'bare',
    codec: 'pcm' | 'opus',
    count: number,
    seconds: number,
  ): Promise<Measured> {
    const server = kind === 'gateway' ? this.#gateway : this.#bare;
    const text = kind === 'gateway' ? `paced ${this.#lines++}` : undefined;
    const crowd = { port: this.#ports[kind], count, codec, text };
    const before = await server.ask<number>('memory');
    await this.#crowd.ask('gather', crowd);
    await this.#crowd.ask('say', crowd);
    const memory = ((await server.ask<number>('memory')) - before) / count;
    const { emitted, cpu, requests } = await server.ask<{
      emitted: Emitted[];
      cpu: number;
      requests: number;
    }>('stream', seconds);
    const heard = await this.#crowd.ask<Pick<Measured, 'p50' | 'p99' | 'messages' | 'wrong'>>(
      'hear',
      emitted,
    );
    return { ...heard, cpu, memory, requests };
  }

  first(count: number): Promise<{ cold: number[]; cached: number[] }> {
    return this.#crowd.ask('first', { port: this.#ports.gateway, count });
  }

  async close(): Promise<void> {
    await Promise.all([this.#gateway, this.#bare, this.#crowd].map((part) => part.end()));
  }
}
