import { segmentText } from '../speech/segment.ts';
import { columnsOf } from './columns.ts';

/** A stretch of a text that is shown at once: `text.slice(from, to)`. */
export interface Phrase {
  readonly from: number;
  readonly to: number;
}

/** How much of a text is shown at once. */
export interface CaptionRoom {
  /** Columns of a row: a Latin letter takes one, a Chinese one two. */
  readonly columns: number;
  /** Rows. */
  readonly rows: number;
  /** Columns of the first row that are taken, as by a name. */
  readonly indent: number;
}

/**
 * What a caption holds unless there is less room: two rows of 40 letters (Game Accessibility Guidelines, "present
 * subtitles in a clear, easy to read way"; Xbox Accessibility Guideline 104).
 */
export const FULL_ROOM: CaptionRoom = { columns: 40, rows: 2, indent: 0 };

/** A place where a text may be parted, and how good it is. */
interface Break {
  readonly at: number;
  readonly kind: 'sentence' | 'clause' | 'word';
}

/** A phrase that ends before its sentence does is no shorter than this part of the room. */
const SHORTEST = 1 / 3;

const CLAUSE_END =
  /[,;:\u2013\u2014\u2026\u061b\u060c\u3001\uff0c\uff1b\uff1a]["'\u2019\u201d)\u00bb\u300d]*\s*$/;
/** A short word at the end: articles, prepositions and conjunctions, which belong to what follows, are short in many languages. */
const LEADS_ON = /(?:^|\s)[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{1,3}\s*$/u;
/** How uneven a break may be that leaves none of them behind, columns. */
const LEADING = 8;
const PLACE = /\s+|[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f][\u300d\u300f\u201d]*/g;

/**
 * Cuts a text into phrases that fit: whole sentences where they do, else up to a comma, else between words, else
 * anywhere (BBC Subtitle Guidelines, "Break at natural points"). They follow one another from `from` to the end. A text
 * that grows keeps the phrases it had but for the last.
 */
export function phrasesOf(text: string, room: CaptionRoom, from = 0): Phrase[] {
  const phrases: Phrase[] = [];
  const ends = segmentText(text)
    .filter(({ sentenceEnd }) => sentenceEnd)
    .map(({ to }) => to);
  let start = from;
  while (start < text.length) {
    const to = fits(text.slice(start), room) ? text.length : start + cutIn(text, start, room, ends);
    phrases.push({ from: start, to });
    start = to;
  }
  return phrases;
}

/** Whether a text goes into so much room, with words left whole. */
export function fits(text: string, { columns, rows, indent }: CaptionRoom): boolean {
  const trimmed = text.trimEnd();
  const all = columnsOf(trimmed) + indent;
  if (all <= columns) return true;
  if (all > columns * rows) return false;
  let row = 1;
  let used = indent;
  for (const word of trimmed.split(/(?<=\s)/)) {
    const width = columnsOf(word.trimEnd());
    if (used + width > columns) {
      // What is longer than a row, or is written without spaces, goes on where the last word ended.
      const left = width > columns || width > word.length ? used + width - columns : width;
      row += Math.max(1, Math.ceil(left / columns));
      used = left - columns * (Math.max(1, Math.ceil(left / columns)) - 1);
      if (row > rows) return false;
    } else used += width;
    used += word.length - word.trimEnd().length;
  }
  return true;
}

/**
 * A phrase with its rows parted by line breaks, which stand for blanks: at a comma where there is one, not after a short
 * word, in rows of like length, the last one rather the longest. What has no blanks is left to whoever draws it.
 */
export function inRows(text: string, room: CaptionRoom): string {
  let rest = text;
  let done = '';
  let { indent } = room;
  for (let row = 1; row < room.rows; row++) {
    const left = { ...room, indent };
    const rows = rowsFor(rest, left);
    const at = rows > 1 ? firstBreak(rest, left, rows) : undefined;
    if (at === undefined) break;
    done += `${rest.slice(0, at)}\n`;
    rest = rest.slice(at + 1);
    indent = 0;
  }
  return done + rest;
}

/** How many rows a text takes at least; one more than there are where it does not fit. */
function rowsFor(text: string, room: CaptionRoom): number {
  for (let rows = 1; rows <= room.rows; rows++) if (fits(text, { ...room, rows })) return rows;
  return room.rows + 1;
}

/** The blank after which the second of so many rows begins best; undefined where there is none. */
function firstBreak(text: string, { columns, indent }: CaptionRoom, rows: number): number | undefined {
  const even = (columnsOf(text) + indent) / rows;
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let index = text.indexOf(' '); index >= 0; index = text.indexOf(' ', index + 1)) {
    const before = text.slice(0, index);
    const upper = columnsOf(before) + indent;
    const rest = { columns, rows: rows - 1, indent: 0 };
    if (upper > columns || !fits(text.slice(index + 1), rest)) continue;
    const natural = /[.!?\u2026]["'\u2019\u201d)]*$/.test(before) ? 12 : CLAUSE_END.test(before) ? 8 : 0;
    const leading = natural === 0 && LEADS_ON.test(before) ? LEADING : 0;
    const cost = 2 * Math.abs(upper - even) + (upper > even ? 2 : 0) - natural + leading;
    if (cost >= least) continue;
    least = cost;
    best = index;
  }
  return best;
}

/** Length of the best phrase that begins at `start` and does not reach the end. */
function cutIn(text: string, start: number, room: CaptionRoom, ends: readonly number[]): number {
  const full = room.columns * room.rows - room.indent;
  const stretch = text.slice(start, start + longest(text, start, room));
  const breaks = breaksIn(stretch, start, ends).filter(({ at }) => fits(stretch.slice(0, at), room));
  const sentence = breaks.findLast(({ kind }) => kind === 'sentence');
  if (sentence && columnsOf(stretch.slice(0, sentence.at)) >= full * SHORTEST) return sentence.at;
  const clause = breaks.findLast(({ kind }) => kind === 'clause');
  if (clause && columnsOf(stretch.slice(0, clause.at)) >= full * SHORTEST) return clause.at;
  if (sentence) return sentence.at;
  return evenWord(text, start, full, breaks, ends) ?? anywhere(stretch, room);
}

/** The break between words that leaves the phrases of a sentence about equally long. */
function evenWord(
  text: string,
  start: number,
  full: number,
  breaks: readonly Break[],
  ends: readonly number[],
): number | undefined {
  const end = ends.find((place) => place > start) ?? text.length;
  const length = columnsOf(text.slice(start, end));
  const even = length / Math.ceil(length / full);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { at } of breaks) {
    const before = text.slice(start, start + at);
    const off = Math.abs(columnsOf(before) - even) + (LEADS_ON.test(before) ? LEADING : 0);
    if (off >= least) continue;
    least = off;
    best = at;
  }
  return best;
}

/** UTF-16 units that certainly hold all that fits, and a little more. */
function longest(text: string, start: number, { columns, rows }: CaptionRoom): number {
  let units = columns * rows + 1;
  while (units < text.length - start && columnsOf(text.slice(start, start + units)) <= columns * rows) {
    units += columns;
  }
  return units;
}

function breaksIn(stretch: string, start: number, ends: readonly number[]): Break[] {
  return [...stretch.matchAll(PLACE)]
    .map(({ 0: gap, index }) => {
      const at = index + gap.length;
      const before = stretch.slice(0, at);
      const ended = ends.some((end) => end >= start + index && end <= start + at);
      const kind = ended
        ? ('sentence' as const)
        : CLAUSE_END.test(before)
          ? ('clause' as const)
          : ('word' as const);
      return { at, kind };
    })
    .filter(({ at }) => at > 0 && at < stretch.length);
}

/** As much as fits, where there is no better place; between words where the language sets no spaces, never in a letter. */
function anywhere(stretch: string, room: CaptionRoom): number {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(stretch);
  let cut = 0;
  for (const { index, segment } of segments) {
    if (!fits(stretch.slice(0, index + segment.length), room)) break;
    cut = index + segment.length;
  }
  if (cut > 0) return cut;
  for (const { index, segment } of new Intl.Segmenter().segment(stretch)) {
    if (
      cut > 0 &&
      columnsOf(stretch.slice(0, index + segment.length)) > room.columns * room.rows - room.indent
    )
      break;
    cut = index + segment.length;
  }
  return cut;
}
