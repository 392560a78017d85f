/** Longest piece that is given out at once, samples: keeps one message's copy on the audio thread under 0.1 ms. */
const PIECE = 4_096;

/** The samples of a line on their way to the audio thread. What was given out is freed, or kept for a seek. */
export class SampleStore {
  readonly #keep: boolean;
  readonly #runs: Int16Array<ArrayBuffer>[] = [];
  /** Samples in all runs that were ever added. */
  #received = 0;
  /** The run that is next, and how much of it was given out. */
  #run = 0;
  #into = 0;

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  /** Samples that came in, in all. */
  get received(): number {
    return this.#received;
  }

  /** Length of what {@link take} gives next; 0 when there is nothing. */
  get next(): number {
    const run = this.#runs[this.#run];
    return run ? Math.min(run.length - this.#into, PIECE) : 0;
  }

  add(samples: Int16Array<ArrayBuffer>): void {
    if (samples.length === 0) return;
    this.#received += samples.length;
    this.#runs.push(samples);
  }

  /** The next samples, in an array that may be transferred. */
  take(): Int16Array<ArrayBuffer> {
    const run = this.#runs[this.#run]!;
    const count = this.next;
    const whole =
      !this.#keep && this.#into === 0 && run.length * 2 === run.buffer.byteLength && count === run.length;
    const piece = whole ? run : run.slice(this.#into, this.#into + count);
    this.#into += count;
    if (this.#into === run.length) this.#pass();
    return piece;
  }

  /** Goes to a sample, 0 to {@link received}. Only where everything is kept. */
  seek(sample: number): void {
    this.#run = 0;
    this.#into = sample;
    for (let run = this.#runs[0]; run && this.#into >= run.length; run = this.#runs[this.#run]) {
      this.#into -= run.length;
      this.#run++;
    }
  }

  /** Frees what is left. */
  clear(): void {
    this.#runs.length = this.#run = this.#into = 0;
  }

  #pass(): void {
    this.#into = 0;
    if (this.#keep) this.#run++;
    else this.#runs.shift();
  }
}
