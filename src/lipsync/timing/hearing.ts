import { Levelling } from './levelling.ts';
import { BANDS, HOP, MelFrames, WINDOW } from './mel.ts';
import { Gru, type Matrix, multiply } from './model.ts';
import { SOUND_COUNT } from './sounds.ts';

/** Frames before and after the middle one that each of the two first layers sees. */
const FIRST = { before: 2, after: 3 };
const SECOND = { before: 2, after: 4 };

/** How much sound after the middle of a frame is needed to tell what it is, seconds. */
export const HEARING_DELAY = (FIRST.after + SECOND.after) * HOP + WINDOW / 2;

/** The weights of the sound model, in the order in which they are used. */
export interface SoundModel {
  readonly first: Matrix;
  readonly second: Matrix;
  readonly gateInput: Matrix;
  readonly gateState: Matrix;
  readonly last: Matrix;
}

/** A layer that sees some frames around each; nothing is where the line has none. */
class Stack {
  readonly #matrix: Matrix;
  readonly #width: number;
  readonly #inputs: Float32Array;
  readonly #after: number;
  readonly out: Float32Array;
  /** Frames still to come before the first has all it sees. */
  #missing: number;
  #taken = 0;
  #given = 0;

  constructor(matrix: Matrix, { before, after }: { before: number; after: number }) {
    this.#matrix = matrix;
    this.#width = matrix.columns / (before + 1 + after);
    this.#inputs = new Float32Array(matrix.columns);
    this.#after = after;
    this.#missing = after;
    this.out = new Float32Array(matrix.rows);
  }

  /** Takes a frame from `at` on in `input`, or nothing after the end. Returns whether {@link out} holds a new one. */
  push(input: Float32Array | undefined, at: number): boolean {
    const [inputs, width] = [this.#inputs, this.#width];
    inputs.copyWithin(0, width);
    const last = inputs.length - width;
    if (input) {
      for (let i = 0; i < width; i++) inputs[last + i] = input[at + i]!;
      this.#taken++;
    } else inputs.fill(0, last);
    if (this.#missing > 0) {
      this.#missing--;
      return false;
    }
    if (this.#given === this.#taken) return false;
    this.#given++;
    multiply(this.#matrix, inputs, 0, this.out);
    for (let i = 0; i < this.out.length; i++) this.out[i] = Math.max(this.out[i]!, 0);
    return true;
  }

  /** Frames after the end that the last one must see. */
  get after(): number {
    return this.#after;
  }
}

/**
 * Tells what sounds are heard in a line: for each frame of {@link HOP} seconds the log likelihood of every sound, as
 * soon as {@link HEARING_DELAY} of what follows is there. Keeps what it told until it is dropped.
 */
export class Hearing {
  /** Number of frames told so far. */
  count = 0;
  /** Log probabilities of sounds, frames end to end. */
  scores = new Float32Array(256 * SOUND_COUNT);
  readonly #levelling = new Levelling();
  readonly #mel: MelFrames;
  readonly #first: Stack;
  readonly #second: Stack;
  readonly #gru: Gru;
  readonly #last: Matrix;
  readonly #top: Float32Array;
  readonly #out: Float32Array;
  #read = 0;

  constructor(model: SoundModel, sampleRate: number) {
    this.#mel = new MelFrames(sampleRate);
    this.#first = new Stack(model.first, FIRST);
    this.#second = new Stack(model.second, SECOND);
    this.#gru = new Gru(model.gateInput, model.gateState);
    this.#last = model.last;
    this.#top = new Float32Array(model.last.columns);
    this.#out = new Float32Array(model.last.rows);
  }

  /** Takes the next samples of the line. Keeps none of them. */
  push(samples: Int16Array): void {
    this.#mel.push(samples);
    this.#listen();
  }

  /** The line is whole: tells the frames that are left. */
  end(): void {
    this.#mel.end();
    this.#listen();
    for (let i = 0; i < this.#first.after; i++) this.#push(undefined);
    for (let i = 0; i < this.#second.after; i++) this.#hear(undefined);
  }

  #listen(): void {
    for (; this.#read < this.#mel.count; this.#read++) {
      this.#push(this.#levelling.level(this.#mel.frames, this.#read * BANDS));
    }
  }

  #push(frame: Float32Array | undefined): void {
    if (this.#first.push(frame, 0)) this.#hear(this.#first.out);
  }

  #hear(frame: Float32Array | undefined): void {
    if (!this.#second.push(frame, 0)) return;
    const seen = this.#second.out;
    this.#gru.step(seen, 0);
    this.#top.set(this.#gru.state);
    this.#top.set(seen, this.#gru.state.length);
    multiply(this.#last, this.#top, 0, this.#out);
    if ((this.count + 1) * SOUND_COUNT > this.scores.length) this.#grow();
    logSoftmax(this.#out, this.scores, this.count * SOUND_COUNT);
    this.count++;
  }

  #grow(): void {
    const grown = new Float32Array(2 * this.scores.length);
    grown.set(this.scores);
    this.scores = grown;
  }
}

function logSoftmax(values: Float32Array, out: Float32Array, at: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  const log = most + Math.log(sum);
  for (let i = 0; i < values.length; i++) out[at + i] = values[i]! - log;
}
