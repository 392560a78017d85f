import { LONGEST_TARGET_MS } from '../../clock/lateness.ts';
import { type PhaseTable, Resampler } from '../../pcm/resampler.ts';
import { Stretcher } from '../../pcm/stretcher.ts';
import { Appointment } from './appointment.ts';
import { Fader } from './fader.ts';
import { LevelControl } from './level-control.ts';
import type { RenderState } from './messages.ts';
import { RunLog } from './run-log.ts';
import { Tail } from './tail.ts';

/** Fade at the start of a line and after a stall, seconds: under the attack of any speech sound, above a click. */
export const FADE_IN_SECONDS = 0.003;

/** Fade before a stall, a pause or a seek and at the end, seconds. So much is held back, so that it can still be faded. */
export const FADE_OUT_SECONDS = 0.005;

/** What the resampler's filter holds back at the lowest rates and a block: taken for held back, seconds. */
const HIDDEN_SECONDS = 0.004;

/** Splices are more than 20 ms apart at speeds that differ from 1 by less than this. */
const SPARSE_SPLICES = 0.15;

/** Frames that are left out at a time. */
const SKIP_FRAMES = 512;

/** What follows when a fade out is over. */
type Sequel = 'stalled' | 'paused' | 'sought' | 'ended';

/**
 * Renders one line after another from a ring of samples: waits until enough is there, fades around every gap, stretches
 * time where the ring may run dry, and logs exactly what was rendered. Runs on the audio thread: allocates nothing after
 * construction, and the work for one block is bounded.
 */
export class LineRenderer {
  /** What was rendered; cleared by who reads it. */
  readonly log = new RunLog();
  readonly #resampler: Resampler;
  readonly #stretcher: Stretcher;
  readonly #control: LevelControl;
  readonly #fader = new Fader();
  readonly #tail: Tail;
  readonly #appointment: Appointment;
  readonly #skipped = new Float32Array(SKIP_FRAMES);
  readonly #fadeIn: number;
  readonly #fadeOut: number;
  readonly #hidden: number;
  readonly #longestTarget: number;
  #table: PhaseTable;
  #state: RenderState = 'ended';
  #stopped = false;
  #take = 0;
  #lineFrame = 0;
  #startFrame = 0;
  #inputEnded = false;
  #pauseWanted = false;
  #started = false;
  #speed = 1;
  /** Frames by which the line is later than it would be without stalls. */
  #delay = 0;
  /** Frames that were held back when the last samples had come. */
  #filled = 0;
  #stalledFrames = 0;
  /** Frames of silence of the stall that is on, until samples came again. */
  #stallFrames = 0;
  #refilling = false;
  /** Frames until the fade out in progress is over; -1 when there is none. */
  #closing = -1;
  #sequel: Sequel = 'ended';
  #stopAt = Number.POSITIVE_INFINITY;
  #stopFade = 0;
  #seekFrame = 0;
  #seekTake = 0;
  #seekDue = Number.NaN;

  /** `sampleRate` of the context; `capacity` of the ring in samples of the line's rate; `table` of any first rates. */
  constructor(sampleRate: number, capacity: number, table: PhaseTable) {
    this.#table = table;
    this.#resampler = new Resampler(table, capacity);
    this.#stretcher = new Stretcher(this.#resampler, sampleRate);
    this.#control = new LevelControl(sampleRate);
    this.#fadeIn = Math.round(FADE_IN_SECONDS * sampleRate);
    this.#fadeOut = Math.round(FADE_OUT_SECONDS * sampleRate);
    this.#hidden = Math.round(HIDDEN_SECONDS * sampleRate);
    this.#longestTarget = Math.round((LONGEST_TARGET_MS / 1000) * sampleRate);
    this.#tail = new Tail(this.#fadeOut);
    this.#appointment = new Appointment(this, sampleRate);
  }

  get state(): RenderState {
    return this.#state;
  }

  /** Whether the line ended because it was stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Number of the take: how many seeks there were. */
  get take(): number {
    return this.#take;
  }

  /**
   * Line time for each second of what comes next, as far as can be told: near speed 1 samples pass one by one until the
   * next splice, and a receipt tells of that.
   */
  get speed(): number {
    const straight = this.#stretcher.step === 1 && Math.abs(this.#speed - 1) < SPARSE_SPLICES;
    return straight ? 1 : this.#speed;
  }

  /** Frames of silence that stalls have put into the line. */
  get stalledFrames(): number {
    return this.#stalledFrames;
  }

  /** Samples at the line's own rate that have left the ring since the last seek. */
  get consumed(): number {
    return this.#resampler.consumed;
  }

  /** Frames of the line that are there. */
  get available(): number {
    return this.#stretcher.available;
  }

  /**
   * Begins a line, not before `startFrame` of the context; what was left of the one before is dropped, but for a fade of
   * 5 ms at most. `dueFrame`: of the context, at which its first sample is due; NaN as soon as enough is there.
   */
  begin(table: PhaseTable, targetFrames: number, rate: number, startFrame = 0, dueFrame = Number.NaN): void {
    if (this.#state === 'playing') this.#keepTail();
    this.#table = table;
    this.#control.target = targetFrames;
    this.#control.rate = rate;
    this.#stopped = this.#pauseWanted = this.#started = false;
    this.#stopAt = Number.POSITIVE_INFINITY;
    this.#startFrame = startFrame;
    this.#stalledFrames = 0;
    this.#jump(0, 0, dueFrame);
    this.log.clear();
  }

  /** Changes the frame of the context before which the line does not begin, unless it has begun; infinite to wait. */
  setStart(startFrame: number): void {
    if (!this.#started) this.#startFrame = startFrame;
  }

  /** Takes the first `count` samples into the ring; the sender keeps count of the room in it. */
  write(samples: Int16Array, count = samples.length): void {
    this.#resampler.write(samples, 0, Math.min(count, this.#resampler.space));
    this.#filled = this.#stretcher.available;
    this.#refilling = this.#state === 'stalled';
  }

  /** No more samples: the line ends when those in the ring are rendered. */
  end(): void {
    this.#inputEnded = true;
    this.#resampler.end();
  }

  /** How much of the line should be held back, frames. */
  setTarget(frames: number): void {
    this.#control.target = frames;
  }

  /** Speed that the player asks for, 0.5 to 2. */
  setRate(rate: number): void {
    this.#control.rate = rate;
  }

  /** Fades out and waits for {@link resume}. */
  pause(): void {
    if (this.#stopped) return;
    this.#pauseWanted = true;
    if (this.#state === 'playing') this.#close(this.#fadeOut, 'paused');
    else if (this.#state !== 'ended') this.#state = 'paused';
  }

  resume(): void {
    this.#pauseWanted = false;
  }

  /** Fades out and goes on at `lineFrame`, with what is written from then on; `dueFrame` as at {@link begin}. */
  seek(lineFrame: number, take: number, dueFrame = Number.NaN): void {
    if (this.#state === 'ended' || this.#stopped) return;
    this.#seekFrame = lineFrame;
    this.#seekTake = take;
    this.#seekDue = dueFrame;
    if (this.#state === 'playing') this.#close(this.#fadeOut, 'sought');
    else this.#jump(lineFrame, take, dueFrame);
  }

  /**
   * Fades out within `fadeFrames`, {@link FADE_IN_SECONDS} at least, and ends the line: now, or so that the fade is over
   * at `atFrame` of the line.
   */
  stop(fadeFrames: number, atFrame: number): void {
    if (this.#state === 'ended') return;
    this.#stopped = true;
    const fade = Math.max(fadeFrames, this.#fadeIn);
    if (this.#state !== 'playing') this.#state = 'ended';
    else if (this.#closing < 0 && atFrame > this.#lineFrame + fade) {
      this.#stopAt = atFrame - fade;
      this.#stopFade = fade;
    } else {
      this.#close(fade, 'ended');
      this.#sequel = 'ended';
    }
  }

  /** Ends the line at once, in the middle of a fade too: for while nothing is heard. */
  cut(): void {
    if (this.#state === 'ended') return;
    this.#stopped = true;
    this.#closing = -1;
    this.#state = 'ended';
  }

  /** Leaves out the next `frames` of what is there, before the line begins. */
  skip(frames: number): void {
    for (let left = frames; left > 0; left -= SKIP_FRAMES)
      this.#stretcher.read(this.#skipped, 0, Math.min(left, SKIP_FRAMES));
    this.#lineFrame += frames;
  }

  /** Fills `out` with what comes next, silence where there is nothing. `contextFrame` is where `out` begins. */
  render(out: Float32Array, contextFrame: number): void {
    const { length } = out;
    let made = Math.min(Math.max(0, this.#startFrame - contextFrame), length);
    out.fill(0, 0, made);
    if (made < length) this.#maybeStart(contextFrame, length);
    while (made < length && this.#state === 'playing') {
      const count = Math.min(length - made, this.#untilChange(), this.#stretcher.left);
      if (count > 0) this.#play(out, made, count, contextFrame + made);
      made += count;
      if (this.#untilChange() === 0) this.#change();
    }
    out.fill(0, made);
    this.#tail.addTo(out);
    if (this.#state === 'stalled') {
      this.#stalledFrames += length - made;
      if (!this.#refilling) this.#stallFrames += length - made;
      this.#delay += length - made;
    }
  }

  /** Starts or goes on once enough is there. */
  #maybeStart(contextFrame: number, length: number): void {
    if (this.#state === 'playing' || this.#state === 'ended' || this.#pauseWanted) return;
    const waiting = this.#started ? 'stalled' : 'buffering';
    if (this.#state === 'paused') this.#state = waiting;
    if (this.#state === 'buffering' && !this.#appointment.kept(contextFrame, length, this.#inputEnded))
      return;
    const { available } = this.#stretcher;
    const lead = this.#state === 'buffering' ? this.#control.target : this.#refill;
    const enough = Math.max(lead - this.#hidden, this.#fadeIn + this.#fadeOut);
    if (!this.#inputEnded && available < enough) return;
    this.#state = available > 0 ? 'playing' : 'ended';
    this.#started = true;
    this.#startFrame = 0;
    this.#stallFrames = 0;
    this.#refilling = false;
    this.#fader.reset();
    this.#fader.open(this.#fadeIn);
  }

  /**
   * Half of the target that this stall will raise the old one to: half of that alone would be a word, and the next
   * stall.
   */
  get #refill(): number {
    const { target } = this.#control;
    return Math.max(target, Math.min(target + this.#stallFrames, this.#longestTarget)) / 2;
  }

  #play(out: Float32Array, start: number, count: number, contextFrame: number): void {
    const passed = count * this.#stretcher.step;
    this.#stretcher.read(out, start, count);
    this.#fader.shape(out, start, count);
    this.log.add(contextFrame, count, this.#lineFrame, passed);
    this.#lineFrame += passed;
    this.#delay = Math.max(0, this.#delay + count * this.#control.rate - passed);
    if (this.#closing > 0) this.#closing -= count;
    if (this.#closing >= 0) return;
    const { available } = this.#stretcher;
    this.#speed = this.#control.speedAt(available, this.#filled, this.#delay, this.#inputEnded);
    this.#stretcher.plan(this.#speed, count, this.#fadeOut);
  }

  #untilChange(): number {
    if (this.#closing >= 0) return this.#closing;
    const dry = this.#stretcher.available - this.#fadeOut;
    return Math.max(0, Math.min(dry, Math.ceil(this.#stopAt - this.#lineFrame)));
  }

  /** Called when the frames before a change are used up: begins the fade that was held back, or ends it. */
  #change(): void {
    if (this.#closing < 0) {
      if (this.#lineFrame >= this.#stopAt) this.#close(this.#stopFade, 'ended');
      else this.#close(this.#fadeOut, this.#inputEnded || this.#stopped ? 'ended' : 'stalled');
      if (this.#closing > 0) return;
    }
    this.#closing = -1;
    if (this.#sequel === 'sought') this.#jump(this.#seekFrame, this.#seekTake, this.#seekDue);
    else this.#state = this.#sequel;
    if (this.#state === 'stalled' && this.#pauseWanted) this.#state = 'paused';
  }

  /** Fades out within `frames`, or what is left of a fade or the ring; a stronger sequel replaces a weaker one. */
  #close(frames: number, sequel: Sequel): void {
    const left = this.#closing >= 0 ? this.#closing : this.#stretcher.available;
    if (this.#closing < 0 || STRENGTH[sequel] >= STRENGTH[this.#sequel]) this.#sequel = sequel;
    this.#closing = Math.min(frames, left);
    this.#fader.close(this.#closing);
  }

  /** Makes what is left of a fade out, or one of 5 ms. */
  #keepTail(): void {
    this.#close(this.#closing >= 0 ? Math.min(this.#closing, this.#fadeOut) : this.#fadeOut, 'ended');
    const { frames } = this.#tail;
    for (let made = 0; made < this.#closing; ) {
      const count = Math.min(this.#closing - made, this.#stretcher.left);
      this.#stretcher.read(frames, made, count);
      made += count;
    }
    this.#fader.shape(frames, 0, this.#closing);
    this.#tail.keep(this.#closing);
  }

  #jump(lineFrame: number, take: number, dueFrame: number): void {
    this.#appointment.make(dueFrame);
    this.#resampler.reset(this.#table);
    this.#stretcher.reset();
    this.#control.reset();
    this.#fader.reset();
    this.#lineFrame = lineFrame;
    this.#take = take;
    this.#inputEnded = false;
    this.#closing = -1;
    this.#delay = this.#filled = this.#stallFrames = 0;
    this.#refilling = false;
    this.#speed = this.#control.rate;
    this.#started = false;
    this.#state = this.#pauseWanted ? 'paused' : 'buffering';
  }
}

/** Of two sequels of the same fade the stronger one is done; only a stop, which comes last, outweighs a seek. */
const STRENGTH: Readonly<Record<Sequel, number>> = { stalled: 0, paused: 1, sought: 3, ended: 2 };
