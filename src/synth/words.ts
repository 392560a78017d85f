import type { Phone } from '../lipsync/phones.ts';
import type { WordMark } from '../speech/cue.ts';

/** A word as a reader sees it: letters and digits, what joins them, and signs that are said. */
const WORD = /[$£€]?[\p{L}\p{M}\p{N}]+(?:['’.,:/-][\p{L}\p{M}\p{N}]+)*[%°]?|[&@+=%$£€]/gu;

/** Scripts that set no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Where the words of a text are. */
function* placesOf(text: string): Generator<{ from: number; to: number }, void> {
  for (const { 0: run, index: from } of text.matchAll(WORD)) {
    if (!UNSPACED.test(run)) yield { from, to: from + run.length };
    else {
      for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, {
        granularity: 'word',
      }).segment(run))
        if (isWordLike) yield { from: from + index, to: from + index + segment.length };
    }
  }
}

/** The words of a text that these phones speak, each from its first phone to its last. Phones carry their letter. */
export function wordsOf(text: string, phones: readonly Phone[]): WordMark[] {
  const words: WordMark[] = [];
  let next = 0;
  for (const { from, to } of placesOf(text)) {
    while (next < phones.length && (isPause(phones[next]!) || phones[next]!.from! < from)) next++;
    let last = -1;
    let at = next;
    for (; at < phones.length && phones[at]!.from! < to; at++) if (!isPause(phones[at]!)) last = at;
    if (last < 0) continue;
    words.push({ text: text.slice(from, to), start: phones[next]!.start, end: phones[last]!.end, from, to });
    next = at;
  }
  return words;
}

function isPause(phone: Phone): boolean {
  return phone.id === 'pau';
}
