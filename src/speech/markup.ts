import type { MappedText } from './index-map.ts';
import { type Mark, POINT_TAGS, SPAN_TAGS, type Tag, type TagReader } from './marks.ts';

/** A text without its mark-up, and what the mark-up said. */
export interface MarkedText extends MappedText {
  /** In the order of their places in {@link text}. */
  readonly marks: readonly Mark[];
  /** What was passed over, for tools that check what writers wrote. */
  readonly problems: readonly MarkupProblem[];
}

/** A tag that means nothing, or not what it should. */
export interface MarkupProblem {
  /** UTF-16 index in the text as given. */
  readonly at: number;
  readonly message: string;
}

const TAG = /<(\/?)([a-zA-Z!?][^\s<>/]*)([^<>]*)>/y;
const VALUE = /([a-zA-Z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/]+))|([^\s"'/=]+)/g;
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));/y;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** Tags of SSML and HTML that say nothing but where words part. */
export const IDLE_TAGS: ReadonlySet<string> = new Set([
  'speak',
  'p',
  's',
  'br',
  'div',
  'li',
  'hr',
  'tr',
  'td',
]);

interface OpenTag {
  readonly tag: Tag;
  readonly read: TagReader;
  /** Where it begins in the plain text, and in the text as given. */
  readonly from: number;
  readonly at: number;
}

/**
 * Reads a text with mark-up: `<pause 0.5s/>`, `<cue wave/>`, `<em>…</em>`, `<emotion warm>…</emotion>`, `<say-as
 * digits>…</say-as>`, `<sub alias="…">…</sub>`, `<phoneme ph="…">…</phoneme>`, and SSML's spellings of them. Other tags are
 * passed over. Never throws: what is wrong is told in `problems`, and the text is spoken all the same. An emotion that
 * is not closed lasts to the end.
 */
export function parseMarkup(source: string): MarkedText {
  if (!/[<&]/.test(source)) {
    return { text: source, sourceIndex: (index) => Math.min(index, source.length), marks: [], problems: [] };
  }
  const reader = new MarkupReader(source);
  for (let at = 0; at < source.length; ) at += reader.take(at);
  return reader.finish();
}

/** A text from some place on, with the tags that are open there before it, and their length, UTF-16 units. */
export interface MarkupRest {
  readonly text: string;
  readonly opened: number;
}

/** What is left of a text with mark-up from `at` on: what encloses that place encloses the beginning of the rest. */
export function markupFrom(source: string, at: number): MarkupRest {
  const reader = new MarkupReader(source);
  if (source.includes('<')) for (let place = 0; place < at; ) place += reader.take(place);
  const tags = reader.openTags;
  return { text: tags + source.slice(at), opened: tags.length };
}

class MarkupReader {
  readonly #source: string;
  readonly #sources: number[] = [];
  readonly #open: OpenTag[] = [];
  readonly #marks: Mark[] = [];
  readonly #problems: MarkupProblem[] = [];
  #text = '';
  /** A tag was just left out: of the white space around it, half is enough. */
  #afterTag = false;
  /** What was left out stood between words. */
  #parted = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** The tags that are not closed yet, as they stand in the text. */
  get openTags(): string {
    const tags = this.#open.map(({ at }) => this.#source.slice(at, this.#source.indexOf('>', at) + 1));
    return tags.join('');
  }

  /** Takes what stands at `at` and returns its length. */
  take(at: number): number {
    TAG.lastIndex = at;
    const found = this.#source[at] === '<' ? TAG.exec(this.#source) : null;
    if (found) {
      this.#takeTag(found, at);
      return found[0].length;
    }
    ENTITY.lastIndex = at;
    const entity = this.#source[at] === '&' ? ENTITY.exec(this.#source) : null;
    const character = entity && characterOf(entity);
    this.#put(character ?? this.#source[at]!, at);
    return entity && character !== undefined ? entity[0].length : 1;
  }

  finish(): MarkedText {
    for (const open of this.#open.splice(0).reverse()) {
      if (open.tag.name !== 'emotion') this.#problem(open.at, `<${open.tag.name}> is not closed`);
      this.#close(open);
    }
    const sources = this.#sources;
    const end = this.#source.length;
    return {
      text: this.#text,
      sourceIndex: (index) => sources[index] ?? end,
      marks: this.#marks.sort((a, b) => startOf(a) - startOf(b)),
      problems: this.#problems.sort((a, b) => a.at - b.at),
    };
  }

  #takeTag([, slash, given = '', rest = '']: RegExpExecArray, at: number): void {
    const name = given.toLowerCase();
    if (IDLE_TAGS.has(name) || Object.hasOwn(POINT_TAGS, name)) this.#parted = true;
    this.#afterTag = true;
    if (slash) this.#takeEnd(name, at);
    else if (Object.hasOwn(POINT_TAGS, name))
      this.#takePoint(POINT_TAGS[name]!, { name, values: valuesOf(rest) }, at);
    else if (Object.hasOwn(SPAN_TAGS, name)) {
      const open = {
        tag: { name, values: valuesOf(rest) },
        read: SPAN_TAGS[name]!,
        from: this.#text.length,
        at,
      };
      if (rest.endsWith('/') && name !== 'emotion') this.#problem(at, `<${name}/> encloses nothing`);
      else this.#open.push(open);
    } else if (!IDLE_TAGS.has(name)) this.#problem(at, `<${name}> is not known`);
  }

  #takePoint(read: TagReader, tag: Tag, at: number): void {
    const mark = read(tag, this.#text.length, this.#text.length);
    if (mark) this.#marks.push(mark);
    else if (mark === undefined) this.#problem(at, `<${tag.name}> is not understood`);
  }

  #takeEnd(name: string, at: number): void {
    const index = this.#open.findLastIndex(({ tag }) => tag.name === name);
    if (index >= 0) this.#close(this.#open.splice(index, 1)[0]!);
    else if (!IDLE_TAGS.has(name) && !Object.hasOwn(POINT_TAGS, name))
      this.#problem(at, `</${name}> closes nothing`);
  }

  #close({ tag, read, from, at }: OpenTag): void {
    const mark = read(tag, from, this.#text.length);
    if (mark === undefined) this.#problem(at, `<${tag.name}> is not understood`);
    else if (mark && this.#text.slice(from).trim() !== '') this.#marks.push(mark);
  }

  #put(characters: string, at: number): void {
    const needless = this.#afterTag && /^\s$/.test(characters) && /(^|\s)$/.test(this.#text);
    this.#afterTag = false;
    if (needless) return;
    const gap = this.#parted && /\S$/.test(this.#text) && !/^[\s.,;:!?]/.test(characters) ? ' ' : '';
    this.#parted = false;
    this.#text += gap + characters;
    for (let index = 0; index < gap.length + characters.length; index++) this.#sources.push(at);
  }

  #problem(at: number, message: string): void {
    this.#problems.push({ at, message });
  }
}

/** What an entity stands for; undefined where that is no character. */
function characterOf([, name, decimal, hex = '']: RegExpExecArray): string | undefined {
  if (name !== undefined) return ENTITIES[name];
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
  const real = code >= 0x20 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff);
  return real ? String.fromCodePoint(code) : undefined;
}

/** `a="1" b='2' c=3 four`; the first value without a name is under the empty one. */
function valuesOf(text: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [, name, double, single, bare, alone] of text.matchAll(VALUE)) {
    if (name !== undefined) values[name.toLowerCase()] ??= double ?? single ?? bare ?? '';
    else values[''] ??= alone!;
  }
  return values;
}

function startOf(mark: Mark): number {
  return 'at' in mark ? mark.at : mark.from;
}
