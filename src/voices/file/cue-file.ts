import { parseJson } from '../../pcm/track-file.ts';
import type { Cue } from '../../speech/cue.ts';
import { Field } from '../../speech/field.ts';
import { parseLineJson } from '../../speech/line-json.ts';
import type { LineJson } from '../../speech/track.ts';
import type { Viseme } from '../../speech/viseme.ts';

/** What a cue file tells. */
export type CueFile =
  | { readonly type: 'line'; readonly line: LineJson }
  /** Of Rhubarb: shapes alone. */
  | { readonly type: 'shapes'; readonly cues: readonly Cue[] };

/**
 * Mouth shapes of Rhubarb Lip Sync by what its documents say of each; B stands for most consonants and ee, with the teeth
 * together, E is slightly rounded.
 */
const RHUBARB: Readonly<Record<string, readonly [Viseme, number]>> = {
  A: ['PP', 1],
  B: ['SS', 0.8],
  C: ['E', 0.9],
  D: ['aa', 1],
  E: ['O', 0.8],
  F: ['U', 1],
  G: ['FF', 1],
  H: ['nn', 0.9],
  X: ['sil', 1],
};

/** Longest time that the last shape of a TSV file may go on, seconds: the track cuts it to the sound. */
const TO_THE_END = 3_600;

/**
 * Reads `line.json`, or what Rhubarb Lip Sync writes as JSON or TSV. Throws `InputError`, which calls the file `name` and
 * tells the place in it, for anything else.
 */
export function readCueFile(content: string, name: string): CueFile {
  const text = content.replace(/^\uFEFF/, '').trim();
  if (!text.startsWith('{')) return { type: 'shapes', cues: readTsv(text, name) };
  const json = parseJson(text, name);
  const field = new Field(json, name);
  if (field.get('mouthCues').value === undefined) return { type: 'line', line: parseLineJson(json, name) };
  const cues = field
    .get('mouthCues')
    .items()
    .map((cue) => {
      const start = cue.get('start').number(0);
      return cueOf(cue.get('value'), start, cue.get('end').number(start));
    });
  return { type: 'shapes', cues };
}

/** Lines of a time and the shape that begins then. */
function readTsv(text: string, name: string): Cue[] {
  const marks = text.split(/\r?\n/).map((row, index) => {
    const [time = '', shape] = row.split('\t');
    const place = `line ${index + 1}`;
    const start = new Field(time.trim() === '' ? row : Number(time), name, place);
    return { start: start.number(0), shape: new Field(shape?.trim(), name, place) };
  });
  return marks.map(({ start, shape }, index) =>
    cueOf(shape, start, marks[index + 1]?.start ?? start + TO_THE_END),
  );
}

function cueOf(shape: Field, start: number, end: number): Cue {
  const [viseme, weight] = RHUBARB[shape.oneOf(Object.keys(RHUBARB))]!;
  return { viseme, start, end, weight };
}
