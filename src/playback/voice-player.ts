import { OutputClock } from '../clock/output-clock.ts';
import type { PhaseTable } from '../pcm/resampler.ts';
import { InputError } from '../speech/errors.ts';
import { AudioError } from './audio-error.ts';
import { EarClock } from './ear-clock.ts';
import {
  type BeginOptions,
  DEFAULT_TARGET_MS,
  FARTHEST_DUE_MS,
  type LinePlayer,
  type LiveOptions,
  type LivePlayer,
} from './line-player.ts';
import { LiveInput } from './live-input.ts';
import { phaseTableOf } from './phase-tables.ts';
import {
  type Overheard,
  type PlayerMessage,
  type Pong,
  PROCESSOR_NAME,
  type Receipt,
} from './worklet/messages.ts';
import { WorkletLine, type WorkletPort } from './worklet-line.ts';
import { WORKLET_URL } from './worklet-url.ts';

/** Samples in the ring on the audio thread: 2.7 s at 48 kHz, so that the voice outlasts a page blocked for two seconds. */
const CAPACITY = 131_072;

/** Loads the worklet into a context, once for each context and address. Throws {@link AudioError} `worklet-failed`. */
export async function loadWorkletAsync(
  context: BaseAudioContext,
  url: string | URL = WORKLET_URL,
): Promise<void> {
  try {
    if (!context.audioWorklet) throw new Error('AudioWorklet needs a secure page: https or localhost.');
    await context.audioWorklet.addModule(url);
  } catch (error) {
    throw AudioError.workletFailed(String(url), error);
  }
}

/**
 * Plays the lines of one NPC through an audio worklet of its own. The worklet must have been loaded by
 * {@link loadWorkletAsync}.
 */
export class VoicePlayer implements LinePlayer, LivePlayer, WorkletPort {
  readonly context: BaseAudioContext;
  readonly clock: EarClock;
  readonly capacity = CAPACITY;
  /** The worklet node: connect recorders and meters here. Nothing that follows it changes what they see. */
  readonly tap: AudioNode;
  /** Where the sound goes on. Made for one listener: Babylon cuts all its other connections. */
  readonly output: GainNode;

  readonly #node: AudioWorkletNode;
  /** The filters that the worklet has. */
  #table: PhaseTable | undefined;
  #line: WorkletLine | undefined;
  #lineNumber = 0;
  /** What the audio thread told and was not asked for yet; undefined where it is heard at once. */
  #held: Receipt[] | undefined;
  readonly #pings = new Map<number, () => void>();
  #pingNumber = 0;
  #crashed = false;
  #disposed = false;

  /** `clock` tells when what is rendered is heard; a player without one (offline) takes an own one that stands at 0. */
  constructor(context: BaseAudioContext, clock: OutputClock = new OutputClock()) {
    this.context = context;
    this.clock = new EarClock(clock);
    this.#node = new AudioWorkletNode(context, PROCESSOR_NAME, {
      outputChannelCount: [1],
      // Its input is for live streams, mixed down to one channel.
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { capacity: CAPACITY },
    });
    this.#node.port.onmessage = ({ data }: MessageEvent<Receipt | Pong | Overheard>) => {
      if ('pong' in data) this.#handlePong(data);
      else if ('overheard' in data) this.#handleOverheard(data);
      else if (this.#held) this.#held.push(data);
      else this.#handleReceipt(data);
    };
    this.#node.onprocessorerror = () => {
      this.#crashed = true;
      this.#answerAll();
      this.#line?.lose(AudioError.workletCrashed());
    };
    context.addEventListener('statechange', this.#handleContextState);
    this.output = new GainNode(context);
    this.#node.connect(this.output);
    this.tap = this.#node;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** The line that plays, or the last one that did. */
  get line(): WorkletLine | undefined {
    return this.#line;
  }

  begin(options: BeginOptions): WorkletLine {
    return this.#start(options);
  }

  beginLive({ tracks, delayMs, onSamples }: LiveOptions): WorkletLine {
    const { sampleRate } = this.context;
    const line = this.#start({ sampleRate, targetMs: delayMs }, onSamples);
    try {
      const input = new LiveInput(this.context, this.#node, tracks);
      void line.ended.then(() => input.dispose());
    } catch (error) {
      line.stop(0);
      throw error;
    }
    return line;
  }

  #start(
    { sampleRate, targetMs = DEFAULT_TARGET_MS, rate = 1, keep = false, held = false, dueMs }: BeginOptions,
    onSamples?: LiveOptions['onSamples'],
  ): WorkletLine {
    if (this.#crashed) throw AudioError.workletCrashed();
    if (this.#disposed) throw new InputError('begin()', 'a player in use', 'a disposed one');
    if (this.#line && this.#line.state !== 'ended') {
      throw new InputError('begin()', 'a player whose last line has ended', 'one that still plays');
    }
    const table = phaseTableOf(this.context, sampleRate);
    const targetFrames = this.targetFrames(targetMs, sampleRate);
    const line = ++this.#lineNumber;
    this.#line = new WorkletLine(this, line, table, targetFrames, keep, onSamples);
    this.post({
      type: 'begin',
      line,
      table: table === this.#table ? undefined : table,
      targetFrames,
      rate,
      live: onSamples !== undefined,
      startFrame: held ? Number.POSITIVE_INFINITY : 0,
      dueFrame: dueMs === undefined ? undefined : this.dueFrame(dueMs),
    });
    this.#table = table;
    return this.#line;
  }

  targetFrames(targetMs: number, sampleRate: number): number {
    // More than half the ring would never be there while the rest of it waits for room.
    const seconds = Math.min(targetMs / 1000, CAPACITY / 2 / sampleRate, 2);
    return Math.round(seconds * this.context.sampleRate);
  }

  dueFrame(performanceMs: number): number | undefined {
    const nowMs = performance.now();
    const aheadMs = performanceMs - nowMs;
    if (!this.clock.synced || !(aheadMs <= FARTHEST_DUE_MS)) return undefined;
    // Not asked of the clock itself, which gives what it has told as never to go back.
    const now = this.clock.spokenTimeAt(nowMs);
    return Math.round((now + aheadMs / 1000) * this.context.sampleRate);
  }

  post(message: PlayerMessage, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(message, transfer);
  }

  /**
   * From now on what the audio thread tells is heard at {@link settleAsync} alone. For recordings: at other moments it
   * would be heard sooner on one machine and later on another.
   */
  holdReceipts(): void {
    this.#held ??= [];
  }

  /**
   * Resolves when what was sent to the audio thread has arrived, and what it had sent before that too. For recordings,
   * whose time stands meanwhile.
   */
  async settleAsync(): Promise<void> {
    if (this.#crashed || this.#disposed) return;
    await new Promise<void>((resolve) => {
      this.#pings.set(++this.#pingNumber, resolve);
      this.post({ type: 'ping', ping: this.#pingNumber });
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#answerAll();
    this.#line?.abandon();
    this.post({ type: 'dispose' });
    this.context.removeEventListener('statechange', this.#handleContextState);
    this.#node.onprocessorerror = null;
    this.#node.port.onmessage = null;
    this.#node.disconnect();
    this.output.disconnect();
  }

  #handleReceipt(receipt: Receipt): void {
    if (receipt.line === this.#lineNumber) this.#line?.handleReceipt(receipt);
  }

  #handleOverheard({ overheard, samples, count }: Overheard): void {
    if (overheard === this.#lineNumber) this.#line?.handleOverheard(samples.subarray(0, count));
  }

  #handlePong({ pong }: Pong): void {
    for (const receipt of this.#held?.splice(0) ?? []) this.#handleReceipt(receipt);
    this.#pings.get(pong)?.();
    this.#pings.delete(pong);
  }

  /** Nobody answers any more. */
  #answerAll(): void {
    for (const resolve of this.#pings.values()) resolve();
    this.#pings.clear();
  }

  readonly #handleContextState = (): void => this.#line?.handleContextState();
}
