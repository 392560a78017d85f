/** How far ahead a word is looked for that does not come next, UTF-16 units. */
const REACH = 80;

const SPACE = /^\s$/u;
const SAID = /^[\p{L}\p{M}\p{N}]/u;

/**
 * Finds the characters that a service tells, one after another, in the text of the line. Services leave out what is not
 * said, and at times write out what is: characters that stand nowhere have no place, until a word does again.
 */
export class PlacedCharacters {
  readonly #text: string;
  #at = 0;
  /** Whether the characters of the word that is being told have no place. */
  #lost = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The UTF-16 index of each character; -1 for one without a place. Indexes never fall. */
  place(characters: readonly string[]): number[] {
    return characters.map((character, nth) => {
      if (character.trim() === '') {
        this.#lost = false;
        return this.#space();
      }
      if (this.#lost) return -1;
      const begins = nth === 0 || characters[nth - 1]!.trim() === '';
      const found = this.#next(character) ?? (begins ? this.#ahead(wordAt(characters, nth)) : undefined);
      if (found === undefined) {
        this.#lost = SAID.test(character);
        return -1;
      }
      this.#at = found + character.length;
      return found;
    });
  }

  #space(): number {
    const from = this.#at;
    while (SPACE.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#at > from ? from : -1;
  }

  /** Where a character stands, if nothing that is said stands before it. */
  #next(character: string): number | undefined {
    for (let at = this.#at; at < this.#text.length; at++) {
      if (alike(this.#text.slice(at, at + character.length), character)) return at;
      if (SAID.test(this.#text.slice(at))) return undefined;
    }
    return undefined;
  }

  /** Where a word stands further on. One letter alone is found anywhere, so it says nothing. */
  #ahead(word: string): number | undefined {
    if (word.length < 2) return undefined;
    const last = Math.min(this.#text.length - word.length, this.#at + REACH);
    for (let at = this.#at; at <= last; at++) {
      const inWord = SAID.test(this.#text[at - 1] ?? '') || SAID.test(this.#text[at + word.length] ?? '');
      if (!inWord && alike(this.#text.slice(at, at + word.length), word)) return at;
    }
    return undefined;
  }
}

/** The characters from one on to the next that is not said. */
function wordAt(characters: readonly string[], nth: number): string {
  let word = '';
  for (let at = nth; at < characters.length && SAID.test(characters[at]!); at++) word += characters[at];
  return word;
}

function alike(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
