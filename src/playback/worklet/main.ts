/** Entry of the audio worklet; bundled into one file, player.worklet.js. */
import { STANDSTILL_SECONDS } from '../../clock/gap-map.ts';
import { createPhaseTable } from '../../pcm/resampler.ts';
import { FrameCount } from './frame-count.ts';
import { LineRenderer } from './line-renderer.ts';
import { type PlayerMessage, PROCESSOR_NAME, type Receipt } from './messages.ts';

declare const sampleRate: number;
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: AudioWorkletNodeOptions) => object,
): void;

/** Receipts a second while a line plays. */
const RECEIPT_RATE = 20;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class PlayerProcessor extends AudioWorkletProcessor {
  readonly #renderer: LineRenderer;
  readonly #receipt: Mutable<Receipt> = {
    line: -1,
    state: 'ended',
    stopped: false,
    contextFrame: 0,
    lineFrame: 0,
    frames: 0,
    consumed: 0,
  };
  readonly #frames = new FrameCount();
  #alive = true;

  constructor({ processorOptions }: AudioWorkletNodeOptions) {
    super();
    // The table of a line comes with it; this one only gives the renderer its shape.
    this.#renderer = new LineRenderer(
      sampleRate,
      processorOptions.capacity,
      createPhaseTable(48_000, sampleRate),
    );
    this.port.onmessage = ({ data }: MessageEvent<PlayerMessage>) => this.#handle(data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]![0]!;
    const receipt = this.#receipt;
    const renderer = this.#renderer;
    const contextFrame = this.#frames.next(currentFrame, out.length);
    if (receipt.frames > 0) {
      const late = contextFrame - receipt.contextFrame - receipt.frames;
      if (late > STANDSTILL_SECONDS * sampleRate) this.#send();
      else receipt.contextFrame += late;
    }
    const frames = renderer.render(out);
    if (frames > 0) {
      if (receipt.frames === 0) {
        receipt.contextFrame = contextFrame;
        receipt.lineFrame = renderer.lineFrame - frames;
      }
      receipt.frames += frames;
    }
    if (renderer.state !== receipt.state || receipt.frames * RECEIPT_RATE >= sampleRate) this.#send();
    return this.#alive;
  }

  #handle(message: PlayerMessage): void {
    const renderer = this.#renderer;
    if (message.type === 'begin') {
      renderer.begin(message.table, message.leadFrames);
      this.#receipt.line = message.line;
      this.#receipt.state = 'buffering';
      this.#receipt.frames = 0;
    } else if (message.type === 'dispose') {
      this.#alive = false;
    } else if (message.line === this.#receipt.line) {
      if (message.type === 'samples') renderer.write(message.samples);
      else if (message.type === 'end') renderer.end();
      else renderer.stop(message.fadeFrames);
    }
  }

  #send(): void {
    const receipt = this.#receipt;
    receipt.state = this.#renderer.state;
    receipt.stopped = this.#renderer.stopped;
    receipt.consumed = this.#renderer.consumed;
    this.port.postMessage(receipt);
    receipt.frames = 0;
  }
}

registerProcessor(PROCESSOR_NAME, PlayerProcessor);
