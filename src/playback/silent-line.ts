import { READING } from '../clock/gap-map.ts';
import { InputError } from '../speech/errors.ts';
import {
  type AudioEnd,
  type AudioState,
  type BeginOptions,
  DEFAULT_TARGET_MS,
  FARTHEST_DUE_MS,
  type LineAudio,
} from './line-player.ts';

/** A line on the virtual clock of a `SilentPlayer`: everything of a line but its sound. */
export class SilentLine implements LineAudio {
  readonly ended: Promise<AudioEnd>;
  onState: ((state: AudioState) => void) | undefined;
  startedAtMs: number | undefined;
  stalledMs = 0;
  readonly offsetMs = 0;

  readonly #sampleRate: number;
  readonly #keep: boolean;
  #targetSeconds: number;
  #rate: number;
  #settle!: (end: AudioEnd) => void;
  #state: AudioState = 'buffering';
  #received = 0;
  #inputEnded = false;
  #pauseWanted = false;
  /** Line time at the last update, and its take. */
  #playhead = 0;
  #take = 0;
  readonly #moved = new Float64Array(1);
  #atMs = Number.NaN;
  /** When sound or silence last began, and how long the silence before that sound was. */
  #sinceMs = Number.NEGATIVE_INFINITY;
  #silenceBefore = Number.POSITIVE_INFINITY;
  #sounded = false;
  /** When the playhead is due, milliseconds; NaN where it may go on when it likes. */
  #dueMs: number;

  /** Performance time before which it does not begin, milliseconds. */
  #startMs: number;

  constructor({
    sampleRate,
    targetMs = DEFAULT_TARGET_MS,
    rate = 1,
    keep = false,
    held = false,
    dueMs = Number.NaN,
  }: BeginOptions) {
    this.#startMs = held ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.#dueMs = dueMs;
    this.#sampleRate = sampleRate;
    this.#targetSeconds = targetMs / 1000;
    this.#rate = rate;
    this.#keep = keep;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): AudioState {
    return this.#state;
  }

  get position(): number {
    return this.#playhead;
  }

  heardAtMs(): number | undefined {
    return this.#atMs;
  }

  expectedAtMs(seconds: number): number | undefined {
    const left = ((seconds - this.#playhead) / this.#rate) * 1000;
    if (left > 0 && this.#state !== 'playing') return undefined;
    return this.#atMs + left;
  }

  /** To the frame: the virtual clock knows no moment between two. */
  startAtMs(performanceMs: number): void {
    this.#startMs = performanceMs;
  }

  get targetMs(): number {
    return this.#targetSeconds * 1000;
  }

  get bufferedSeconds(): number {
    return this.#receivedSeconds - this.#playhead;
  }

  get #receivedSeconds(): number {
    return this.#received / this.#sampleRate;
  }

  push(samples: Int16Array<ArrayBuffer>): void {
    if (!this.#inputEnded) this.#received += samples.length;
  }

  end(): void {
    this.#inputEnded = true;
  }

  /** Ends at once: in silence there is nothing to fade, and there may be no more frames. */
  stop(): void {
    if (this.#state === 'ended') return;
    this.#inputEnded = true;
    this.#finish('stopped');
  }

  pause(): void {
    if (this.#state === 'ended') return;
    this.#pauseWanted = true;
    this.#enter('paused');
  }

  resume(): void {
    this.#pauseWanted = false;
  }

  seek(seconds: number, dueMs = Number.NaN): void {
    if (!this.#keep)
      throw new InputError('seek()', 'a line that keeps its sound', 'one that frees it as it plays');
    if (this.#state === 'ended') return;
    this.#playhead = Math.min(Math.max(seconds, 0), this.#receivedSeconds);
    this.#dueMs = dueMs + (this.#playhead - seconds) * 1000;
    this.#take++;
    this.#enter(this.#pauseWanted ? 'paused' : 'buffering');
    this.#sounded = false;
  }

  setRate(rate: number): void {
    this.#rate = rate;
  }

  setTarget(targetMs: number): void {
    this.#targetSeconds = targetMs / 1000;
  }

  spokenAt(performanceMs: number): number | undefined {
    if (this.#state !== 'playing') return undefined;
    this.#moveTo(performanceMs, this.#moved);
    return this.#moved[READING.line];
  }

  readAt(performanceMs: number, out: Float64Array): void {
    const playing = this.#state === 'playing';
    const since = Math.max(0, performanceMs - this.#sinceMs) / 1000;
    this.#moveTo(performanceMs, out);
    out[READING.silence] = playing ? 0 : since;
    out[READING.sound] = playing ? since : 0;
    out[READING.silenceBefore] = this.#silenceBefore;
    out[READING.take] = this.#take;
  }

  /** Moves the virtual clock; called once a frame. */
  update(performanceMs: number): void {
    if (this.#state === 'ended') return;
    const since = performanceMs - this.#atMs;
    this.#moveTo(performanceMs, this.#moved);
    this.#playhead = this.#moved[READING.line]!;
    this.#atMs = performanceMs;
    if (this.#state === 'playing') this.#maybePause();
    else {
      if (this.#state === 'stalled' && since > 0) this.stalledMs += since;
      this.#maybeStart(performanceMs);
    }
  }

  /** Writes the line time at a moment to `out`: a number that is returned may be allocated. */
  #moveTo(performanceMs: number, out: Float64Array): void {
    const since = this.#state === 'playing' ? Math.max(0, performanceMs - this.#atMs) / 1000 : 0;
    const received = this.#received / this.#sampleRate;
    out[READING.line] = Math.min(this.#playhead + since * this.#rate, received);
  }

  #maybeStart(performanceMs: number): void {
    if (this.#pauseWanted) return;
    if (this.startedAtMs === undefined && performanceMs < this.#startMs) return;
    const wanted = this.startedAtMs === undefined ? this.#targetSeconds : this.#targetSeconds / 2;
    if (!this.#inputEnded && this.bufferedSeconds < wanted) {
      if (this.#state === 'paused') this.#enter(this.startedAtMs === undefined ? 'buffering' : 'stalled');
      return;
    }
    if (!this.#keepsAppointment(performanceMs)) return;
    this.#silenceBefore = this.#sounded ? (performanceMs - this.#sinceMs) / 1000 : Number.POSITIVE_INFINITY;
    this.#sounded = true;
    this.startedAtMs ??= performanceMs;
    this.#enter('playing');
  }

  /** Whether the line may begin; what was due before is left out. */
  #keepsAppointment(performanceMs: number): boolean {
    const lateMs = performanceMs - this.#dueMs;
    if (lateMs < 0 && lateMs >= -FARTHEST_DUE_MS) return false;
    if (lateMs > 0) this.#playhead = Math.min(this.#playhead + lateMs / 1000, this.#receivedSeconds);
    this.#dueMs = Number.NaN;
    return true;
  }

  #maybePause(): void {
    // Not by `bufferedSeconds`: a number that is returned may be allocated, and this is asked once a frame.
    if (this.#playhead < this.#received / this.#sampleRate) return;
    if (this.#inputEnded) this.#finish('finished');
    else this.#enter('stalled');
  }

  /** Sound begins or ends at the last update: the virtual clock knows no moment between two. */
  #enter(state: AudioState): void {
    if (state === this.#state) return;
    if (state === 'playing' || this.#state === 'playing') this.#sinceMs = this.#atMs;
    this.#state = state;
    this.onState?.(state);
  }

  #finish(reason: AudioEnd['reason']): void {
    this.#enter('ended');
    this.#settle({ reason, seconds: this.#playhead });
  }
}
