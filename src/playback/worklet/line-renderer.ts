import { type PhaseTable, Resampler } from '../../pcm/resampler.ts';
import type { RenderState } from './messages.ts';

/** Fade at the start of a line and after a stall, seconds: under the attack of any speech sound, above a click. */
export const FADE_IN_SECONDS = 0.003;

/** Fade before a stall and at the end of a line, seconds. So much is held back, so that it can still be faded. */
export const FADE_OUT_SECONDS = 0.005;

/**
 * Renders one line after another from a ring of samples: waits for a lead, fades around every gap, and counts
 * exactly what was rendered. Runs on the audio thread: allocates nothing after construction.
 */
export class LineRenderer {
  readonly #resampler: Resampler;
  readonly #fadeIn: number;
  readonly #fadeOut: number;
  #state: RenderState = 'ended';
  #stopped = false;
  #lead = 0;
  #lineFrame = 0;
  #inputEnded = false;
  #gain = 0;
  #gainStep = 0;
  /** Frames until the fade out in progress is over; -1 when there is none. */
  #closing = -1;
  #afterClosing: 'stalled' | 'ended' = 'ended';

  /** `sampleRate` of the context; `capacity` of the ring in samples of the line's rate; `table` of any first rates. */
  constructor(sampleRate: number, capacity: number, table: PhaseTable) {
    this.#resampler = new Resampler(table, capacity);
    this.#fadeIn = Math.round(FADE_IN_SECONDS * sampleRate);
    this.#fadeOut = Math.round(FADE_OUT_SECONDS * sampleRate);
  }

  get state(): RenderState {
    return this.#state;
  }

  /** Whether the line ended because it was stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Frames of the line rendered so far. */
  get lineFrame(): number {
    return this.#lineFrame;
  }

  /** Samples at the line's own rate that have left the ring. */
  get consumed(): number {
    return this.#resampler.consumed;
  }

  /** Begins a line; what was left of the one before is dropped. */
  begin(table: PhaseTable, leadFrames: number): void {
    this.#resampler.reset(table);
    this.#state = 'buffering';
    this.#stopped = false;
    this.#lead = leadFrames;
    this.#lineFrame = 0;
    this.#inputEnded = false;
    this.#gain = 0;
    this.#closing = -1;
  }

  /** Takes samples into the ring; the sender keeps count of the room in it. */
  write(samples: Int16Array): void {
    this.#resampler.write(samples, 0, Math.min(samples.length, this.#resampler.space));
  }

  /** No more samples: the line ends when those in the ring are rendered. */
  end(): void {
    this.#inputEnded = true;
    this.#resampler.end();
  }

  /** Fades out within `fadeFrames` and ends the line. */
  stop(fadeFrames: number): void {
    if (this.#state === 'ended') return;
    this.#stopped = true;
    if (this.#state !== 'playing') {
      this.#state = 'ended';
      return;
    }
    const left = this.#closing >= 0 ? this.#closing : this.#resampler.available;
    this.#close(Math.min(Math.max(fadeFrames, 1), left), 'ended');
  }

  /** Fills `out` with what comes next, silence where there is nothing. Returns the number of frames of the line in it, from its start. */
  render(out: Float32Array): number {
    const { length } = out;
    let made = 0;
    this.#maybeStart();
    while (made < length && this.#state === 'playing') {
      const count = Math.min(length - made, this.#framesUntilChange());
      if (count > 0) {
        this.#resampler.read(out, made, count);
        this.#shape(out, made, count);
        made += count;
        this.#lineFrame += count;
        if (this.#closing > 0) this.#closing -= count;
      }
      if (this.#framesUntilChange() === 0) this.#change();
    }
    out.fill(0, made);
    return made;
  }

  /** Starts or resumes once enough is there; half the lead is enough after a stall. */
  #maybeStart(): void {
    if (this.#state !== 'buffering' && this.#state !== 'stalled') return;
    const lead = this.#state === 'buffering' ? this.#lead : this.#lead >> 1;
    const { available } = this.#resampler;
    if (!this.#inputEnded && available < Math.max(lead, this.#fadeIn + this.#fadeOut)) return;
    this.#state = available > 0 ? 'playing' : 'ended';
    this.#gain = 0;
    this.#gainStep = 1 / this.#fadeIn;
  }

  #framesUntilChange(): number {
    if (this.#closing >= 0) return this.#closing;
    return Math.max(0, this.#resampler.available - this.#fadeOut);
  }

  /** Called when the frames before a change are used up: begins the fade that was held back, or ends it. */
  #change(): void {
    if (this.#closing < 0) {
      const left = Math.min(this.#resampler.available, this.#fadeOut);
      this.#close(left, this.#inputEnded ? 'ended' : 'stalled');
      if (left > 0) return;
    }
    this.#closing = -1;
    this.#state = this.#afterClosing;
  }

  #close(frames: number, then: 'stalled' | 'ended'): void {
    this.#closing = frames;
    this.#afterClosing = then;
    this.#gainStep = frames > 0 ? -this.#gain / frames : 0;
  }

  /** The gain moves in a straight line between fades; it stays at 1 once it is there. */
  #shape(out: Float32Array, start: number, count: number): void {
    if (this.#gain >= 1 && this.#gainStep >= 0) return;
    for (let index = start; index < start + count; index++) {
      this.#gain = Math.min(1, Math.max(0, this.#gain + this.#gainStep));
      out[index]! *= this.#gain;
    }
  }
}
