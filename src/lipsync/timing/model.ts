import { InputError } from '../../speech/errors.ts';

/** Rows of weights with a bias each. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Weights that are unpacked in one step, and characters: less than a millisecond of a slow machine, before V8 is warm. */
const STEP = 1024;

/**
 * Reads matrices end to end: rows and columns as 16-bit numbers, then for each row its scale and bias as 32-bit floats,
 * then all weights as signed bytes, row by row; each is its byte times the row's scale. Little-endian. In small steps, so
 * that frames may come between. Throws {@link InputError} where the bytes are no such thing.
 */
export function* readingMatrices(bytes: Uint8Array): Generator<void, Matrix[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const matrices: Matrix[] = [];
  let done = 0;
  for (let at = 0; at < bytes.length; ) {
    const [rows, columns] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const first = at + 4 + 8 * rows;
    if (first + rows * columns > bytes.length) throw new InputError('weights', 'whole matrices', 'a piece');
    const weights = new Float32Array(rows * columns);
    const bias = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const scale = view.getFloat32(at + 4 + 8 * row, true);
      bias[row] = view.getFloat32(at + 8 + 8 * row, true);
      for (let place = row * columns; place < (row + 1) * columns; place++) {
        weights[place] = scale * view.getInt8(first + place);
      }
      done += columns;
      if (done < STEP) continue;
      done = 0;
      yield;
    }
    matrices.push({ rows, columns, weights, bias });
    at = first + rows * columns;
  }
  return matrices;
}

/** The bytes of a text in base64, in small steps. */
export function* decoding(base64: string): Generator<void, Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array((base64.replace(/=+$/, '').length * 3) >> 2);
  let at = 0;
  for (let from = 0; from < base64.length; from += STEP) {
    const run = atob(base64.slice(from, from + STEP));
    for (let i = 0; i < run.length; i++) bytes[at++] = run.charCodeAt(i);
    yield;
  }
  return bytes;
}

/** Goes through all steps at once. */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Writes `matrix` times the `columns` values of `input` from `at` on, plus bias, to `out`. */
export function multiply(
  { rows, columns, weights, bias }: Matrix,
  input: Float32Array,
  at: number,
  out: Float32Array,
): void {
  let row = 0;
  // Four rows at once read each input once: three to four times as fast in V8 as row by row.
  for (; row + 3 < rows; row += 4) {
    const first = row * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    let a = bias[row]!;
    let b = bias[row + 1]!;
    let c = bias[row + 2]!;
    let d = bias[row + 3]!;
    for (let column = 0; column < columns; column++) {
      const x = input[at + column]!;
      a += weights[first + column]! * x;
      b += weights[second + column]! * x;
      c += weights[third + column]! * x;
      d += weights[fourth + column]! * x;
    }
    out[row] = a;
    out[row + 1] = b;
    out[row + 2] = c;
    out[row + 3] = d;
  }
  for (; row < rows; row++) {
    let sum = bias[row]!;
    for (let column = 0; column < columns; column++)
      sum += weights[row * columns + column]! * input[at + column]!;
    out[row] = sum;
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A gated recurrent unit (Cho et al. 2014), in the form that PyTorch computes: gates reset, update, new. */
export class Gru {
  readonly state: Float32Array;
  readonly #fromInput: Matrix;
  readonly #fromState: Matrix;
  readonly #input: Float32Array;
  readonly #before: Float32Array;

  constructor(fromInput: Matrix, fromState: Matrix) {
    this.#fromInput = fromInput;
    this.#fromState = fromState;
    this.state = new Float32Array(fromState.columns);
    this.#input = new Float32Array(fromInput.rows);
    this.#before = new Float32Array(fromState.rows);
  }

  /** Goes one step on with the values of `input` from `at` on. */
  step(input: Float32Array, at: number): void {
    const [state, x, h] = [this.state, this.#input, this.#before];
    multiply(this.#fromInput, input, at, x);
    multiply(this.#fromState, state, 0, h);
    const size = state.length;
    for (let i = 0; i < size; i++) {
      const reset = sigmoid(x[i]! + h[i]!);
      const update = sigmoid(x[size + i]! + h[size + i]!);
      const fresh = Math.tanh(x[2 * size + i]! + reset * h[2 * size + i]!);
      state[i] = fresh + update * (state[i]! - fresh);
    }
  }
}
