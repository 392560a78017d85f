/** The measurement in Node, on an engine without pictures. */
import { Session } from 'node:inspector/promises';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { createScene } from '../../unit/face/rigs.ts';
import { type Figures, type Load, measure, type Profiler } from './measure.ts';
import { type HeapNode, ours, SAMPLING } from './profile.ts';

/** Measures so many characters. */
export async function measureInNode(load: Load, count: number): Promise<Figures> {
  const scene = createScene({ textures: true });
  new FreeCamera('player', new Vector3(0.4, 1.6, -2), scene);
  const session = new Session();
  session.connect();
  const profiler: Profiler = {
    start: () => session.post('HeapProfiler.startSampling', SAMPLING),
    stop: async () => {
      const { profile } = await session.post('HeapProfiler.stopSampling');
      return ours(profile.head as HeapNode);
    },
  };
  try {
    return await measure(load, count, scene, profiler, 0.1);
  } finally {
    session.disconnect();
    scene.getEngine().dispose();
  }
}
