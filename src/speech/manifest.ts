import { Field } from './field.ts';
import { readHead, type TrackHead } from './track-fields.ts';

/** One line of a manifest: what its `line.json` says at its head, and where its two files lie. */
export interface ManifestLine extends TrackHead {
  /** Name of the line; no other of the manifest has it. */
  readonly id: string;
  /** Path of the `line.json`, relative to the manifest; parts are joined by `/` and are plain names. */
  readonly json: string;
  /** Bytes of that file. */
  readonly jsonBytes: number;
  /** Path of the `line.wav`, relative to the manifest. */
  readonly wav: string;
  /** Bytes of that file. */
  readonly wavBytes: number;
  /** What the files must hash to, as in the `integrity` of a web page: `sha256-…`. Unchecked where it is absent. */
  readonly jsonHash?: string;
  readonly wavHash?: string;
  /** What the character feels meanwhile, as its writer named it. */
  readonly emotion?: string;
  /** Of a track that `parley bake` made: hash of what it was made from. Lines with the same need not be spoken anew. */
  readonly bakedFrom?: string;
}

/** The content of `manifest.json`: many tracks in files. */
export interface TrackManifest {
  readonly version: 1;
  readonly lines: readonly ManifestLine[];
}

/** SHA-256 in base64, after the name of the method. */
const HASH = /^sha256-[A-Za-z0-9+/]{43}=$/;

/**
 * Checks the value that a `manifest.json` holds; unknown fields are passed over.
 * Throws `InputError`, which names `file` and the place in it (`manifest.json, lines[3].wav`).
 */
export function parseManifest(value: unknown, file = 'manifest.json'): TrackManifest {
  const field = new Field(value, file);
  const version = field.get('version').oneOf([1] as const);
  const seen = new Map<string, number>();
  const lines = field
    .get('lines')
    .items()
    .map((line, index) => {
      const read = readLine(line);
      const other = seen.get(read.id);
      if (other !== undefined) throw line.get('id').wrong(`an id of its own`, `that of lines[${other}]`);
      seen.set(read.id, index);
      return read;
    });
  return { version, lines };
}

function readLine(line: Field): ManifestLine {
  const id = line.get('id');
  if (id.text() === '') throw id.wrong('a name');
  return {
    id: id.text(),
    ...readHead(line),
    json: readPath(line.get('json')),
    jsonBytes: line.get('jsonBytes').whole(1),
    wav: readPath(line.get('wav')),
    wavBytes: line.get('wavBytes').whole(1),
    ...readHash(line, 'jsonHash'),
    ...readHash(line, 'wavHash'),
    ...(line.get('emotion').value === undefined ? {} : { emotion: line.get('emotion').text() }),
    ...readHash(line, 'bakedFrom'),
  };
}

function readPath(field: Field): string {
  const path = field.text();
  if (!isPlainPath(path)) throw field.wrong('a path below the manifest, such as "gate/hello.wav"');
  return path;
}

/** Whether a path stays below the folder it is taken from, on every system: plain names joined by `/`. */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !UNFIT.test(name));
}

/** What would end or change a path on some system: `\`, `:`, control characters, half a surrogate pair. */
const UNFIT = /[\\:\p{Cc}\p{Cs}]/u;

function readHash<Key extends 'jsonHash' | 'wavHash' | 'bakedFrom'>(
  line: Field,
  key: Key,
): { [K in Key]?: string } {
  const hash = line.get(key);
  if (hash.value === undefined) return {};
  if (!HASH.test(hash.text())) throw hash.wrong('"sha256-" and 44 characters of base64');
  return { [key]: hash.text() } as { [K in Key]?: string };
}
