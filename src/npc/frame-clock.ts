import { PrecisionDate } from '@babylonjs/core/Misc/precisionDate.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Where a recording begins on Babylon's clock, milliseconds: the same each time, as differences are rounded by it. */
const EPOCH_MS = 2 ** 20;

/**
 * Renders frames of a scene as if each were made at the moment that it shows: animations, physics and everything else
 * that asks Babylon's clock move by the recording's time, not by that of the machine.
 */
export class FrameClock {
  readonly #scene: Scene;

  /** From here on until {@link dispose}, the scene is to be rendered by {@link render} alone. */
  constructor(scene: Scene) {
    this.#scene = scene;
    this.#at(0, () => scene.resetLastAnimationTimeFrame());
    scene.getEngine().performanceMonitor.reset();
  }

  /** Renders the frame at `timeMs` of the recording. */
  render(timeMs: number): void {
    const scene = this.#scene;
    const engine = scene.getEngine();
    this.#at(timeMs, () => {
      engine.beginFrame();
      scene.render();
      engine.endFrame();
    });
  }

  /** The scene goes on by the machine's time, from where it is. */
  dispose(): void {
    this.#scene.resetLastAnimationTimeFrame();
    this.#scene.getEngine().performanceMonitor.reset();
  }

  /** Babylon's clock is one for all scenes: it is turned only while `action` runs. */
  #at(timeMs: number, action: () => void): void {
    const own = Object.getOwnPropertyDescriptor(PrecisionDate, 'Now')!;
    Object.defineProperty(PrecisionDate, 'Now', { get: () => EPOCH_MS + timeMs, configurable: true });
    try {
      action();
    } finally {
      Object.defineProperty(PrecisionDate, 'Now', own);
    }
  }
}
