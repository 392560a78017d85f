import { InputError } from '../speech/errors.ts';
import {
  type AudioEnd,
  type AudioState,
  type BeginOptions,
  type LineAudio,
  type LinePlayer,
  START_LEAD_MS,
} from './line-player.ts';

/**
 * Plays lines on a virtual clock, without sound: where there is no audio device, or before the page may make sound.
 * Mouth, captions and the end of the line are the same behind the same playhead. Stepped by {@link update}.
 */
export class SilentPlayer implements LinePlayer {
  #line: SilentLine | undefined;
  #disposed = false;

  begin(options: BeginOptions): LineAudio {
    if (this.#disposed) throw new InputError('begin()', 'a player in use', 'a disposed one');
    if (this.#line && this.#line.state !== 'ended') {
      throw new InputError('begin()', 'a player whose last line has ended', 'one that still plays');
    }
    this.#line = new SilentLine(options);
    return this.#line;
  }

  /** Moves the virtual clock to `performanceMs`; called once a frame. */
  update(performanceMs: number): void {
    this.#line?.update(performanceMs);
  }

  dispose(): void {
    this.#disposed = true;
    this.#line?.stop(0);
  }
}

class SilentLine implements LineAudio {
  readonly ended: Promise<AudioEnd>;
  onState: ((state: AudioState) => void) | undefined;
  startedAtMs: number | undefined;
  readonly offsetMs = 0;

  readonly #sampleRate: number;
  readonly #leadSeconds: number;
  #settle!: (end: AudioEnd) => void;
  #state: AudioState = 'buffering';
  #received = 0;
  #inputEnded = false;
  #playhead = 0;
  #atMs = Number.NaN;
  #stopAtMs = Number.POSITIVE_INFINITY;

  constructor({ sampleRate, startLeadMs = START_LEAD_MS }: BeginOptions) {
    this.#sampleRate = sampleRate;
    this.#leadSeconds = startLeadMs / 1000;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): AudioState {
    return this.#state;
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

  stop(fadeMs: number): void {
    if (this.#state === 'ended') return;
    this.#inputEnded = true;
    if (this.#state !== 'playing' || fadeMs <= 0) this.#finish('stopped');
    else this.#stopAtMs = this.#atMs + fadeMs;
  }

  playheadAt(performanceMs: number): number {
    const since = this.#state === 'playing' ? Math.max(0, performanceMs - this.#atMs) / 1000 : 0;
    return Math.min(this.#playhead + since, this.#receivedSeconds);
  }

  update(performanceMs: number): void {
    if (this.#state === 'ended') return;
    const playhead = this.playheadAt(performanceMs);
    this.#atMs = performanceMs;
    this.#playhead = playhead;
    if (performanceMs >= this.#stopAtMs) this.#finish('stopped');
    else if (this.#state === 'playing') this.#maybePause();
    else this.#maybeStart(performanceMs);
  }

  #maybeStart(performanceMs: number): void {
    const wanted = this.#state === 'buffering' ? this.#leadSeconds : this.#leadSeconds / 2;
    if (!this.#inputEnded && this.bufferedSeconds < wanted) return;
    this.startedAtMs ??= performanceMs;
    this.#enter('playing');
  }

  #maybePause(): void {
    if (this.bufferedSeconds > 0) return;
    if (this.#inputEnded) this.#finish('finished');
    else this.#enter('stalled');
  }

  #enter(state: AudioState): void {
    this.#state = state;
    this.onState?.(state);
  }

  #finish(reason: AudioEnd['reason']): void {
    this.#enter('ended');
    this.#settle({ reason, seconds: this.#playhead });
  }
}
