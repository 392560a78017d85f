import type { Phone } from '../lipsync/phones.ts';
import type { WordMark } from '../speech/cue.ts';

/** A word as a reader sees it: letters and digits, what joins them, and signs that are said. */
const WORD = /[$£€]?[\p{L}\p{M}\p{N}]+(?:['’.,:/-][\p{L}\p{M}\p{N}]+)*[%°]?|[&@+=%$£€]/gu;

/** The words of a text that these phones speak, each from its first phone to its last. Phones carry their letter. */
export function wordsOf(text: string, phones: readonly Phone[]): WordMark[] {
  const words: WordMark[] = [];
  let next = 0;
  for (const match of text.matchAll(WORD)) {
    const from = match.index;
    const to = from + match[0].length;
    while (next < phones.length && (isPause(phones[next]!) || phones[next]!.from! < from)) next++;
    let last = -1;
    let at = next;
    for (; at < phones.length && phones[at]!.from! < to; at++) if (!isPause(phones[at]!)) last = at;
    if (last < 0) continue;
    words.push({ text: match[0], start: phones[next]!.start, end: phones[last]!.end, from, to });
    next = at;
  }
  return words;
}

function isPause(phone: Phone): boolean {
  return phone.id === 'pau';
}
