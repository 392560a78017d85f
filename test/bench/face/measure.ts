/** Measures a crowd, in Node and in a page alike: time by time, bytes by whoever profiles meanwhile. */
import type { Scene } from '@babylonjs/core/scene.js';
import { FPS, openFramed, openUsual, openWorst } from './crowd.ts';

export const LOADS = { usual: openUsual, worst: openWorst, framed: openFramed } as const;
export type Load = keyof typeof LOADS;
export const COUNTS = [1, 20, 100] as const;
const FRAMES = 10_000;
/** Frames until the machine code is settled. */
const WARM = 10_000;

/** What was measured of so many characters. Microseconds for each of them in one frame. */
export interface Figures {
  readonly load: Load;
  readonly count: number;
  /** Channels that changed in a frame, on average. */
  readonly changed: number;
  readonly medianUs: number;
  readonly p99Us: number;
  /** Bytes of ours for each character in one frame. */
  bytes: number;
  /** Who allocated, most first. */
  where: string;
}

/** What tells a profiler when to begin and to end; gives bytes of ours, in all, and whose. */
export interface Profiler {
  start(): Promise<void>;
  stop(): Promise<{ bytes: number; where: string }>;
}

/**
 * `resolutionUs`: that of the clock; so many frames are timed together that it does not matter. A scene of its own for
 * each measurement.
 */
export async function measure(
  load: Load,
  count: number,
  scene: Scene,
  profiler: Profiler,
  resolutionUs: number,
): Promise<Figures> {
  const crowd = await LOADS[load](scene, count);
  let ms = 0;
  const run = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      ms += 1000 / FPS;
      crowd.frame(ms);
    }
  };
  run(WARM);
  await crowd.rewind(ms);
  let changes = 0;
  for (let frame = 0; frame < 600; frame++) {
    run(1);
    changes += crowd.changed();
  }

  await crowd.rewind(ms);
  const together = Math.max(1, Math.ceil((20 * resolutionUs) / (5 * count)));
  const times = new Float64Array(Math.floor(FRAMES / together));
  for (let batch = 0; batch < times.length; batch++) {
    const start = performance.now();
    run(together);
    times[batch] = ((performance.now() - start) * 1000) / (together * count);
  }
  times.sort();

  await crowd.rewind(ms);
  run(3_000); // A jump in the line takes ways that were not compiled.
  await profiler.start();
  run(FRAMES);
  const { bytes, where } = await profiler.stop();
  crowd.dispose();
  return {
    load,
    count,
    changed: changes / 600,
    medianUs: times[times.length >> 1]!,
    p99Us: times[Math.floor(times.length * 0.99)]!,
    bytes: bytes / (FRAMES * count),
    where,
  };
}
