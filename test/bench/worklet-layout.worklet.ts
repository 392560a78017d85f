/** Processors that render many voices in different layouts; each voice does what a line does: 24 kHz to the context's rate. */
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
const noise = Int16Array.from({ length: SOURCE_RATE }, (_, index) => 8_000 * Math.sin(index * 0.05));

class Voice {
  readonly #resampler = new Resampler(table, RING);

  render(out: Float32Array): void {
    if (this.#resampler.available < out.length) this.#resampler.write(noise, 0, noise.length);
    this.#resampler.read(out, 0, out.length);
  }
}

/** `voices` in as many outputs; those that do not speak leave their outputs empty. */
class ManyVoices extends AudioWorkletProcessor {
  readonly #voices: Voice[];
  readonly #speaking: number;

  constructor({ processorOptions }: AudioWorkletNodeOptions) {
    super();
    this.#speaking = processorOptions.speaking;
    this.#voices = Array.from({ length: processorOptions.speaking }, () => new Voice());
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    for (let index = 0; index < this.#speaking; index++) this.#voices[index]!.render(outputs[index]![0]!);
    return true;
  }
}

registerProcessor('many-voices', ManyVoices);
