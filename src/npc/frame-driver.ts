import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Time without a rendered frame after which lines are stepped without one, milliseconds. */
const QUIET_MS = 250;

/**
 * Steps whatever moves with speech: once a rendered frame, however that comes about, and while nothing is rendered (a
 * paused scene, a hidden tab) a few times a second, so that words are told, lines end and the clock is read. A frame
 * is never taken for granted: what it shows depends on its time alone.
 */
export class FrameDriver {
  readonly #frameTime: () => number;
  readonly #update: (performanceMs: number) => void;
  readonly #frame: Observer<Scene> | null;
  readonly #quiet: ReturnType<typeof setInterval>;
  /** Time of the last step, by the frames' own clock and by the page's. */
  #stepMs = 0;
  #steppedAtMs = 0;

  /** `frameTime` gives the time of the frame that is being made, milliseconds of performance time. */
  constructor(scene: Scene, frameTime: () => number, update: (performanceMs: number) => void) {
    this.#frameTime = frameTime;
    this.#update = update;
    this.#frame = scene.onBeforeRenderObservable.add(() => this.#step());
    this.#quiet = setInterval(() => this.#stepQuietly(), QUIET_MS);
  }

  dispose(): void {
    clearInterval(this.#quiet);
    this.#frame?.remove();
  }

  #step(): void {
    const timeMs = this.#frameTime();
    if (Number.isFinite(timeMs)) this.#stepMs = timeMs;
    this.#steppedAtMs = performance.now();
    this.#update(this.#stepMs);
  }

  /** A clock that only frames move stands still between them: then there is nothing to be done. */
  #stepQuietly(): void {
    if (performance.now() - this.#steppedAtMs >= QUIET_MS && this.#frameTime() > this.#stepMs) this.#step();
  }
}
