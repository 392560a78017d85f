import type { Recorded } from './page.ts';

/** Tells the frame at which each block begins, as the audio thread has it. */
const PROCESSOR = `
class StampedRecorder extends AudioWorkletProcessor {
  process([input]) {
    if (input.length > 0) this.port.postMessage({ frame: currentFrame, samples: input[0].slice() });
    return true;
  }
}
registerProcessor('stamped-recorder', StampedRecorder);
`;

/** Records a voice, and when each sample leaves the device by the browser's own timestamps: our clock is not asked. */
export class StampedRecorder {
  readonly #context: AudioContext;
  #blocks: { readonly frame: number; readonly samples: Float32Array }[] = [];
  #stamps: { readonly frame: number; readonly wallMs: number }[] = [];

  private constructor(context: AudioContext, node: AudioWorkletNode) {
    this.#context = context;
    node.port.onmessage = ({ data }) => this.#blocks.push(data);
  }

  static async start(source: AudioNode): Promise<StampedRecorder> {
    const context = source.context as AudioContext;
    const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    const node = new AudioWorkletNode(context, 'stamped-recorder', { numberOfOutputs: 1 });
    source.connect(node);
    node.connect(context.destination); // A node that leads nowhere is not rendered; its output is silent.
    return new StampedRecorder(context, node);
  }

  /** Once a frame: what leaves the device now. */
  note(): void {
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp();
    if (contextTime === 0 || performanceTime === 0) return;
    const wallMs = performance.timeOrigin + performanceTime;
    this.#stamps.push({ frame: contextTime * this.#context.sampleRate, wallMs });
  }

  clear(): void {
    this.#blocks = [];
    this.#stamps = [];
  }

  recorded(): Recorded {
    const { sampleRate } = this.#context;
    const length = this.#blocks.reduce((sum, { samples }) => sum + samples.length, 0);
    const samples = new Int16Array(length);
    const heard: [number, number][] = [];
    let stamp = 0;
    let at = 0;
    for (const block of this.#blocks) {
      while (stamp + 1 < this.#stamps.length && this.#stamps[stamp + 1]!.frame < block.frame) stamp++;
      const { frame, wallMs } = this.#stamps[stamp]!;
      heard.push([at, wallMs + ((block.frame - frame) / sampleRate) * 1_000]);
      for (const sample of block.samples)
        samples[at++] = Math.round(32_767 * Math.max(-1, Math.min(1, sample)));
    }
    let text = '';
    for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
    return { sampleRate, samples: btoa(text), heard: heard.filter((_, nth) => nth % 32 === 0) };
  }
}
