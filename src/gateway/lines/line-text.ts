import { type MappedText, type Replacement, replacePieces } from '../../speech/index-map.ts';

/**
 * What makes no difference to how a text sounds: runs of white space; control characters and those that turn the
 * direction of writing (UAX #9), which hide from readers what is said; letters with their marks in pieces.
 */
const PLAIN =
  /[\s\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+|[^\s\p{M}]\p{M}+|[\u1100-\u11ff]{2,}|\p{Cs}/gu;

/** An empty line is a pause, and so it stays. */
const PARAGRAPH = /\n[^\S\n]*\n/;

/**
 * A text as it is spoken and known to the cache: composed (NFC), without characters that nobody hears, white space as
 * single blanks or an empty line, none at its ends. Its map leads to the text as given.
 */
export function normalText(given: string): MappedText {
  const replacements: Replacement[] = [];
  for (const { 0: piece, index } of given.matchAll(PLAIN)) {
    const by = normalPiece(piece, index === 0 || index + piece.length === given.length);
    if (by !== piece) replacements.push({ from: index, to: index + piece.length, by });
  }
  return replacePieces(given, replacements);
}

function normalPiece(piece: string, atEnd: boolean): string {
  if (/\p{Cs}/u.test(piece)) return '\ufffd'; // Half a character, which no encoding has.
  if (!/^[\s\p{Cc}\p{Cf}]/u.test(piece)) return piece.normalize('NFC');
  if (atEnd || !/\s/.test(piece)) return '';
  return PARAGRAPH.test(piece) ? '\n\n' : ' ';
}
