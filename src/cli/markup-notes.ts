import { parseMarkup } from '../speech/markup.ts';

/** Longest piece of a text in a note, characters. */
const LONGEST = 24;

/** What is wrong in the mark-up of a text, in words for its writer; it is spoken all the same. */
export function markupNotes(text: string): string[] {
  return parseMarkup(text).problems.map(({ at, message }) => {
    const [piece, rest] = [text.slice(at, at + LONGEST), text.length > at + LONGEST];
    return `${message}, at "${piece}${rest ? '…' : ''}".`;
  });
}
