import { POINT_TAGS } from './marks.ts';
import { IDLE_TAGS } from './markup.ts';

/** A tag or content that is said in one piece counts as such up to this length, UTF-16 units; longer ones are text. */
const LONGEST = 300;

const TAG = /<(\/?)([a-zA-Z!?][^\s<>/]*)[^<>]*>/y;
const EVERY_TAG = new RegExp(TAG.source, 'g');
const BEGUN_TAG = /<(?:\/?(?:[a-zA-Z!?][^<>]*)?)?$/y;
const ENTITY = /&#?\w{1,7};/y;
const BEGUN_ENTITY = /&#?\w{0,7}$/y;

/** Tags whose content is said otherwise than it is written: in one piece. */
const WHOLE = new Set(['sub', 'say-as', 'phoneme']);

/** Tags that go on in the next clause when a text is cut within them. */
const GOING_ON = new Set(['em', 'strong', 'emphasis', 'emotion']);

/** What stands for tags that open something, for all others, and for content in one piece: so sentences end around them. */
const OPENING = '⦅';
const BETWEEN = '\u2005';
const CONTENT = 'Ǝ';

/** Whether a character stands for a part of a tag, or of content in one piece. */
export function isCover(character: string | undefined): boolean {
  return character === OPENING || character === BETWEEN || character === CONTENT;
}

const TAGS_COVERED = new RegExp(`[${OPENING}${BETWEEN}]`, 'g');

/** A covered text without its tags. Content that is said in one piece stays: it reads as a name. */
export function withoutTags(covered: string): string {
  return covered.replaceAll(TAGS_COVERED, '');
}

/**
 * A text that is still being written, with its tags covered by as many characters that read as a bracket, as white space
 * or, with content that is said in one piece, as a name. It ends before what may yet turn out to be a tag, unless the
 * text is `whole`; what it begins with is never changed by text to come.
 */
export function coverTags(text: string, whole: boolean): string {
  let covered = '';
  while (covered.length < text.length) {
    const at = covered.length;
    const length = text.slice(at).search(/[<&]/);
    if (length !== 0) {
      covered += text.slice(at, length < 0 ? undefined : at + length);
      continue;
    }
    const cover = text[at] === '<' ? coverAt(text, at, whole) : entityAt(text, at, whole);
    if (cover === undefined) break;
    covered += cover;
  }
  return covered;
}

/** What covers the tag at `at`; a lone `<` where there is none, undefined where that is not yet certain. */
function coverAt(text: string, at: number, whole: boolean): string | undefined {
  const found = matchAt(TAG, text, at);
  if (!found) {
    const begun = !whole && text.length - at <= LONGEST && matchAt(BEGUN_TAG, text, at);
    return begun ? undefined : '<';
  }
  const [tag, slash, given = ''] = found;
  if (tag.length > LONGEST) return '<';
  const name = given.toLowerCase();
  if (slash || IDLE_TAGS.has(name) || Object.hasOwn(POINT_TAGS, name)) return BETWEEN.repeat(tag.length);
  if (!WHOLE.has(name) || tag.endsWith('/>')) return OPENING.repeat(tag.length);
  const from = at + tag.length;
  const to = from + LONGEST + name.length + 3;
  const end = text.slice(from, to).search(new RegExp(`</${name}>`, 'i'));
  if (end >= 0) return CONTENT.repeat(tag.length + end + name.length + 3);
  return whole || text.length >= to ? OPENING.repeat(tag.length) : undefined;
}

/** `&amp;` and its like end no clause, though with a semicolon. */
function entityAt(text: string, at: number, whole: boolean): string | undefined {
  const found = matchAt(ENTITY, text, at);
  if (found) return '&'.repeat(found[0].length);
  return !whole && matchAt(BEGUN_ENTITY, text, at) ? undefined : '&';
}

/** The tags that are open behind a clause, as they were written, by those that were open before it. */
export function openBehind(open: readonly string[], clause: string): string[] {
  const still = [...open];
  for (const [tag, slash, given = ''] of clause.matchAll(EVERY_TAG)) {
    const name = given.toLowerCase();
    if (!GOING_ON.has(name)) continue;
    if (slash) {
      const last = still.findLastIndex((other) => nameOf(other) === name);
      if (last >= 0) still.splice(last, 1);
    } else if (name === 'emotion' || !tag.endsWith('/>')) still.push(tag);
  }
  return still;
}

function nameOf(tag: string): string | undefined {
  return matchAt(TAG, tag, 0)?.[2]?.toLowerCase();
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
