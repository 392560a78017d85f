/** A sound and the letter that writes it. */
export interface SpelledSound {
  /** As `Phone.id`. */
  readonly id: string;
  /** UTF-16 index of its first letter in the word. */
  readonly from: number;
}

/** A piece of spelling, as the source of a regular expression, and the phones that it writes. */
export type SpellingRule = readonly [spelling: string, phones: string];

/**
 * A language whose spelling tells its sounds: rules that are tried in order at each place of a word; the first that fits
 * takes what it has matched. Spellings may look ahead and behind. What no rule fits is silent.
 */
export class Spelling {
  readonly #rules: readonly { readonly spelling: RegExp; readonly phones: readonly string[] }[];

  constructor(rules: readonly SpellingRule[]) {
    this.#rules = rules.map(([spelling, phones]) => ({
      spelling: new RegExp(spelling, 'uy'),
      phones: phones.split(' ').filter((id) => id !== ''),
    }));
  }

  /** The phones of a word in small letters. */
  read(word: string): SpelledSound[] {
    const sounds: SpelledSound[] = [];
    for (let at = 0; at < word.length; ) {
      let taken = 1;
      for (const { spelling, phones } of this.#rules) {
        spelling.lastIndex = at;
        const match = spelling.exec(word);
        if (!match || match[0].length === 0) continue;
        for (const id of phones) sounds.push({ id, from: at });
        taken = match[0].length;
        break;
      }
      at += taken;
    }
    return sounds;
  }
}
