/** Readings in a row that must agree on a step before it is believed. */
const AGREEING = 2;

/** Readings in a row beyond noise after which the newest is believed even if no two agree. */
const DISAGREEING = 8;

/** Tells steps of an offset (a dropout, another device) from readings that are wrong once. */
export class StepGate {
  #deviating = 0;
  #agreeing = 0;
  #offset = 0;
  #time = 0;

  /** Whether the last reading told of a step that is not believed yet. */
  get inDoubt(): boolean {
    return this.#deviating > 0;
  }

  /** The offset that the last doubtful reading told, seconds. */
  get claimed(): number {
    return this.#offset;
  }

  /**
   * Takes in a reading beyond noise: an offset and its time in seconds, and the width of the noise. Returns whether
   * the step is to be believed.
   */
  handleClaim(offset: number, time: number, noise: number): boolean {
    // Readings of one step agree; so do those of a device that stands or runs slowly, which falls behind as time goes by.
    const change = offset - this.#offset;
    const agrees = this.#agreeing > 0 && change <= noise && change >= this.#time - time - noise;
    this.#agreeing = agrees ? this.#agreeing + 1 : 1;
    this.#deviating++;
    this.#offset = offset;
    this.#time = time;
    return this.#agreeing >= AGREEING || this.#deviating >= DISAGREEING;
  }

  /** A reading within noise came, or the step was taken. */
  clear(): void {
    this.#deviating = 0;
    this.#agreeing = 0;
  }
}
