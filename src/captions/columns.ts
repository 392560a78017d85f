/** Letters of East Asian scripts and pictures take twice the room of a Latin letter (Unicode Standard Annex 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Accents, vowel signs and joiners take none. */
const NONE = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Nothing but letters that take one column. */
const PLAIN = /^[\u0020-\u02ff]*$/;

/** How much room a text takes, in columns: a Latin letter has one. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}
