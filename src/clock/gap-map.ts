/** A stretch of a line that was rendered at one speed. Positions are frames at the context's rate. */
export interface Run {
  /** Frame of the audio context at which the stretch begins; whole. */
  readonly contextFrame: number;
  /** Frames that were rendered; whole. */
  readonly frames: number;
  /** Frame of the line at which it begins. */
  readonly lineFrame: number;
  /** Frames of the line that went by: as many as were rendered, unless time was stretched or rate changed. */
  readonly lineFrames: number;
  /** Counts the jumps in the line: 0, and one more after each seek. */
  readonly take: number;
}

/** Where a look-up of {@link GapMap.read} puts what it finds. */
export const READING = {
  /** Line time, seconds. */
  line: 0,
  /** How long there has been no sound, seconds: 0 in sound, infinite before the first. */
  silence: 1,
  /** How long there has been sound without interruption, seconds: 0 in silence. */
  sound: 2,
  /** How long the silence before that was, seconds; infinite before the first sound and after a seek. */
  silenceBefore: 3,
  /** Number of the take. */
  take: 4,
} as const;

/** Length of the array that {@link GapMap.read} fills. */
export const READING_LENGTH = 5;

/**
 * How far beyond the last receipt an open run is taken to go on, seconds. Receipts come 20 times a second;
 * four missing ones mean that the audio thread is in trouble, and the playhead waits.
 */
const TRUST_SECONDS = 0.2;

/**
 * Longest time for which a browser's frame number is taken to have stood still while audio was rendered, seconds.
 * Chromium's does so for a block or a few when a node is made or the graph changes, and then jumps by what it missed.
 */
const STANDSTILL_SECONDS = 0.1;

/** Pieces for which room is made at first. */
const FIRST_PIECES = 16;

/**
 * The map between audio-context time and line time, built from what the worklet says it rendered: one straight
 * piece for each run at one speed, so that stalls, pauses, rates and stretched time are exact. Between two seeks it
 * never goes backwards. Look-up allocates nothing.
 */
export class GapMap {
  readonly #sampleRate: number;
  #context = new Float64Array(FIRST_PIECES);
  #frames = new Float64Array(FIRST_PIECES);
  #line = new Float64Array(FIRST_PIECES);
  #lineFrames = new Float64Array(FIRST_PIECES);
  #take = new Float64Array(FIRST_PIECES);
  /** The first of the pieces that follow each other without a gap up to each one. */
  #first = new Float64Array(FIRST_PIECES);
  #count = 0;
  #open = false;
  #speed = 1;
  #hint = 0;

  /** `sampleRate` is the context's, Hz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Context time of the line's first sample, seconds; undefined before it is rendered. */
  get start(): number | undefined {
    return this.#count > 0 ? this.#context[0]! / this.#sampleRate : undefined;
  }

  /** Line time up to which the line was rendered, seconds. */
  get rendered(): number {
    return this.#count === 0 ? 0 : this.#lineEnd(this.#count - 1) / this.#sampleRate;
  }

  /** Number of straight pieces. */
  get pieces(): number {
    return this.#count;
  }

  /**
   * Takes in what was rendered. Runs come in order; one that goes on where the last ended, at its speed, lengthens its
   * piece. Where the line goes on but the frame number jumps a little, it had stood still before: what was rendered
   * since the last gap is moved to where it was.
   */
  handleRun(run: Run): void {
    if (run.frames === 0) return;
    const last = this.#count - 1;
    const goesOn = last >= 0 && this.#take[last] === run.take && this.#lineEnd(last) === run.lineFrame;
    const late = goesOn ? run.contextFrame - this.#contextEnd(last) : 0;
    const joined = goesOn && (late === 0 || (this.#open && this.#isStandstill(late)));
    if (joined && late > 0) this.#shift(last, late);
    if (joined && run.lineFrames * this.#frames[last]! === this.#lineFrames[last]! * run.frames) {
      this.#frames[last]! += run.frames;
      this.#lineFrames[last]! += run.lineFrames;
    } else this.#append(run, joined);
    this.#open = true;
  }

  /** What holds after the last run: whether rendering goes on, and at which speed. False at a stall, a pause and the end. */
  handleEdge(open: boolean, speed: number): void {
    this.#open = open && this.#count > 0;
    this.#speed = speed;
  }

  /**
   * Line time at a context time, both in seconds. 0 before the first sample; holds during a gap and after the end;
   * goes on for up to 0.2 s beyond the last receipt of an open run.
   */
  lineTimeAt(contextTime: number): number {
    if (this.#count === 0) return 0;
    const frame = contextTime * this.#sampleRate;
    return this.#lineFrameAt(this.#find(frame), frame) / this.#sampleRate;
  }

  /** Context time, seconds, at which a line time was first rendered since the last seek; undefined where it was not. */
  contextTimeAt(lineTime: number): number | undefined {
    const frame = lineTime * this.#sampleRate;
    const take = this.#take[this.#count - 1];
    let found: number | undefined;
    for (let piece = this.#count - 1; piece >= 0 && this.#take[piece] === take; piece--) {
      if (this.#lineEnd(piece) < frame) break;
      if (this.#line[piece]! > frame) continue;
      const slope = this.#lineFrames[piece]! / this.#frames[piece]!;
      const into = slope > 0 ? (frame - this.#line[piece]!) / slope : 0;
      found = (this.#context[piece]! + into) / this.#sampleRate;
    }
    return found;
  }

  /** Context time, seconds, at which a line time was or will be rendered if nothing comes between; undefined while nothing goes on. */
  expectedTimeAt(lineTime: number): number | undefined {
    const last = this.#count - 1;
    if (last < 0 || lineTime <= this.rendered) return this.contextTimeAt(lineTime);
    if (!this.#open) return undefined;
    const ahead = (lineTime * this.#sampleRate - this.#lineEnd(last)) / this.#speed;
    return (this.#contextEnd(last) + ahead) / this.#sampleRate;
  }

  /** Everything about a context time, seconds, at once: see {@link READING}. */
  read(contextTime: number, out: Float64Array): void {
    const frame = contextTime * this.#sampleRate;
    const piece = this.#count === 0 ? -1 : this.#find(frame);
    if (piece < 0 || frame < this.#context[0]!) {
      out[READING.line] = piece < 0 ? 0 : this.#line[0]! / this.#sampleRate;
      out[READING.silence] = out[READING.silenceBefore] = Number.POSITIVE_INFINITY;
      out[READING.sound] = out[READING.take] = 0;
      return;
    }
    const first = this.#first[piece]!;
    const over = Math.max(0, frame - this.#soundEnd(piece));
    const afterSeek = first === 0 || this.#take[first] !== this.#take[first - 1];
    out[READING.line] = this.#lineFrameAt(piece, frame) / this.#sampleRate;
    out[READING.silence] = over / this.#sampleRate;
    out[READING.sound] = over > 0 ? 0 : (frame - this.#context[first]!) / this.#sampleRate;
    out[READING.silenceBefore] = afterSeek
      ? Number.POSITIVE_INFINITY
      : (this.#context[first]! - this.#contextEnd(first - 1)) / this.#sampleRate;
    out[READING.take] = this.#take[piece]!;
  }

  /** The last piece that has begun at a frame; the first one before all of them. */
  #find(frame: number): number {
    let piece = this.#hint;
    while (piece > 0 && this.#context[piece]! > frame) piece--;
    while (piece + 1 < this.#count && this.#context[piece + 1]! <= frame) piece++;
    this.#hint = piece;
    return piece;
  }

  #lineFrameAt(piece: number, frame: number): number {
    const into = Math.max(0, frame - this.#context[piece]!);
    const frames = this.#frames[piece]!;
    if (into < frames) return this.#line[piece]! + (into * this.#lineFrames[piece]!) / frames;
    return this.#lineEnd(piece) + Math.min(into - frames, this.#trusted(piece)) * this.#speed;
  }

  /** Frames for which sound is taken to go on beyond a piece. */
  #trusted(piece: number): number {
    return this.#open && piece === this.#count - 1 ? TRUST_SECONDS * this.#sampleRate : 0;
  }

  #soundEnd(piece: number): number {
    return this.#contextEnd(piece) + this.#trusted(piece);
  }

  #contextEnd(piece: number): number {
    return this.#context[piece]! + this.#frames[piece]!;
  }

  #lineEnd(piece: number): number {
    return this.#line[piece]! + this.#lineFrames[piece]!;
  }

  #isStandstill(frames: number): boolean {
    return frames > 0 && frames <= STANDSTILL_SECONDS * this.#sampleRate;
  }

  #shift(last: number, frames: number): void {
    for (let piece = this.#first[last]!; piece <= last; piece++) this.#context[piece]! += frames;
  }

  #append({ contextFrame, frames, lineFrame, lineFrames, take }: Run, joined: boolean): void {
    const piece = this.#count;
    if (piece === this.#context.length) this.#grow();
    this.#context[piece] = contextFrame;
    this.#frames[piece] = frames;
    this.#line[piece] = lineFrame;
    this.#lineFrames[piece] = lineFrames;
    this.#take[piece] = take;
    this.#first[piece] = joined ? this.#first[piece - 1]! : piece;
    this.#count++;
  }

  #grow(): void {
    this.#context = doubled(this.#context);
    this.#frames = doubled(this.#frames);
    this.#line = doubled(this.#line);
    this.#lineFrames = doubled(this.#lineFrames);
    this.#take = doubled(this.#take);
    this.#first = doubled(this.#first);
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
