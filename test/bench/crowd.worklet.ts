/** A processor that renders many voices; each does what a line does: resample 24 kHz to the context's rate. */
import { createPhaseTable, Resampler } from '../../src/pcm/resampler.ts';

declare const sampleRate: number;
declare class AudioWorkletProcessor {}
declare function registerProcessor(
  name: string,
  processor: new (options: AudioWorkletNodeOptions) => object,
): void;

const SOURCE_RATE = 24_000;
const RING = 131_072;
const table = createPhaseTable(SOURCE_RATE, sampleRate);
const second = Int16Array.from({ length: SOURCE_RATE }, (_, index) => 300 * Math.sin(index * 0.05));

class Voice {
  readonly #resampler = new Resampler(table, RING);

  render(out: Float32Array): void {
    if (this.#resampler.available < out.length) this.#resampler.write(second, 0, second.length);
    this.#resampler.read(out, 0, out.length);
  }
}

/** A voice an output; those that do not speak leave theirs empty. */
class Crowd extends AudioWorkletProcessor {
  readonly #voices: Voice[];

  constructor({ processorOptions }: AudioWorkletNodeOptions) {
    super();
    this.#voices = Array.from({ length: processorOptions.speaking }, () => new Voice());
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    for (let index = 0; index < this.#voices.length; index++)
      this.#voices[index]!.render(outputs[index]![0]!);
    return true;
  }
}

registerProcessor('crowd', Crowd);
