/** The measurement in a page, on an engine with pictures, none of which is drawn. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { type Figures, type Load, measure, type Profiler } from './measure.ts';

declare global {
  interface Window {
    /** Of the browser's heap profiler, by whoever opened the page. */
    startProfile(): Promise<void>;
    stopProfile(): ReturnType<Profiler['stop']>;
    measureFaces?: (load: Load, count: number) => Promise<Figures>;
  }
}

// A page without sound plays its lines on the virtual clock, which the measurement steps.
Reflect.deleteProperty(globalThis, 'AudioContext');

/** What the clock of an isolated page shows, microseconds. */
const RESOLUTION_US = crossOriginIsolated ? 5 : 100;

window.measureFaces = async (load, count) => {
  const engine = new Engine(document.createElement('canvas'), false);
  const scene = new Scene(engine);
  new FreeCamera('player', new Vector3(0.4, 1.6, -2), scene);
  const profiler = { start: () => window.startProfile(), stop: () => window.stopProfile() };
  try {
    return await measure(load, count, scene, profiler, RESOLUTION_US);
  } finally {
    engine.dispose();
  }
};
