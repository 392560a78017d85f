/** A gain that moves in straight lines between silence and full, so that nothing starts or ends with a click. */
export class Fader {
  #gain = 0;
  #step = 0;

  /** Silence at once. */
  reset(): void {
    this.#gain = this.#step = 0;
  }

  /** Rises to full within `frames`. */
  open(frames: number): void {
    this.#step = 1 / frames;
  }

  /** Falls to silence within `frames`. */
  close(frames: number): void {
    this.#step = frames > 0 ? -this.#gain / frames : 0;
  }

  /** Applies itself to `count` frames of `out` from `start` on. */
  shape(out: Float32Array, start: number, count: number): void {
    if (this.#gain >= 1 && this.#step >= 0) return;
    for (let index = start; index < start + count; index++) {
      this.#gain = Math.min(1, Math.max(0, this.#gain + this.#step));
      out[index]! *= this.#gain;
    }
  }
}
