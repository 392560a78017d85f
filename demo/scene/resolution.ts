import type { Engine } from '@babylonjs/core/Engines/engine.js';

/** Pixels of the picture per CSS pixel: the sharpest tried, and the coarsest accepted. */
const SHARPEST = 2;
const COARSEST = 0.5;

/** Below this many frames a second the picture is made coarser. */
const TOO_SLOW_FPS = 28;

/** Frames are judged over this span, milliseconds, so that one hiccup changes nothing. */
const SPAN_MS = 2000;

/** Fits the picture to its canvas, and makes it coarser, step by step, while the device cannot keep up. */
export function keepResolution(engine: Engine, canvas: HTMLCanvasElement): void {
  let density = Math.min(window.devicePixelRatio, SHARPEST);
  let frames = 0;
  let sinceMs = performance.now();
  engine.setHardwareScalingLevel(1 / density);
  new ResizeObserver(() => engine.resize()).observe(canvas);

  engine.onEndFrameObservable.add(() => {
    frames++;
    const nowMs = performance.now();
    if (nowMs - sinceMs < SPAN_MS) return;
    const fps = (frames * 1000) / (nowMs - sinceMs);
    frames = 0;
    sinceMs = nowMs;
    if (document.hidden || fps >= TOO_SLOW_FPS || density <= COARSEST) return;
    density = Math.max(COARSEST, density * Math.max(0.6, Math.sqrt(fps / TOO_SLOW_FPS)));
    engine.setHardwareScalingLevel(1 / density);
  });
}
