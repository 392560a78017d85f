import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import type { Tab } from '../kit/tabs.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { sleep, type Visit, WorldSite } from './world/site.ts';
import type { Busy, Census } from './world/square.ts';

/** How long people come and go, seconds, and how long they talk each time. */
const SOAK_SECONDS = process.env.PARLEY_LONG ? 30 * 60 : 10;
const ROUND_SECONDS = 2;

/** Rounds until what is loaded and compiled once is there. */
const WARM_ROUNDS = 2;

/** What the heap may have grown by, bytes: twice what a character takes. */
const SLACK_BYTES = 600_000;

/** What there is of everything. */
interface Count extends Census {
  /** Nodes of audio graphs, by their kinds. */
  readonly audioNodes: string;
  readonly sockets: number;
  readonly heapBytes: number;
}

let gateway: Gateway;
let site: WorldSite;
let other: Tab;

beforeAll(async () => {
  gateway = createGateway({ source: toneVoices({ sampleRate: 24_000 }), pingSeconds: 5 });
  await gateway.listen({ port: 0 });
  site = await WorldSite.open();
  other = await site.tabs.tab('about:blank');
}, 120_000);
afterAll(async () => {
  await site?.close();
  await gateway?.close();
});

/** Counts what Chromium says of audio nodes and sockets. */
class Watch {
  readonly #visit: Visit;
  readonly #nodes = new Map<string, string>();
  readonly #sockets = new Set<string>();
  /** All that ever were. */
  nodesMade = 0;
  socketsMade = 0;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  async begin(): Promise<void> {
    const { tab } = this.#visit;
    tab.listen((event, params) => {
      const { node, nodeId, requestId } = params as {
        node?: { nodeId: string; nodeType: string };
        nodeId?: string;
        requestId?: string;
      };
      if (event === 'WebAudio.audioNodeCreated') {
        this.#nodes.set(node!.nodeId, node!.nodeType);
        this.nodesMade++;
      }
      if (event === 'WebAudio.audioNodeWillBeDestroyed') this.#nodes.delete(nodeId!);
      if (event === 'Network.webSocketCreated') {
        this.#sockets.add(requestId!);
        this.socketsMade++;
      }
      if (event === 'Network.webSocketClosed') this.#sockets.delete(requestId!);
    });
    for (const domain of ['WebAudio', 'Network', 'HeapProfiler']) await tab.send(`${domain}.enable`);
  }

  /** What there is while there is no Parley. */
  async count(): Promise<Count> {
    const { tab } = this.#visit;
    await this.#visit.ask('world.leave()');
    await sleep(0.5);
    // What is finalised in one collection is free in the next.
    for (let turn = 0; turn < 3; turn++) {
      await tab.send('HeapProfiler.collectGarbage', {}, 60);
      await sleep(0.2);
    }
    const { usedSize, backingStorageSize = 0 } = (await tab.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    const left = { audioNodes: [...this.#nodes.values()].sort().join(' '), sockets: this.#sockets.size };
    const census = await this.#visit.ask<Census>('world.census()');
    await this.#visit.ask('world.enter()');
    return { ...census, ...left, heapBytes: usedSize + backingStorageSize };
  }
}

it(
  'people come and go, are interrupted, hidden and begun anew, and nothing of them is left',
  async () => {
    const url = `ws://127.0.0.1:${gateway.address.port}/v1/speech`;
    const visit = await site.visit({ url }, { page: 'square.html' });
    const watch = new Watch(visit);
    const round = (number: number) => visit.ask(`world.round(${ROUND_SECONDS}, ${number % 2 === 1})`, 60);
    await visit.ask('world.round(0.5, true)', 60); // Contexts and sockets from here on are counted.
    await watch.begin();
    await visit.ask('world.round(0.5, true)', 60);
    for (let number = 0; number < WARM_ROUNDS; number++) await round(number);
    const before = await watch.count();
    expect(before).toMatchObject({ npcs: 0, behaviors: 0, managers: 0, audioNodes: '', sockets: 0 });

    const begun = performance.now();
    const heaps: number[] = [];
    for (let number = 0; performance.now() - begun < SOAK_SECONDS * 1000 || number % 2 === 1; number++) {
      const going = round(number);
      if (number % 3 === 1) {
        await other.show();
        await sleep(1);
        expect((await visit.ask<Busy>('world.busy()')).visible).toBe(false);
        await visit.tab.show();
      }
      await going;
      if (number % 40 === 39) heaps.push((await watch.count()).heapBytes);
    }
    const after = await watch.count();
    const { lines, outcomes } = await visit.ask<Busy>('world.busy()');
    console.log(
      `${lines} lines (${JSON.stringify(outcomes)}), ${watch.nodesMade} audio nodes and ${watch.socketsMade} sockets were made; ` +
        `there are ${JSON.stringify(after)}; heap ${[before.heapBytes, ...heaps, after.heapBytes].map((bytes) => (bytes / 2 ** 20).toFixed(2)).join(', ')} MiB`,
    );
    expect(watch.nodesMade).toBeGreaterThan(100);
    expect(watch.socketsMade).toBeGreaterThan(1);
    expect(outcomes.finished).toBeGreaterThan(5);
    expect(outcomes.stopped).toBeGreaterThan(5);
    expect(outcomes.failed).toBeUndefined();
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(lines);
    const { heapBytes, ...rest } = after;
    const { heapBytes: heapBefore, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(heapBytes - heapBefore).toBeLessThan(SLACK_BYTES);
  },
  (SOAK_SECONDS + 240) * 1000,
);
