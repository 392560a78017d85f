/** One crowd at one server, and what it took. */
import { type Memory, Part } from './part.ts';
import type { Emitted } from './stream.ts';

export interface Measured {
  /** Delay of a piece from when the source had it to when it was read, ms. */
  readonly p50: number;
  readonly p99: number;
  /** The same of the first piece of each, p50. */
  readonly first: number;
  /** Of one core, by the server. */
  readonly cpu: number;
  /** Pieces that were missing, double, or not what was sent. */
  readonly wrong: number;
  /** How often the source was asked. */
  readonly requests: number;
}

export type Kind = 'gateway' | 'bare';
export type Codec = 'pcm' | 'opus';

/** Listeners that a server has had before its memory is measured. */
const WARM = 100;

const FILES = { gateway: 'serve-gateway.ts', bare: 'serve-bare.ts' } as const;

/** A server in a process of its own. */
interface Server {
  readonly kind: Kind;
  readonly part: Part;
  readonly port: number;
}

async function serve(kind: Kind): Promise<Server> {
  const part = new Part(FILES[kind]);
  return { kind, part, port: await part.ask<number>('open') };
}

export class Bench {
  readonly #servers: Readonly<Record<Kind, Server>>;
  readonly #crowd = new Part('listen.ts');
  #lines = 0;

  private constructor(servers: Readonly<Record<Kind, Server>>) {
    this.#servers = servers;
  }

  static async open(): Promise<Bench> {
    const [gateway, bare] = await Promise.all([serve('gateway'), serve('bare')]);
    return new Bench({ gateway, bare });
  }

  /** A line to so many at once. */
  measure(kind: Kind, codec: Codec, count: number, seconds: number): Promise<Measured> {
    return this.#play(this.#servers[kind], codec, count, seconds);
  }

  /** Memory that a server of its own needs for each who listens, while a line is spoken, bytes. */
  async memory(kind: Kind, codec: Codec, count: number): Promise<Memory> {
    const server = await serve(kind);
    try {
      await this.#play(server, codec, WARM, 2); // What a process grows to once, whoever listens.
      const before = await server.part.ask<Memory>('memory');
      let during = before;
      await this.#play(server, codec, count, 2, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        during = await server.part.ask<Memory>('memory');
      });
      return {
        resident: (during.resident - before.resident) / count,
        used: (during.used - before.used) / count,
      };
    } finally {
      await server.part.end();
    }
  }

  first(count: number): Promise<{ cold: number[]; cached: number[] }> {
    return this.#crowd.ask('first', { port: this.#servers.gateway.port, count });
  }

  async close(): Promise<void> {
    const { gateway, bare } = this.#servers;
    await Promise.all([gateway.part, bare.part, this.#crowd].map((part) => part.end()));
  }

  async #play(
    { kind, part, port }: Server,
    codec: Codec,
    count: number,
    seconds: number,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<Measured> {
    const text = kind === 'gateway' ? `paced ${this.#lines++}` : undefined;
    const crowd = { port, count, codec, text };
    await this.#crowd.ask('gather', crowd);
    await this.#crowd.ask('say', crowd);
    const streamed = part.ask<{ emitted: Emitted[]; cpu: number; requests: number }>('stream', seconds);
    await meanwhile();
    const { emitted, cpu, requests } = await streamed;
    const heard = await this.#crowd.ask<Pick<Measured, 'p50' | 'p99' | 'first' | 'wrong'>>('hear', emitted);
    return { ...heard, cpu, requests };
  }
}
