/** Records what passes an audio node, sample by sample, in a worklet of its own. */

const PROCESSOR = `
class TapRecorder extends AudioWorkletProcessor {
  process(inputs) {
    const input = inputs[0];
    if (input.length > 0) this.port.postMessage(input.map((channel) => channel.slice()));
    return true;
  }
}
registerProcessor('tap-recorder', TapRecorder);
`;

const loaded = new WeakSet<BaseAudioContext>();

/** A running recording. */
export class Recorder {
  readonly #node: AudioWorkletNode;
  readonly #source: AudioNode;
  readonly #channels: Float32Array[][] = [];

  private constructor(source: AudioNode, node: AudioWorkletNode) {
    this.#source = source;
    this.#node = node;
    node.port.onmessage = ({ data }: MessageEvent<Float32Array[]>) => {
      for (const [index, block] of data.entries()) {
        this.#channels[index] ??= [];
        this.#channels[index].push(block);
      }
    };
  }

  /** Starts to record `source`. */
  static async start(source: AudioNode): Promise<Recorder> {
    const { context } = source;
    if (!loaded.has(context)) {
      const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }));
      await context.audioWorklet.addModule(url);
      URL.revokeObjectURL(url);
      loaded.add(context);
    }
    const node = new AudioWorkletNode(context, 'tap-recorder', { numberOfOutputs: 1 });
    source.connect(node);
    node.connect(context.destination); // A node that leads nowhere is not rendered; its output is silent.
    return new Recorder(source, node);
  }

  /** Frames so far. */
  get frames(): number {
    return this.#channels[0]?.reduce((sum, block) => sum + block.length, 0) ?? 0;
  }

  /** The first channel so far. */
  heard(): Float32Array {
    return joined(this.#channels[0] ?? []);
  }

  /** Stops and gives one array a channel. */
  stop(): Float32Array[] {
    this.#source.disconnect(this.#node);
    this.#node.disconnect();
    this.#node.port.onmessage = null;
    return this.#channels.map(joined);
  }
}

function joined(blocks: Float32Array[]): Float32Array {
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let offset = 0;
  for (const block of blocks) {
    all.set(block, offset);
    offset += block.length;
  }
  return all;
}

/** Root mean square of a signal. */
export function rms(signal: Float32Array): number {
  let sum = 0;
  for (const sample of signal) sum += sample * sample;
  return Math.sqrt(sum / Math.max(signal.length, 1));
}
