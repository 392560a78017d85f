/** The end of a line that gives way to another: made when that begins, and heard under its first frames. */
export class Tail {
  /** Frames of it; {@link keep} says how many. */
  readonly frames: Float32Array;
  #count = 0;
  #given = 0;

  /** `longest`: most frames of a tail. */
  constructor(longest: number) {
    this.frames = new Float32Array(longest);
  }

  /** The first `count` of {@link frames} are to be heard. */
  keep(count: number): void {
    this.#count = count;
    this.#given = 0;
  }

  /** Adds what comes next of it to `out`. */
  addTo(out: Float32Array): void {
    const count = Math.min(out.length, this.#count - this.#given);
    for (let index = 0; index < count; index++) out[index]! += this.frames[this.#given + index]!;
    this.#given += count;
  }
}
