import { Field } from './field.ts';
import { isPlainPath } from './manifest.ts';

/** A line of a list that is to be spoken. What is left out stands open for whoever speaks it. */
export interface ListedLine {
  /** Name of the line, and its path below the folder of tracks. */
  readonly id?: string;
  /** With mark-up, where the writer has put some. */
  readonly text: string;
  readonly voice?: string;
  readonly lang?: string;
  /** Rate of speaking, 0.5 to 2. */
  readonly speed?: number;
  /** What the character feels meanwhile; for whoever shows the line. */
  readonly emotion?: string;
  /** Where it stands, for messages: `lines.json, lines[3]`. */
  readonly place: string;
}

/** What the manifest beside the tracks is called. */
const MANIFEST = 'manifest';

/**
 * Reads a list of lines: `["Hello.", { id: "gate/halt", text: "Halt!", voice: "M1" }]`, or the same under `lines` of an
 * object whose `voice`, `lang`, `speed` and `emotion` hold for all lines without their own. Unknown fields are passed over.
 * Throws {@link InputError}, which names `file` and the place in it (`lines.json, lines[3].speed`): for a text without
 * anything to say, a speed outside 0.5 to 2, an id that is no path below a folder, or one that two lines have, whatever
 * the case of its letters.
 */
export function readLineList(value: unknown, file = 'lines.json'): ListedLine[] {
  const root = new Field(value, file);
  const common = Array.isArray(value) ? {} : readManner(root);
  const list = Array.isArray(value) ? root : root.get('lines');
  const taken = new Map<string, string>();
  return list.items().map((item) => {
    const line = readLine(item, common);
    if (line.id === undefined) return line;
    const key = line.id.normalize('NFC').toLowerCase();
    const other = taken.get(key);
    if (other !== undefined) throw item.get('id').wrong('an id of its own', `that of ${other}`);
    taken.set(key, item.path);
    return line;
  });
}

type Manner = Pick<ListedLine, 'voice' | 'lang' | 'speed' | 'emotion'>;

function readLine(item: Field, common: Manner): ListedLine {
  const { place } = item;
  if (typeof item.value === 'string') return { ...common, text: readText(item), place };
  const text = readText(item.get('text'));
  const id = item.get('id');
  const named = id.value === undefined ? {} : { id: readId(id) };
  return { ...common, ...readManner(item), ...named, text, place };
}

function readText(field: Field): string {
  if (field.text().trim() === '') throw field.wrong('something to say');
  return field.text();
}

function readId(field: Field): string {
  const id = field.text();
  if (!isPlainPath(id) || id.toLowerCase() === MANIFEST) {
    throw field.wrong(`plain names joined by "/", such as "gate/hello", other than "${MANIFEST}"`);
  }
  return id;
}

function readManner(field: Field): Manner {
  const speed = field.get('speed');
  return {
    ...readName(field, 'voice'),
    ...readName(field, 'lang'),
    ...(speed.value === undefined ? {} : { speed: speed.number(0.5, 2) }),
    ...readName(field, 'emotion'),
  };
}

function readName<Key extends 'voice' | 'lang' | 'emotion'>(field: Field, key: Key): { [K in Key]?: string } {
  const name = field.get(key);
  if (name.value === undefined) return {};
  if (name.text().trim() === '') throw name.wrong('a name');
  return { [key]: name.text() } as { [K in Key]?: string };
}
