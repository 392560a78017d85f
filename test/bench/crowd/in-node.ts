/** The measurement in Node, on an engine without pictures and without sound. */
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createScene } from '../../unit/face/rigs.ts';
import { type HeapNode, SAMPLING } from '../face/profile.ts';
import { bytesOf, type Figures, median, part, ringsOf } from './figures.ts';
import { FPS, openVillage } from './village.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Frames until the machine code is settled, those that are timed, and those that are profiled. */
const WARM = 1_000;
const FRAMES = 1_500;
const PROFILED = 600;

function heapBytes(): number {
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}

export async function measureInNode(people: number, directed: boolean): Promise<Figures> {
  const heaps: number[] = [];
  const village = await openVillage(createScene({ textures: true }), {
    people,
    directed,
    weigh: async () => void heaps.push(heapBytes()),
  });
  let ms = 0;
  const step = () => {
    ms += 1000 / FPS;
    return village.frame(ms);
  };
  for (let frame = 0; frame < WARM; frame++) step();
  const kibEach = (heaps[1]! - heaps[0]!) / people / 1024;
  const times = Array.from({ length: FRAMES }, step);
  const { frames, messages, where } = await profiled(() => {
    for (let frame = 0; frame < PROFILED; frame++) step();
  });
  const rings = ringsOf(village.rings);
  village.dispose();
  return {
    where: `Node ${process.versions.node.split('.')[0]}`,
    people,
    directed,
    medianMs: median(times),
    p99Ms: part(times, 0.99),
    allMs: undefined,
    drawMs: undefined,
    bytes: frames / PROFILED,
    messageBytes: messages / PROFILED,
    bytesWhere: where,
    kibEach,
    rings,
  };
}

async function profiled(act: () => void) {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.startSampling', SAMPLING);
    act();
    const { profile } = await session.post('HeapProfiler.stopSampling');
    return bytesOf(profile.head as HeapNode);
  } finally {
    session.disconnect();
  }
}

/** Heap at the end of each minute, MiB: `minutes` of frames whose time is the bench's own, passed as fast as they go. */
export async function heapOverMinutes(people: number, minutes: number): Promise<number[]> {
  const village = await openVillage(createScene({ textures: true }), { people, directed: true });
  const heaps: number[] = [];
  let ms = 0;
  for (let minute = 0; minute < minutes; minute++) {
    for (let frame = 0; frame < 60 * FPS; frame++) {
      ms += 1000 / FPS;
      village.frame(ms);
      if (frame % 600 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    heaps.push(heapBytes() / 2 ** 20);
  }
  village.dispose();
  return heaps;
}
