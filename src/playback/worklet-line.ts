import { GapMap, READING } from '../clock/gap-map.ts';
import type { PhaseTable } from '../pcm/resampler.ts';
import { InputError } from '../speech/errors.ts';
import { AudioError } from './audio-error.ts';
import type { EarClock } from './ear-clock.ts';
import { Halt } from './halt.ts';
import { isInterrupted } from './interruption.ts';
import type { AudioEnd, AudioState, LineAudio, LiveOptions } from './line-player.ts';
import { SampleStore } from './sample-store.ts';
import type { PlayerMessage, Receipt } from './worklet/messages.ts';
import { RUN_FIELDS } from './worklet/run-log.ts';

/** Most audio that waits on the audio thread, seconds; more stays on the page and follows as room is made. */
const RING_SECONDS = 4;

/** Seeks go to places that are whole frames of line and context alike where that is no coarser than this, samples. */
const COARSEST_SEEK = 1_024;

/** What a line needs of the player it plays in. */
export interface WorkletPort {
  readonly context: BaseAudioContext;
  readonly clock: EarClock;
  /** Samples that the ring on the audio thread holds at most. */
  readonly capacity: number;
  /** Frames for milliseconds of a line of `sampleRate`: no more than the ring can hold back. */
  targetFrames(targetMs: number, sampleRate: number): number;
  /** Frame of the context that leaves the mouth at a performance time; undefined while nobody knows, or too far ahead. */
  dueFrame(performanceMs: number): number | undefined;
  post(message: PlayerMessage, transfer?: Transferable[]): void;
}

/** A line in the worklet: feeds its ring no faster than it empties, and keeps the map from its receipts. */
export class WorkletLine implements LineAudio {
  readonly ended: Promise<AudioEnd>;
  onState: ((state: AudioState) => void) | undefined;

  readonly #port: WorkletPort;
  readonly #line: number;
  readonly #table: PhaseTable;
  readonly #room: number;
  readonly #keep: boolean;
  readonly #store: SampleStore;
  readonly #map: GapMap;
  readonly #halt = new Halt();
  readonly #onSamples: LiveOptions['onSamples'] | undefined;
  /** Samples that came by the node's input, and the silence before them. */
  #overheard = 0;
  #settle!: (end: AudioEnd) => void;
  #state: AudioState = 'buffering';
  /** First sample of this take, and what of it was sent and used up. */
  #base = 0;
  #sent = 0;
  #consumed = 0;
  #inputEnded = false;
  #stopping = false;
  #endPosted = false;
  /** Takes asked for, and the one that the audio thread is at: nothing is sent until they agree. */
  #takeWanted = 0;
  #take = 0;
  /** Whether nothing was rendered since a seek. */
  #sought = false;
  #targetFrames: number;
  #startFrame = Number.NaN;
  #playhead = 0;
  #playheadTake = 0;
  #stalledMs = 0;

  /** `targetFrames`: how much is held back at first. `onSamples`: of a live line, which is fed by the node's input. */
  constructor(
    port: WorkletPort,
    line: number,
    table: PhaseTable,
    targetFrames: number,
    keep: boolean,
    onSamples?: LiveOptions['onSamples'],
  ) {
    this.#onSamples = onSamples;
    if (onSamples) this.#overheard = targetFrames;
    this.#port = port;
    this.#line = line;
    this.#table = table;
    this.#targetFrames = targetFrames;
    this.#keep = keep;
    this.#room = Math.min(port.capacity, RING_SECONDS * table.from);
    this.#store = new SampleStore(keep);
    this.#map = new GapMap(port.context.sampleRate);
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): AudioState {
    return this.#state;
  }

  get position(): number {
    if (!this.#sought) {
      return this.#map.lineTimeAt(this.#port.context.currentTime);
    }
    return this.#base / this.#table.from;
  }

  get bufferedSeconds(): number {
    if (this.#state === 'ended') return 0;
    const received = this.#store.received + this.#overheard;
    return Math.max(0, received / this.#table.from - this.position);
  }

  get stalledMs(): number {
    return this.#stalledMs;
  }

  get targetMs(): number {
    return (this.#targetFrames / this.#port.context.sampleRate) * 1000;
  }

  get startedAtMs(): number | undefined {
    const { start } = this.#map;
    return start === undefined ? undefined : this.#port.clock.performanceMsAt(start);
  }

  get offsetMs(): number {
    return this.#port.clock.error * 1000;
  }

  /** The map from what was rendered, for captions, marks and tests. */
  get gapMap(): GapMap {
    return this.#map;
  }

  push(samples: Int16Array<ArrayBuffer>): void {
    if (this.#inputEnded || this.#state === 'ended') return;
    this.#store.add(samples);
    this.#feed();
  }

  end(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#feed();
  }

  heardAtMs(seconds: number): number | undefined {
    const rendered = this.#map.contextTimeAt(seconds);
    return rendered === undefined ? undefined : this.#port.clock.performanceMsAt(rendered);
  }

  expectedAtMs(seconds: number): number | undefined {
    const rendered = this.#map.expectedTimeAt(seconds);
    return rendered === undefined ? undefined : this.#port.clock.performanceMsAt(rendered);
  }

  startAtMs(performanceMs: number): void {
    if (this.#map.start !== undefined) return;
    const { clock, context } = this.#port;
    // Without end or beginning it is the same by every clock.
    const finite = Number.isFinite(performanceMs);
    const time = finite ? clock.plannedTimeAt(performanceMs) : performanceMs;
    const startFrame = Math.round(time * context.sampleRate);
    if (startFrame === this.#startFrame) return;
    this.#startFrame = startFrame;
    this.#post({ type: 'start', line: this.#line, startFrame });
  }

  stop(fadeMs: number, atSeconds = 0): void {
    if (this.#state === 'ended') return;
    const rate = this.#port.context.sampleRate;
    this.#inputEnded = true;
    this.#stopping = true;
    this.#post({
      type: 'stop',
      line: this.#line,
      fadeFrames: Math.round((fadeMs / 1000) * rate),
      atFrame: Math.round(atSeconds * rate),
    });
    this.#feed();
    this.handleContextState();
  }

  pause(): void {
    this.#post({ type: 'pause', line: this.#line });
  }

  resume(): void {
    this.#post({ type: 'resume', line: this.#line });
  }

  seek(seconds: number, dueMs?: number): void {
    if (!this.#keep)
      throw new InputError('seek()', 'a line that keeps its sound', 'one that frees it as it plays');
    if (this.#state === 'ended' || this.#stopping) return;
    const { from, up, down } = this.#table;
    const step = down <= COARSEST_SEEK ? down : 1;
    const wanted = Math.round((seconds * from) / step) * step;
    this.#base = Math.min(Math.max(wanted, 0), Math.floor(this.#store.received / step) * step);
    this.#takeWanted++;
    this.#sought = true;
    this.#post({
      type: 'seek',
      line: this.#line,
      lineFrame: (this.#base * up) / down,
      take: this.#takeWanted,
      dueFrame:
        dueMs === undefined ? undefined : this.#port.dueFrame(dueMs + (this.#base / from - seconds) * 1000),
    });
  }

  setRate(rate: number): void {
    this.#post({ type: 'rate', line: this.#line, rate });
  }

  setTarget(targetMs: number): void {
    this.#targetFrames = this.#port.targetFrames(targetMs, this.#table.from);
    this.#post({ type: 'target', line: this.#line, targetFrames: this.#targetFrames });
  }

  spokenAt(performanceMs: number): number | undefined {
    const { clock } = this.#port;
    if (this.#state !== 'playing' || this.#sought || !clock.synced) return undefined;
    return this.#map.lineTimeAt(clock.spokenTimeAt(performanceMs));
  }

  readAt(performanceMs: number, out: Float64Array): void {
    this.#map.read(this.#port.clock.contextTimeAt(performanceMs), out);
    this.#halt.apply(!this.#interrupted, performanceMs, out);
    // What was rendered before a seek is still heard; then the place that was sought shows, until it sounds.
    if (out[READING.take] !== this.#takeWanted && out[READING.silence]! > 0) {
      out[READING.line] = this.#base / this.#table.from;
      out[READING.take] = this.#takeWanted;
    } else if (out[READING.take] === this.#playheadTake)
      out[READING.line] = Math.max(out[READING.line]!, this.#playhead);
    this.#playhead = out[READING.line]!;
    this.#playheadTake = out[READING.take]!;
  }

  /** Takes in what the audio thread rendered. */
  handleReceipt(receipt: Receipt): void {
    if (this.#state === 'ended') return;
    this.#handleRuns(receipt);
    this.#stalledMs = (receipt.stalledFrames / this.#port.context.sampleRate) * 1000;
    if (receipt.take !== this.#take) {
      this.#take = receipt.take;
      this.#store.seek(this.#base);
      this.#sent = 0;
      this.#endPosted = false;
    }
    this.#consumed = receipt.consumed;
    if (receipt.state === 'ended') this.#finish(receipt.stopped ? 'stopped' : 'finished');
    else this.#enter(this.#stateOf(receipt));
    this.#feed();
  }

  /** Takes note of what a live stream has brought. */
  handleOverheard(samples: Int16Array<ArrayBuffer>): void {
    this.#overheard += samples.length;
    if (!this.#inputEnded && this.#state !== 'ended') this.#onSamples?.(samples);
  }

  /** A context that does not run sends no receipts: a line that plays stalls then, one that was stopped is over. */
  handleContextState(): void {
    if (!this.#interrupted || this.#state === 'ended') return;
    if (this.#stopping) {
      // What is left of its fade must not be heard when the context goes on.
      this.#post({ type: 'cut', line: this.#line });
      this.#finish('stopped');
    } else if (this.#port.context.state === 'closed') this.lose(AudioError.audioLost());
    else if (this.#state === 'playing') this.#enter('stalled');
  }

  /** The sound went away under the line. */
  lose(error: AudioError): void {
    if (this.#state !== 'ended') this.#finish(this.#stopping ? 'stopped' : 'lost', error);
  }

  /** Ends the line without waiting for the audio thread: when the player is disposed. */
  abandon(): void {
    if (this.#state !== 'ended') this.#finish('stopped');
  }

  /** Runs that come with the first receipt of a take belong to the one before. */
  #handleRuns({ runs, runCount, state, speed }: Receipt): void {
    if (runCount > 0 && this.#take === this.#takeWanted) this.#sought = false;
    for (let at = 0; at < runCount * RUN_FIELDS; at += RUN_FIELDS) {
      this.#map.handleRun({
        contextFrame: runs[at]!,
        frames: runs[at + 1]!,
        lineFrame: runs[at + 2]!,
        lineFrames: runs[at + 3]!,
        take: this.#take,
      });
    }
    this.#map.handleEdge(state === 'playing', speed);
  }

  /** Receipts that were under way when the context was suspended still tell of playing. */
  #stateOf({ state }: Receipt): AudioState {
    const held = this.#interrupted && this.#port.context.state !== 'closed';
    return state === 'playing' && held ? 'stalled' : state;
  }

  #feed(): void {
    if (this.#take !== this.#takeWanted) return;
    for (let next = this.#store.next; next > 0; next = this.#store.next) {
      if (next > this.#room - (this.#sent - this.#consumed)) return;
      this.#sent += next;
      const samples = this.#store.take();
      this.#post({ type: 'samples', line: this.#line, samples }, [samples.buffer]);
    }
    if (!this.#inputEnded || this.#endPosted) return;
    this.#endPosted = true;
    this.#post({ type: 'end', line: this.#line });
  }

  #post(message: PlayerMessage, transfer?: Transferable[]): void {
    if (this.#state !== 'ended') this.#port.post(message, transfer);
  }

  get #interrupted(): boolean {
    return isInterrupted(this.#port.context);
  }

  #enter(state: AudioState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.onState?.(state);
  }

  #finish(reason: AudioEnd['reason'], error?: AudioError): void {
    this.#store.clear();
    this.#enter('ended');
    const seconds = this.#sought ? this.#base / this.#table.from : this.#map.rendered;
    this.#settle({ reason, seconds, ...(reason === 'lost' && error ? { error } : {}) });
  }
}
