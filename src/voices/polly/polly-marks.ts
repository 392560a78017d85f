import { Field } from '../../speech/field.ts';

/** A word, by the places of its bytes in the text as it was sent, or a viseme. Times in seconds from the first sample. */
export type PollyMark =
  | {
      readonly kind: 'word';
      readonly time: number;
      readonly from: number;
      readonly to: number;
      readonly text: string;
    }
  | { readonly kind: 'viseme'; readonly time: number; readonly viseme: string };

/**
 * Reads the marks of a line, one JSON object in each row; other kinds are passed over. Throws `InputError` for what is no
 * mark, which names its row.
 */
export function readPollyMarks(ndjson: string): PollyMark[] {
  return ndjson.split(/\r?\n/).flatMap((row, index) => (row.trim() === '' ? [] : readMark(row, index)));
}

function readMark(row: string, index: number): PollyMark[] {
  const name = `speech mark ${index + 1}`;
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    throw new Field(row, name).wrong('a JSON object');
  }
  const mark = new Field(value, name);
  const type = mark.get('type').text();
  if (type !== 'word' && type !== 'viseme') return [];
  const time = mark.get('time').number(0) / 1000;
  const text = mark.get('value').text();
  if (type === 'viseme') return [{ kind: 'viseme', time, viseme: text }];
  const from = mark.get('start').whole(0);
  return [{ kind: 'word', time, from, to: mark.get('end').whole(from), text }];
}

/** UTF-16 index of each byte of a text in UTF-8, and one for its end: a byte within a letter belongs to where it begins. */
export function indexOfBytes(text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text).length;
  const indexes = new Uint32Array(bytes + 1);
  let at = 0;
  let index = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
    indexes.fill(index, at, at + length);
    at += length;
    index += letter.length;
  }
  indexes[bytes] = index;
  return indexes;
}
