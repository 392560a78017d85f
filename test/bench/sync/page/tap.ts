/** Records what passes an audio node, with the context frame and the time of day of every block. */

/** Runs on the audio thread. Sends 16 blocks at once: a message for each would load the page. */
const PROCESSOR = `
const BLOCKS = 16;
class SyncTap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.next = 0;
    this.clear(0);
  }
  clear(frame) {
    this.frame = frame;
    this.count = 0;
    this.samples = new Float32Array(BLOCKS * 128);
    this.walls = new Float64Array(BLOCKS);
  }
  flush() {
    const { frame, count, samples, walls } = this;
    if (count > 0) this.port.postMessage({ frame, count, samples, walls }, [samples.buffer, walls.buffer]);
  }
  process(inputs) {
    // The browser's number stands still for a block when the graph is changed; blocks are rendered one after another.
    const frame = Math.max(currentFrame, this.next);
    this.next = frame + 128;
    if (this.count === BLOCKS * 128 || frame !== this.frame + this.count) {
      this.flush();
      this.clear(frame);
    }
    this.walls[this.count / 128] = Date.now();
    const channel = inputs[0][0];
    if (channel) this.samples.set(channel, this.count);
    this.count += 128;
    return true;
  }
}
registerProcessor('sync-tap', SyncTap);
`;

/** A run of recorded sound. */
export interface TapBlock {
  /** Frame of the audio context at which it begins. */
  readonly frame: number;
  /** Frames in it. */
  readonly count: number;
  readonly samples: Float32Array;
  /** Time of day, milliseconds, at which each 128 frames of it were rendered. */
  readonly walls: Float64Array;
}

/** Begins to record `source`, for good. */
export async function tapAsync(source: AudioNode): Promise<TapBlock[]> {
  const { context } = source;
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  const node = new AudioWorkletNode(context, 'sync-tap', { numberOfOutputs: 1 });
  const blocks: TapBlock[] = [];
  node.port.onmessage = ({ data }: MessageEvent<TapBlock>) => blocks.push(data);
  source.connect(node);
  node.connect(context.destination); // A node that leads nowhere is not rendered; its output is silent.
  return blocks;
}
