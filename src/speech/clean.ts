/** Text made fit to be spoken, with the way back to the text as given. */
export interface CleanText {
  readonly text: string;
  /** UTF-16 index, in the text as given, of the character at `index` of {@link text}; its length for the end. */
  sourceIndex(index: number): number;
}

/** Markup that asks for something rather than being said: SSML, HTML and the like. */
const TAG = /<\/?[a-zA-Z!?][^<>]*>/y;

/** Named and numbered characters of markup. */
const ENTITY = /&(amp|lt|gt|quot|apos|nbsp);/y;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: ' and ',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** An address is said by its host alone: "example.com". */
const URL_PREFIX = /(?:https?|wss?|ftp):\/\/(?:www\.)?/y;
const URL_TAIL = /[/?#][^\s]*/y;

/** Emoji with their joiners, tones and selectors; flags; keycaps. */
const EMOJI =
  /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\p{Variation_Selector}|[\u200d\u20e3]|[\u{e0020}-\u{e007f}])+/uy;

/** Characters that are said like another. */
const ALIKE: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '…': '.',
  '—': ', ',
  '–': '-',
  '−': '-',
  '\u00ad': '',
  '\u00a0': ' ',
  '&': ' and ',
  '%': ' percent',
  '+': ' plus ',
  '=': ' equals ',
  '@': ' at ',
  '€': ' euros ',
  '£': ' pounds ',
  '°': ' degrees ',
  '×': ' times ',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
};

/** What the synth reads as it stands. */
const SPEAKABLE = /[A-Za-z0-9 .,;:!?'"()$/-]/;

/** Marks that are not read, but part words. */
const PARTING = /[*_~`#^|\\[\]{}<>]/;

/**
 * Cleans a text for synthesis: markup, emoji, control characters and addresses' tails go, accents and typographic
 * marks become plain ones, repeated punctuation and white space become one. Every character keeps its source.
 */
export function cleanText(text: string): CleanText {
  const cleaner = new Cleaner(text.length);
  for (let at = 0; at < text.length; ) at += cleaner.take(text, at);
  return cleaner.finish();
}

class Cleaner {
  readonly #sources: number[] = [];
  readonly #sourceLength: number;
  #text = '';
  #inUrl = false;

  constructor(sourceLength: number) {
    this.#sourceLength = sourceLength;
  }

  /** Takes what stands at `at` and returns its length in the source. */
  take(text: string, at: number): number {
    const skipped = matchAt(URL_PREFIX, text, at);
    if (skipped) {
      this.#inUrl = true;
      return skipped.length;
    }
    const tail = this.#inUrl ? matchAt(URL_TAIL, text, at) : undefined;
    if (tail) {
      this.#inUrl = false;
      return tail.length;
    }
    const gone = matchAt(TAG, text, at) ?? matchAt(EMOJI, text, at);
    if (gone && !/^\d/.test(gone)) {
      this.#put(' ', at);
      return gone.length;
    }
    const entity = matchAt(ENTITY, text, at);
    if (entity) {
      this.#put(ENTITIES[entity.slice(1, -1)] ?? ' ', at);
      return entity.length;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (/\s/.test(character)) this.#inUrl = false;
    this.#put(plain(character), at);
    return character.length;
  }

  finish(): CleanText {
    const text = this.#text.trimEnd();
    const sources = this.#sources;
    const end = this.#sourceLength;
    return {
      text,
      sourceIndex: (index) => (index < text.length ? (sources[Math.max(0, index)] ?? end) : end),
    };
  }

  #put(plainText: string, source: number): void {
    for (const character of plainText) {
      const last = this.#text.at(-1);
      const space = character === ' ';
      if (space && (last === undefined || last === ' ')) continue;
      if (/[.,;:!?-]/.test(character) && character === last) continue;
      this.#text += character;
      this.#sources.push(source);
    }
  }
}

function plain(character: string): string {
  const alike = ALIKE[character] ?? ALIKE[character.toLowerCase()];
  if (alike !== undefined) return alike;
  if (SPEAKABLE.test(character)) return character;
  if (/\s/.test(character) || PARTING.test(character)) return ' ';
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return [...base].every((part) => SPEAKABLE.test(part)) ? base : '';
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
