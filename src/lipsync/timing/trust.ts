/** How fast trust in the text follows what is heard, share of each frame; it begins with some. */
const LEARNING = 0.012;
const FIRST = 0.5;
/** Below this the text is another than the one heard, and the ear alone is followed; above the other it is trusted again. */
const LOST = 0.2;
const WON = 0.3;

/** Whether the text is followed, or the ear alone. */
export class Trust {
  #level = FIRST;
  #trusted = true;

  /** Whether the text is followed. */
  get trusted(): boolean {
    return this.#trusted;
  }

  /** A frame of the text, and how probable its shape is by the ear. */
  hear(probability: number): void {
    this.#level += LEARNING * (probability - this.#level);
    this.#trusted = this.#level > (this.#trusted ? LOST : WON);
  }

  /** Something else than the text is heard: it is soon trusted again where it fits. */
  leave(): void {
    this.#level = LOST;
    this.#trusted = false;
  }

  /** Words that come after their sound are believed once they fit. */
  lose(): void {
    this.#level = 0;
    this.#trusted = false;
  }
}
