/** Entry of the audio worklet; bundled into one file, player.worklet.js. */
import { createPhaseTable, type PhaseTable } from '../../pcm/resampler.ts';
import { FrameCount } from './frame-count.ts';
import { LineRenderer } from './line-renderer.ts';
import { LiveTap, PIECE_FRAMES } from './live-tap.ts';
import { type Overheard, type PlayerMessage, type Pong, PROCESSOR_NAME, type Receipt } from './messages.ts';

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

/** Receipts a second at most while time is stretched: one for each splice, sooner than the sound leaves the device. */
const SPLICE_RECEIPT_RATE = 100;

/** Gives the renderer its shape; the table of a line comes with it. */
const ANY_TABLE = createPhaseTable(48_000, 48_000);

/** Filters by the rate of the line, for all voices of the context: each message brings a copy of its own. */
const tables = new Map<number, PhaseTable>();

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class PlayerProcessor extends AudioWorkletProcessor {
  readonly #renderer: LineRenderer;
  readonly #frames = new FrameCount();
  readonly #receipt: Mutable<Receipt>;
  readonly #overheard: Mutable<Overheard>;
  readonly #tap: LiveTap;
  #live = false;
  #table = ANY_TABLE;
  #alive = true;

  constructor({ processorOptions }: AudioWorkletNodeOptions) {
    super();
    this.#renderer = new LineRenderer(sampleRate, processorOptions.capacity, ANY_TABLE);
    this.#receipt = {
      line: -1,
      state: 'ended',
      stopped: false,
      take: 0,
      runs: this.#renderer.log.parcel,
      runCount: 0,
      consumed: 0,
      speed: 1,
      stalledFrames: 0,
    };
    this.#overheard = { overheard: -1, samples: new Int16Array(0), count: 0 };
    this.#tap = new LiveTap(sampleRate, (samples, count) => {
      this.#overheard.samples = samples;
      this.#overheard.count = count;
      this.port.postMessage(this.#overheard);
    });
    this.port.onmessage = ({ data }: MessageEvent<PlayerMessage>) => this.#handle(data);
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]![0]!;
    const renderer = this.#renderer;
    if (this.#live) this.#hear(inputs[0]?.[0], out.length);
    const { state, take } = this.#receipt;
    renderer.render(out, this.#frames.next(currentFrame, out.length));
    const { log } = renderer;
    const rate = log.count > 1 ? SPLICE_RECEIPT_RATE : RECEIPT_RATE;
    const due = log.full || log.frames * rate >= sampleRate;
    if (due || renderer.state !== state || renderer.take !== take) this.#send();
    return this.#alive;
  }

  #handle(message: PlayerMessage): void {
    if (message.type === 'begin') this.#begin(message);
    else if (message.type === 'dispose') this.#alive = false;
    else if (message.type === 'ping') this.port.postMessage({ pong: message.ping } satisfies Pong);
    else if (message.line === this.#receipt.line) this.#control(message);
  }

  #begin({
    line,
    table,
    targetFrames,
    rate,
    live = false,
    startFrame = 0,
    dueFrame,
  }: PlayerMessage & { type: 'begin' }): void {
    if (table) this.#table = shared(table);
    this.#tap.shut();
    this.#renderer.begin(this.#table, targetFrames, rate, startFrame, dueFrame);
    this.#live = live;
    if (live) this.#delay(targetFrames);
    this.#overheard.overheard = line;
    this.#receipt.line = line;
    this.#receipt.state = 'buffering';
    this.#receipt.take = 0;
  }

  /** Silence as long as the delay goes first; from then on each block takes as much out of the ring as it brings. */
  #delay(frames: number): void {
    const { piece } = this.#tap;
    piece.fill(0);
    for (let left = frames; left > 0; left -= PIECE_FRAMES)
      this.#renderer.write(piece, Math.min(left, PIECE_FRAMES));
    this.#tap.open();
  }

  #hear(input: Float32Array | undefined, frames: number): void {
    const renderer = this.#renderer;
    if (renderer.state === 'ended') return;
    for (let at = 0; at < frames; at += PIECE_FRAMES) {
      const taken = this.#tap.take(input, at, Math.min(PIECE_FRAMES, frames - at));
      if (taken > 0) renderer.write(this.#tap.piece, taken);
    }
  }

  /** What a live stream brings while the voice is paused is left out: the delay stays what it is. */
  #guard(type: PlayerMessage['type']): void {
    if (type === 'end') this.#tap.shut();
    else if (type === 'resume') this.#tap.open();
    else if (type === 'pause' && this.#renderer.state === 'playing') this.#tap.close();
    else if (type === 'pause') this.#tap.shut();
  }

  #control(message: Exclude<PlayerMessage, { type: 'begin' | 'ping' | 'dispose' }>): void {
    const renderer = this.#renderer;
    if (this.#live) this.#guard(message.type);
    if (message.type === 'samples') renderer.write(message.samples);
    else if (message.type === 'end') renderer.end();
    else if (message.type === 'start') renderer.setStart(message.startFrame);
    else if (message.type === 'stop') renderer.stop(message.fadeFrames, message.atFrame);
    else if (message.type === 'cut') renderer.cut();
    else if (message.type === 'pause') renderer.pause();
    else if (message.type === 'resume') renderer.resume();
    else if (message.type === 'rate') renderer.setRate(message.rate);
    else if (message.type === 'target') renderer.setTarget(message.targetFrames);
    else renderer.seek(message.lineFrame, message.take, message.dueFrame);
  }

  /** What was rendered belongs to the take of the receipt before; a new take begins with what comes next. */
  #send(): void {
    const receipt = this.#receipt;
    const renderer = this.#renderer;
    receipt.state = renderer.state;
    receipt.stopped = renderer.stopped;
    receipt.take = renderer.take;
    receipt.runs = renderer.log.parcel;
    receipt.runCount = renderer.log.count;
    receipt.consumed = renderer.consumed;
    receipt.speed = renderer.speed;
    receipt.stalledFrames = renderer.stalledFrames;
    this.port.postMessage(receipt);
    renderer.log.clear();
  }
}

function shared(table: PhaseTable): PhaseTable {
  const known = tables.get(table.from) ?? table;
  tables.set(table.from, known);
  return known;
}

registerProcessor(PROCESSOR_NAME, PlayerProcessor);
