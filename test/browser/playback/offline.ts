import { createPhaseTable, Resampler } from '../../../src/pcm/resampler.ts';
import { loadWorkletAsync } from '../../../src/playback/voice-player.ts';

/** Rate of the contexts in these tests, Hz. */
export const CONTEXT_RATE = 48_000;

/** Something done at a moment of the rendering, in context time. */
export interface Step {
  readonly atSeconds: number;
  readonly act: () => void;
}

const ECHO = `
registerProcessor('echo', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.port.postMessage(data);
  }
  process() { return true; }
});
`;

/** An offline context in which messages between page and worklet arrive at stated moments. */
export class OfflineStage {
  readonly context: OfflineAudioContext;
  readonly #echo: AudioWorkletNode;

  private constructor(context: OfflineAudioContext) {
    this.context = context;
    this.#echo = new AudioWorkletNode(context, 'echo');
  }

  static async create(seconds: number, channels = 1): Promise<OfflineStage> {
    const context = new OfflineAudioContext(channels, Math.ceil(seconds * CONTEXT_RATE), CONTEXT_RATE);
    await loadWorkletAsync(context);
    const url = URL.createObjectURL(new Blob([ECHO], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    return new OfflineStage(context);
  }

  /** Renders to the end, with `steps` on the way; frame n of the result is frame n of the context. */
  async render(steps: readonly Step[] = []): Promise<AudioBuffer> {
    for (const { atSeconds, act } of steps) {
      void this.context.suspend(atSeconds).then(async () => {
        await this.settle();
        act();
        await this.settle();
        await this.context.resume();
      });
    }
    await this.settle();
    const buffer = await this.context.startRendering();
    await this.settle();
    return buffer;
  }

  /** Resolves when what was posted so far has arrived on both sides. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await new Promise((resolve) => {
        this.#echo.port.onmessage = resolve;
        this.#echo.port.postMessage(turn);
      });
    }
  }
}

/** A tone with overtones, speech-like in level. */
export function tone(seconds: number, rate: number, hz = 200): Int16Array<ArrayBuffer> {
  const turn = (2 * Math.PI * hz) / rate;
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, index) =>
    Math.round(
      8_000 * Math.sin(turn * index) + 3_000 * Math.sin(3 * turn * index) + 500 * Math.sin(11 * turn * index),
    ),
  );
}

/** What the worklet must render of a line, but for fades. */
export function resampled(samples: Int16Array, rate: number): Float32Array {
  const resampler = new Resampler(createPhaseTable(rate, CONTEXT_RATE), samples.length + 4_096);
  resampler.write(samples, 0, samples.length);
  resampler.end();
  const out = new Float32Array(resampler.available);
  resampler.read(out, 0, out.length);
  return out;
}

/** Largest difference of neighbours. */
export function steepest(signal: Float32Array): number {
  let most = 0;
  for (let index = 1; index < signal.length; index++) {
    most = Math.max(most, Math.abs(signal[index]! - signal[index - 1]!));
  }
  return most;
}

/** Largest absolute value from `from` up to `to`. */
export function peak(signal: Float32Array, from = 0, to = signal.length): number {
  let most = 0;
  for (let index = from; index < to; index++) most = Math.max(most, Math.abs(signal[index]!));
  return most;
}

/** Largest difference between `heard` from frame `at` on and frames `from` to `to` of `line`. */
export function difference(
  heard: Float32Array,
  at: number,
  line: Float32Array,
  from: number,
  to: number,
): number {
  let most = 0;
  for (let index = from; index < to; index++) {
    most = Math.max(most, Math.abs(heard[at + index - from]! - line[index]!));
  }
  return most;
}
