import { cutShapes } from './face-shapes.ts';
import { Field } from './field.ts';
import { readShapes, type ShapesJson } from './shapes-json.ts';
import { clipWords, coverWithCues, type LineJson, type Track } from './track.ts';
import { readCues, readHead, readWords } from './track-fields.ts';

/** Difference between a stated duration and that of the samples that is taken for rounding, seconds. */
const ROUNDING = 0.001;

/**
 * Checks and mends the value that a `line.json` holds; unknown fields are passed over. Cues and words come back in
 * order and within the line, the cues without gaps and overlaps.
 * Throws `InputError`, which names `file` and the place in it (`line.json, cues[3].viseme`), for what cannot be
 * mended: another version, a missing field, an unknown viseme, a time that is no number or an end before its start,
 * a word that does not stand in the text where it says.
 */
export function parseLineJson(value: unknown, file = 'line.json'): LineJson {
  const field = new Field(value, file);
  const version = field.get('version').oneOf([1] as const);
  const head = readHead(field);
  const shapes = field.get('shapes');
  if (shapes.value !== undefined) readShapes(shapes);
  return {
    version,
    ...head,
    cues: readCues(field.get('cues'), head.duration, head.text),
    words: readWords(field.get('words'), head.duration, head.text),
    ...(shapes.value !== undefined && { shapes: shapes.value as ShapesJson }),
  };
}

/**
 * The track of a checked `line.json` and its samples.
 * Throws `InputError`, which names `file`, when they do not belong together: another rate, or a duration more than a
 * millisecond away.
 */
export function joinTrack(
  json: LineJson,
  { samples, sampleRate }: Pick<Track, 'samples' | 'sampleRate'>,
  file = 'line.wav',
): Track {
  const { text, voice, lang, timing, confidence, shapes } = json;
  const sound = new Field({ sampleRate, seconds: samples.length / sampleRate }, file);
  sound.get('sampleRate').oneOf([json.sampleRate]);
  const seconds = sound.get('seconds');
  const duration = seconds.number();
  if (samples.length === 0 || Math.abs(duration - json.duration) > ROUNDING) {
    throw seconds.wrong(`${json.duration} s of sound, as the line's JSON says`);
  }
  // A duration that was rounded on its way is that of the samples again.
  const same = duration === json.duration;
  return {
    text,
    voice,
    lang,
    samples,
    sampleRate,
    duration,
    timing: { origin: timing, confidence },
    cues: same ? json.cues : coverWithCues(json.cues, duration),
    words: same ? json.words : clipWords(json.words, duration),
    ...(shapes && { shapes: cutShapes(readShapes(new Field(shapes, file)), 0, duration) }),
  };
}
