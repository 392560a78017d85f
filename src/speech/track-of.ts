import type { Cue, WordMark } from './cue.ts';
import { cutShapes, type FaceShapes, ShapeFrames } from './face-shapes.ts';
import { Field } from './field.ts';
import type { SourceTiming } from './source.ts';
import type { Track } from './track.ts';
import { readCues, readRate, readTiming, readWords } from './track-fields.ts';

/** What a track is made of; only text and sound must be there. */
export interface TrackContent {
  readonly text: string;
  /** Signed 16-bit mono samples; kept, not copied. */
  readonly samples: Int16Array<ArrayBuffer>;
  /** Samples a second, 8,000 to 48,000. */
  readonly sampleRate: number;
  /** Default: an empty name. */
  readonly voice?: string;
  /** Default `en`. */
  readonly lang?: string;
  /** Default: `text`, confidence 0. */
  readonly timing?: SourceTiming;
  /** Default: none, the mouth stays closed. Put in order, cut to the sound, and filled up with `sil`. */
  readonly cues?: readonly Cue[];
  /** Default: none. Put in order and cut to the sound. */
  readonly words?: readonly WordMark[];
  /** Default: none, the face moves by the cues. Cut to the sound. */
  readonly shapes?: FaceShapes;
}

/**
 * Makes a track of sound from anywhere: a recorded voice-over, a tool of the game's own.
 * Throws `InputError`, which names the place (`trackOf(), cues[3].viseme`), for what cannot be mended: no samples, a
 * rate outside its range, an unknown viseme, a time that is no number or an end before its start, a word that does
 * not stand in the text where it says.
 */
export function trackOf(content: TrackContent): Track {
  const {
    voice = '',
    lang = 'en',
    timing = { origin: 'text', confidence: 0 },
    cues = [],
    words = [],
  } = content;
  const field = new Field({ ...content, voice, lang, timing, cues, words }, 'trackOf()');
  const { samples, shapes } = content;
  if (!(samples instanceof Int16Array)) throw field.get('samples').wrong('an Int16Array');
  if (samples.length === 0) throw field.get('samples').wrong('one sample or more', 'none');
  const text = field.get('text').text();
  const sampleRate = readRate(field);
  const duration = samples.length / sampleRate;
  if (shapes) new ShapeFrames().add({ ...shapes, from: 0 }); // Throws for what is none.
  return {
    text,
    voice: field.get('voice').text(),
    lang: field.get('lang').text(),
    samples,
    sampleRate,
    duration,
    timing: readTiming(field.get('timing'), 'origin'),
    cues: readCues(field.get('cues'), duration, text),
    words: readWords(field.get('words'), duration, text),
    ...(shapes && { shapes: cutShapes(shapes, 0, duration) }),
  };
}
