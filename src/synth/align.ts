/**
 * Which letter does each phone belong to? A dynamic-programming alignment of the whole text with its phones:
 * every phone gets one letter, in rising order; letters may be silent, and one letter may carry several phones.
 */

const VOWELS = new Set('aa ae ah ao aw ax axr ay eh el em en er ey ih ix iy ow oy uh uw'.split(' '));

/** A letter's usual phone costs nothing, each rarer one this much more. */
const RARER = 0.05;

/** Phones that each letter writes in English, the usual first; the rest is settled by class (vowel or consonant). */
const WRITES: Readonly<Record<string, ReadonlyMap<string, number>>> = costs({
  a: 'ae ey aa ao ax eh ah',
  b: 'b',
  c: 'k s ch sh',
  d: 'd t jh dx',
  e: 'eh iy ih ax er ey',
  f: 'f v',
  g: 'g jh zh f ng',
  h: 'hh',
  i: 'ih ay iy ax y er',
  j: 'jh y zh',
  k: 'k',
  l: 'l el',
  m: 'm em',
  n: 'n ng en',
  o: 'ow aa ao ah uw uh ax oy aw w er',
  p: 'p f',
  q: 'k',
  r: 'r er axr',
  s: 's z sh zh',
  t: 't ch sh th dh dx d',
  u: 'ah uw uh y w ax er ih',
  v: 'v f',
  w: 'w uw ow aw v',
  x: 'k z g s',
  y: 'y iy ay ih',
  z: 'z s zh',
});

/** First phone of each letter's and digit's own name, as initials and numbers are read. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'a:ey b:b c:s d:d e:iy f:eh g:jh h:ey i:ay j:jh k:k l:eh m:eh n:eh o:ow p:p q:k r:aa s:eh t:t u:y v:v w:d x:eh ' +
    'y:w z:z 0:z 1:w 2:t 3:th 4:f 5:f 6:s 7:s 8:ey 9:n'
  )
    .split(' ')
    .map((entry) => entry.split(':') as [string, string]),
);

/** Costs, found by trying them on sentences of many kinds; their order matters more than their size. */
const SAME_CLASS = 0.9;
const OTHER_CLASS = 2.5;
const SILENT = 0.7;
const SILENT_FIRST = 1;
const OFTEN_SILENT = 0.15;
const EXTRA_PHONE = 0.9;
const FIRST_OF_NAME = 0.05;
const FIRST_OF_SHORTHAND = 0.3;
const EXTRA_OF_SHORTHAND = 0.2;
const EXTRA_ON_BREAK = 4;
const PAUSE_OFF_BREAK = 3;

/** For each phone id, the index in `text` of its letter: never falling. Pauses fall on white space and punctuation. */
export function alignPhones(text: string, phones: readonly string[]): number[] {
  const letters = text.toLowerCase();
  const shorthand = shorthandOf(text);
  const rows = letters.length + 1;
  const columns = phones.length + 1;
  const cost = new Float64Array(rows * columns).fill(Number.POSITIVE_INFINITY);
  const step = new Uint8Array(rows * columns);
  cost[0] = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const here = cost[at]!;
      if (here === Number.POSITIVE_INFINITY) continue;
      const phone = phones[column];
      if (row < letters.length) {
        relax(cost, step, at + columns, here + silence(letters, row), SKIP_LETTER);
        if (phone) {
          const both = affinity(letters[row]!, phone, shorthand[row] === 1);
          relax(cost, step, at + columns + 1, here + both, TAKE_BOTH);
        }
      }
      if (phone)
        relax(cost, step, at + 1, here + extra(letters[row - 1], phone, shorthand[row - 1] === 1), ADD_PHONE);
    }
  }
  return trace(step, rows, columns);
}

/** Written shorter than it is said: numbers, amounts, abbreviations, initials. */
const SHORTHAND = /[$]?\d[\d.,:/]*|\b[A-Z]\.|\b[A-Z]{2,}\b|\b(?:Mr|Mrs|Ms|Dr|St|vs|etc)\b/g;

/** 1 at every character of a shorthand. */
function shorthandOf(text: string): Uint8Array {
  const marks = new Uint8Array(text.length);
  for (const match of text.matchAll(SHORTHAND)) marks.fill(1, match.index, match.index + match[0].length);
  return marks;
}

const SKIP_LETTER = 1;
const TAKE_BOTH = 2;
const ADD_PHONE = 3;

function relax(cost: Float64Array, step: Uint8Array, at: number, value: number, by: number): void {
  if (value >= cost[at]!) return;
  cost[at] = value;
  step[at] = by;
}

function trace(step: Uint8Array, rows: number, columns: number): number[] {
  const letterOf = new Array<number>(columns - 1).fill(0);
  let [row, column] = [rows - 1, columns - 1];
  while (row > 0 || column > 0) {
    const by = step[row * columns + column]!;
    if (by !== SKIP_LETTER) letterOf[column - 1] = Math.max(0, row - 1);
    if (by !== ADD_PHONE) row--;
    if (by !== SKIP_LETTER) column--;
  }
  return letterOf;
}

function affinity(letter: string, phone: string, shorthand: boolean): number {
  if (phone === 'pau') return isLetter(letter) || isDigit(letter) ? PAUSE_OFF_BREAK : 0;
  if (shorthand && NAMES[letter]) return NAMES[letter] === phone ? FIRST_OF_NAME : FIRST_OF_SHORTHAND;
  const writes = WRITES[letter];
  if (!writes) return EXTRA_ON_BREAK;
  const known = writes.get(phone);
  if (known !== undefined) return known;
  return VOWELS.has(phone) === 'aeiouy'.includes(letter) ? SAME_CLASS : OTHER_CLASS;
}

function silence(letters: string, at: number): number {
  const letter = letters[at]!;
  if (!isLetter(letter)) return isDigit(letter) ? SILENT : 0;
  const before = letters[at - 1] ?? ' ';
  const after = letters[at + 1] ?? ' ';
  if (!isLetter(before)) return SILENT_FIRST;
  if (letter === before) return OFTEN_SILENT;
  if (letter === 'h' && 'tscpgwr'.includes(before)) return OFTEN_SILENT;
  if (letter === 'e' && !isLetter(after) && hasVowelBefore(letters, at)) return OFTEN_SILENT;
  if (letter === 'g' && (after === 'h' || before === 'n')) return OFTEN_SILENT;
  if (letter === 'k' && before === 'c') return OFTEN_SILENT;
  if ('aeiouyw'.includes(letter) && 'aeiouyw'.includes(before)) return OFTEN_SILENT;
  return SILENT;
}

/** Whether the word that holds the letter at `at` has a vowel before it: without one, a last e is said. */
function hasVowelBefore(letters: string, at: number): boolean {
  for (let index = at - 1; index >= 0 && isLetter(letters[index]!); index--) {
    if ('aeiouy'.includes(letters[index]!)) return true;
  }
  return false;
}

function extra(letter: string | undefined, phone: string, shorthand: boolean): number {
  if (phone === 'pau') return letter === undefined || !isLetter(letter) ? 0.1 : 0.4;
  if (letter === undefined) return EXTRA_ON_BREAK;
  if (shorthand) return EXTRA_OF_SHORTHAND;
  if (!isLetter(letter)) return letter === '.' || letter === '$' ? EXTRA_PHONE : EXTRA_ON_BREAK;
  if (letter === 'x' && phone === 's') return 0.1;
  if (letter === 'u' && phone === 'uw') return 0.2; // "use": y uw
  if (letter === 'o' && phone === 'ah') return 0.2; // "one": w ah n
  return EXTRA_PHONE;
}

function costs(phones: Readonly<Record<string, string>>): Record<string, Map<string, number>> {
  return Object.fromEntries(
    Object.entries(phones).map(([letter, written]) => [
      letter,
      new Map(written.split(' ').map((phone, place) => [phone, place * RARER])),
    ]),
  );
}

function isLetter(character: string): boolean {
  return character >= 'a' && character <= 'z';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
