import { type CleanScript, ENGLISH } from './clean-script.ts';

/** Text made fit to be spoken, with the way back to the text as given. */
export interface CleanText {
  readonly text: string;
  /** UTF-16 index, in the text as given, of the character at `index` of {@link text}; its length for the end. */
  sourceIndex(index: number): number;
}

/** Markup that asks for something rather than being said: SSML, HTML and the like. */
const TAG = /<\/?[a-zA-Z!?][^<>]*>/y;

/** Named and numbered characters of markup. */
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/iy;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** An address is said by its host alone: "example dot com". */
const URL_PREFIX = /(?:https?|wss?|ftp):\/\/(?:www\.)?/iy;
const URL_TAIL = /[/?#]\S*/y;
const URL_DOT = /\.(?=[a-z0-9])/iy;
const CLOSING = /[.,;:!?"')\]]+$/;

/** An empty line parts as a full stop does. */
const PARAGRAPH = /\s*\n\s*\n\s*/y;

/** Hyphens and dashes that stand for a pause. */
const DASH = /--+|—|(?<=\s)[-–](?=\s)/y;

/** Emoji with their joiners, tones and selectors; flags; keycaps. */
const EMOJI =
  /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\p{Variation_Selector}|[\u200d\u20e3]|[\u{e0020}-\u{e007f}])+/uy;

/** Marks that are not read, but part words. */
const PARTING = /[*_~`#^|\\[\]{}<>]/;

/**
 * Cleans a text for synthesis: markup, emoji, control characters and addresses' tails go, typographic marks become
 * plain ones (in English accents too), repeated punctuation and white space become one. Every character keeps its
 * source. What holds nothing to say becomes empty. `script` is what the synth reads; default: English.
 */
export function cleanText(text: string, script: CleanScript = ENGLISH): CleanText {
  const cleaner = new Cleaner(text, script);
  for (let at = 0; at < text.length; ) at += cleaner.take(at);
  return cleaner.finish();
}

class Cleaner {
  readonly #source: string;
  readonly #script: CleanScript;
  readonly #sources: number[] = [];
  #text = '';
  #inUrl = false;

  constructor(source: string, script: CleanScript) {
    this.#source = source;
    this.#script = script;
  }

  /** Takes what stands at `at` and returns its length in the source. */
  take(at: number): number {
    return this.#takeUrl(at) ?? this.#takeMarkup(at) ?? this.#takeNoise(at) ?? this.#takeCharacter(at);
  }

  finish(): CleanText {
    const text = this.#script.said.test(this.#text) ? this.#text.trimEnd() : '';
    const sources = this.#sources;
    const end = this.#source.length;
    return {
      text,
      sourceIndex: (index) => (index < text.length ? (sources[Math.max(0, index)] ?? end) : end),
    };
  }

  #takeUrl(at: number): number | undefined {
    const prefix = this.#match(URL_PREFIX, at);
    if (prefix) {
      this.#inUrl = true;
      return prefix.length;
    }
    if (!this.#inUrl) return undefined;
    if (this.#match(URL_DOT, at)) {
      this.#put(this.#script.urlDot, at);
      return 1;
    }
    const tail = this.#match(URL_TAIL, at)?.replace(CLOSING, '');
    if (!tail) return undefined;
    this.#inUrl = false;
    return tail.length;
  }

  #takeMarkup(at: number): number | undefined {
    const gone = this.#match(TAG, at) ?? this.#match(EMOJI, at);
    if (gone) {
      this.#put(' ', at);
      return gone.length;
    }
    ENTITY.lastIndex = at;
    const entity = ENTITY.exec(this.#source);
    if (entity) {
      this.#put(plain(characterOf(entity), this.#script), at);
      return entity[0].length;
    }
    const paragraph = this.#match(PARAGRAPH, at);
    if (paragraph) {
      this.#inUrl = false;
      this.#mark('.', at);
      this.#put(' ', at);
      return paragraph.length;
    }
    const dash = this.#match(DASH, at);
    if (dash) {
      this.#mark(',', at);
      this.#put(' ', at);
    }
    return dash?.length;
  }

  #takeNoise(at: number): number | undefined {
    if (/[A-Za-z0-9']$|\d $/.test(this.#text.slice(-2))) return undefined; // Inside a word, or millimetres.
    for (const [pattern, sound] of this.#script.noises) {
      const noise = this.#match(pattern, at);
      if (!noise) continue;
      for (const [index, letter] of [...sound].entries())
        this.#put(letter, at + Math.min(index, noise.length - 1));
      return noise.length;
    }
    return undefined;
  }

  #takeCharacter(at: number): number {
    const character = String.fromCodePoint(this.#source.codePointAt(at)!);
    if (/\s/.test(character)) this.#inUrl = false;
    const said = plain(character, this.#script);
    const decimal = said === '.' && /\d/.test(this.#source[at + 1] ?? '');
    if (/^[.,;:!?]$/.test(said) && !decimal) this.#mark(said, at);
    else this.#put(said, at);
    return character.length;
  }

  /** Puts a punctuation mark close to what it follows; one that adds nothing is left out. */
  #mark(mark: string, source: number): void {
    const before = this.#text.trimEnd().at(-1);
    if (before === undefined || before === mark) return;
    if (/[,;:]/.test(mark) && /[.,;:!?]/.test(before)) return;
    if (this.#text.endsWith(' ')) {
      this.#text = this.#text.slice(0, -1);
      this.#sources.pop();
    }
    this.#put(mark, source);
  }

  #put(plainText: string, source: number): void {
    for (const character of plainText) {
      const last = this.#text.at(-1);
      if (character === ' ' && (last === undefined || last === ' ')) continue;
      if (character === '-' && last === '-') continue;
      this.#text += character;
      this.#sources.push(source);
    }
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#source)?.[0];
  }
}

function characterOf([, decimal, hexadecimal, name]: RegExpExecArray): string {
  if (name) return ENTITIES[name.toLowerCase()]!;
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function plain(character: string, { alike, speakable, plain: simplify }: CleanScript): string {
  const other = alike[character] ?? alike[character.toLowerCase()];
  if (other !== undefined) return other;
  if (speakable.test(character)) return character;
  if (/\s/.test(character) || PARTING.test(character)) return ' ';
  if (!simplify) return '';
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '').replace('⁄', '/');
  return [...base].every((part) => speakable.test(part)) ? base : '';
}
