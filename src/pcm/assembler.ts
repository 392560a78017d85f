/**
 * Joins little-endian signed 16-bit samples that arrive as bytes in pieces of any length:
 * a byte that is left over is carried to the next piece.
 */
export class PcmAssembler {
  /** The low byte of a sample whose high byte has not come; -1 when there is none. */
  #low = -1;

  /** Whether half a sample waits for its other byte. */
  get carrying(): boolean {
    return this.#low >= 0;
  }

  /** The samples that `bytes` complete: a new array, possibly empty. */
  push(bytes: Uint8Array): Int16Array<ArrayBuffer> {
    const carried = this.#low >= 0 ? 1 : 0;
    const samples = new Int16Array((bytes.length + carried) >> 1);
    let next = 0;
    for (let index = 0; index < samples.length; index++) {
      const low = this.#low >= 0 ? this.#low : bytes[next++]!;
      this.#low = -1;
      samples[index] = low | (bytes[next++]! << 8);
    }
    if (next < bytes.length) this.#low = bytes[next]!;
    return samples;
  }

  /** Forgets a carried byte: before another stream. */
  reset(): void {
    this.#low = -1;
  }
}
