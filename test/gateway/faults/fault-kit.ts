/** A gateway behind the TCP fault proxy, one who speaks over it, and one beside who must notice nothing. */
import { afterEach, expect } from 'vitest';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
  openNodeSocket,
} from '../../../src/gateway/index.ts';
import { openLineDesk } from '../../../src/gateway/lines/line-desk.ts';
import {
  type GatewayVoices,
  type GatewayVoicesOptions,
  gatewayVoices,
} from '../../../src/voices/gateway/gateway-voices.ts';
import { type Collected, collect, say } from '../../kit/collect.ts';
import { TcpFaultProxy } from '../../kit/tcp-fault-proxy.ts';
import { noiseAt, type ToneVoices, toneVoices } from '../../kit/tone-voices.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** 60 ms a character, at a rate that keeps bytes few. */
const NOISE = { sampleRate: 16_000, sampleAt: noiseAt };

const truths = new Map<string, Promise<Collected>>();

/** A line as the provider speaks it. */
export function truthOf(text: string): Promise<Collected> {
  const known = truths.get(text) ?? say(toneVoices(NOISE), text);
  truths.set(text, known);
  return known;
}

export interface Stage {
  readonly gateway: Gateway;
  readonly source: ToneVoices;
  readonly proxy: TcpFaultProxy;
  /** What the gateway held for faults. */
  readonly faults: unknown[];
  /** Opens one who speaks over the proxy. `onOpen` is told of each connection, from 1. */
  speaker(onOpen?: (nth: number) => void, options?: GatewayVoicesOptions): GatewayVoices;
  /** Speaks beside the proxy until the function it gives is called, which expects that all of it came whole. */
  bystander(): () => Promise<number>;
}

/** Lines that are kept, bytes: some thirty seconds. */
const KEPT = 1_000_000;

/** Time-outs where a line shall come: a busy machine may pause for a while, seconds. */
export const PATIENT = { connect: 20, firstAudio: 20, stall: 20 };

/** Opens all that; it is cleared away after the test. */
export async function stage(seed = 1, options: Partial<GatewayOptions> = {}): Promise<Stage> {
  const faults: unknown[] = [];
  const onError = (error: unknown) => faults.push(error);
  const source = toneVoices(NOISE);
  const lines = await openLineDesk({ source, memoryBytes: KEPT, onError });
  closing.push(() => lines.dispose());
  const gateway = createGateway({ source, lines, onError, ...options });
  closing.push(() => gateway.close());
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  const proxy = await TcpFaultProxy.listen(port, seed);
  closing.push(() => proxy.close());
  const open = (at: number, onOpen: (nth: number) => void, options?: GatewayVoicesOptions) => {
    let opened = 0;
    const voices = gatewayVoices(`ws://127.0.0.1:${at}/v1/speech`, {
      ...options,
      openSocket: (...args) => {
        onOpen(++opened);
        return openNodeSocket(...args);
      },
    });
    closing.push(() => voices.dispose());
    return voices;
  };
  return {
    gateway,
    source,
    proxy,
    faults,
    speaker: (onOpen = () => {}, options) => open(proxy.port, onOpen, options),
    bystander() {
      const voices = open(port, (nth) => expect(nth).toBe(1), { timeouts: PATIENT });
      let leaves = false;
      const run = async () => {
        let lines = 0;
        for (; !leaves; lines++) {
          const text = `beside ${lines % 3}`;
          expectWhole(await say(voices, text), await truthOf(text));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return lines;
      };
      const running = run();
      running.catch(() => {}); // Told when it is asked.
      return () => {
        leaves = true;
        return running;
      };
    },
  };
}

/** Nothing lost, nothing twice, nothing of another. */
export function expectWhole(line: Collected, truth: Collected): void {
  expect(line.error).toBeUndefined();
  expectBeginning(line, truth);
  expect(line.samples.length).toBe(truth.samples.length);
  expect([line.cues, line.words]).toEqual([truth.cues, truth.words]);
  expect(line.types.filter((type) => type === 'end')).toHaveLength(1);
}

/** What came is right as far as it goes. */
export function expectBeginning(line: Collected, truth: Collected): void {
  expect(line.samples.length).toBeLessThanOrEqual(truth.samples.length);
  expect(line.samples.findIndex((sample, at) => sample !== truth.samples[at])).toBe(-1);
  expect(line.cues).toEqual(truth.cues.slice(0, line.cues.length));
  expect(line.words).toEqual(truth.words.slice(0, line.words.length));
}

export { collect, say };
