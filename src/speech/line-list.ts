import { Field } from './field.ts';
import { isPlainPath } from './manifest.ts';
import { parseMarkup } from './markup.ts';

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
 * words, a speed outside 0.5 to 2, an id that is no path below a folder, or one that two lines have, whatever
 * the case of its letters, or whose files would be the folder of another.
 */
export function readLineList(value: unknown, file = 'lines.json'): ListedLine[] {
  const root = new Field(value, file);
  const common = Array.isArray(value) ? {} : readManner(root);
  const list = Array.isArray(value) ? root : root.get('lines');
  const taken = new Map<string, Field>();
  const lines = list.items().map((item) => {
    const line = readLine(item, common);
    if (line.id === undefined) return line;
    const key = keyOf(line.id);
    const other = taken.get(key);
    if (other) throw item.get('id').wrong('an id of its own', `that of ${other.path}`);
    taken.set(key, item);
    return line;
  });
  for (const [key, item] of taken) refuseFolderAsFile(key, item, taken);
  return lines;
}

/** Fields of a list that mean nothing, with the places where they stand: `emotin (lines[3])`; empty for none. Of a value that {@link readLineList} takes. */
export function strayFields(value: unknown): string {
  const root = new Field(value, '');
  const places = new Map<string, string[]>();
  const note = ({ value, path }: Field, known: ReadonlySet<string>) => {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      if (known.has(name)) continue;
      places.set(name, [...(places.get(name) ?? []), path || 'the head']);
    }
  };
  if (!Array.isArray(value)) note(root, HEAD_FIELDS);
  for (const item of (Array.isArray(value) ? root : root.get('lines')).items()) note(item, LINE_FIELDS);
  return Array.from(places, ([name, all]) => {
    const more = all.length > SHOWN_PLACES ? ` and ${all.length - SHOWN_PLACES} more` : '';
    return `${name} (${all.slice(0, SHOWN_PLACES).join(', ')}${more})`;
  }).join(', ');
}

const MANNER_FIELDS = ['voice', 'lang', 'speed', 'emotion'];
const HEAD_FIELDS: ReadonlySet<string> = new Set(['lines', ...MANNER_FIELDS]);
const LINE_FIELDS: ReadonlySet<string> = new Set(['id', 'text', ...MANNER_FIELDS]);

/** Places of a field that are named. */
const SHOWN_PLACES = 3;

/** A line cannot be written where one of its two files would have the name of a folder in which another line lies. */
function refuseFolderAsFile(key: string, item: Field, taken: ReadonlyMap<string, Field>): void {
  for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
    const [, name = ''] = /^(.*)\.(?:wav|json)$/.exec(key.slice(0, end)) ?? [];
    const other = taken.get(name);
    if (other) throw other.get('id').wrong(`an id whose files are not the folder of ${item.path}`);
  }
}

/** File systems may take letters of either case, and of either way to write accents, as one. */
function keyOf(id: string): string {
  return id.normalize('NFC').toLowerCase();
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
  if (parseMarkup(field.text()).text.trim() === '') throw field.wrong('something to say');
  return field.text();
}

function readId(field: Field): string {
  const id = field.text();
  const [first] = id.toLowerCase().split('/');
  if (!isPlainPath(id) || id.toLowerCase() === MANIFEST || first === `${MANIFEST}.json`) {
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
