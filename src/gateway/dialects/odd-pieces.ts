/** Cuts a stream of bytes so that every piece has an odd length: a sample may be torn between two. */
export class OddPieces {
  #held: Uint8Array = new Uint8Array(0);

  /** The next piece; empty while there is only one byte, which is held. */
  push(bytes: Uint8Array): Uint8Array {
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    const length = all.length % 2 === 1 ? all.length : Math.max(0, all.length - 1);
    this.#held = all.slice(length);
    return all.subarray(0, length);
  }

  /** What is held, if anything. */
  end(): Uint8Array {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    return held;
  }
}
