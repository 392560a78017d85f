/** Text that is enough to be spoken well, and the most that is kept, characters: what the service recommends and takes. */
const ENOUGH = 140;
const MOST = 250;

const CLAUSE_END = /[.,;:!?](?=\s)/g;

/**
 * Pieces of a text that is still being written. What is enough comes out at the last clause end; the rest is kept
 * until more follows or it is taken.
 */
export class TextStore {
  #kept = '';

  /** Whether something is kept that can be said. */
  get filled(): boolean {
    return this.#kept.trim() !== '';
  }

  /** Adds a piece; the stretches of text that are whole enough to be spoken now. */
  push(piece: string): string[] {
    this.#kept += piece;
    const stretches: string[] = [];
    while (this.#kept.length >= ENOUGH) {
      const cut = cutPlace(this.#kept);
      if (cut === undefined) break;
      stretches.push(this.#kept.slice(0, cut));
      this.#kept = this.#kept.slice(cut);
    }
    return stretches;
  }

  /** All that was kept. */
  take(): string {
    const kept = this.#kept;
    this.#kept = '';
    return kept;
  }
}

/** The last clause end within bounds; past the bounds the last space, or the bounds themselves. */
function cutPlace(text: string): number | undefined {
  const ends = [...text.slice(0, MOST + 1).matchAll(CLAUSE_END)].map((match) => match.index + 1);
  const end = ends.at(-1);
  if (end !== undefined) return end;
  if (text.length <= MOST) return undefined;
  const space = text.lastIndexOf(' ', MOST);
  return space > 0 ? space : MOST;
}
