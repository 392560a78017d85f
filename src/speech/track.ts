import type { Cue, WordMark } from './cue.ts';
import { SpeechError } from './errors.ts';
import { cutShapes, type FaceShapes, ShapeFrames } from './face-shapes.ts';
import type { SpeechPart } from './part.ts';
import { joinSamples } from './samples.ts';
import { type ShapesJson, toShapesJson } from './shapes-json.ts';
import type { SourceTiming, TimingOrigin } from './source.ts';
import type { Viseme } from './viseme.ts';

/** What was asked for, with nothing left to a default. */
export interface TrackRequest {
  readonly text: string;
  readonly voice: string;
  readonly lang: string;
}

/** A whole line, kept. */
export interface Track extends TrackRequest {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Samples a second. */
  readonly sampleRate: number;
  /** Seconds: samples / sampleRate, exactly. */
  readonly duration: number;
  readonly timing: SourceTiming;
  /** In rising order, without overlaps, covering 0 to `duration` without gaps. */
  readonly cues: readonly Cue[];
  /** In rising order, within the line. */
  readonly words: readonly WordMark[];
  /** Frames of the face, where the service gave them. */
  readonly shapes?: FaceShapes;
}

/** The content of `line.json`. All times are seconds of line time, all positions UTF-16 indexes of `text`. */
export interface LineJson {
  readonly version: 1;
  readonly text: string;
  readonly voice: string;
  readonly lang: string;
  readonly sampleRate: number;
  readonly duration: number;
  readonly timing: TimingOrigin;
  readonly confidence: number;
  readonly cues: readonly { viseme: Viseme; start: number; end: number; weight: number }[];
  readonly words: readonly WordMark[];
  readonly shapes?: ShapesJson;
}

/**
 * Reads a line to its end and keeps it. Throws what the source throws, and a {@link SpeechError} when the parts end
 * without `end`, hold no sound, or change their rate.
 */
export async function collectTrack(
  parts: AsyncIterable<SpeechPart>,
  request: TrackRequest,
  timing: SourceTiming,
): Promise<Track> {
  const runs: Int16Array[] = [];
  const cues: Cue[] = [];
  const words: WordMark[] = [];
  const shapes = new ShapeFrames();
  let sampleRate = 0;
  let whole = false;
  for await (const part of parts) {
    if (part.type === 'cues') cues.push(...part.cues);
    else if (part.type === 'words') words.push(...part.words);
    else if (part.type === 'shapes') shapes.add(part);
    else if (part.type === 'end') whole = true;
    else {
      if (sampleRate > 0 && part.sampleRate !== sampleRate) {
        throw SpeechError.protocol(
          'the voice source',
          `${sampleRate} Hz throughout`,
          `${part.sampleRate} Hz`,
        );
      }
      sampleRate = part.sampleRate;
      runs.push(part.samples);
    }
  }
  if (!whole) throw SpeechError.closedEarly('the voice source');
  return createTrack(request, runs, sampleRate, cues, words, timing, shapes.shapes);
}

/** A track of what a source gave. Throws a {@link SpeechError} when there is no sound in it. */
export function createTrack(
  { text, voice, lang }: TrackRequest,
  runs: readonly Int16Array[],
  sampleRate: number,
  cues: readonly Cue[],
  words: readonly WordMark[],
  timing: SourceTiming,
  shapes?: FaceShapes,
): Track {
  const samples = joinSamples(runs);
  if (samples.length === 0) throw SpeechError.empty('The voice source');
  const duration = samples.length / sampleRate;
  return {
    text,
    voice,
    lang,
    samples,
    sampleRate,
    duration,
    timing,
    cues: coverWithCues(cues, duration),
    words: clipWords(words, duration),
    ...(shapes && { shapes: cutShapes(shapes, 0, duration) }),
  };
}

/** What `line.json` says of a track. */
export function toLineJson(track: Track): LineJson {
  const { text, voice, lang, sampleRate, duration, timing, cues, words, shapes } = track;
  return {
    version: 1,
    text,
    voice,
    lang,
    sampleRate,
    duration,
    timing: timing.origin,
    confidence: timing.confidence,
    cues: cues.map(({ viseme, start, end, weight }) => ({ viseme, start, end, weight })),
    words,
    ...(shapes && { shapes: toShapesJson(shapes) }),
  };
}

/** Gaps shorter than this, seconds, come from rounding, and the cue before them fills them: half a sample at 48 kHz. */
const ROUNDING = 1e-5;

/**
 * The cues that cover 0 to `duration` without gaps or overlaps: sorted, an earlier cue gives way to a later one, what
 * lies outside is cut off, and `sil` fills what is left.
 */
export function coverWithCues(cues: readonly Cue[], duration: number): Cue[] {
  const cover: Cue[] = [];
  const sorted = cues.filter((cue) => cue.end > cue.start).sort((a, b) => a.start - b.start);
  let covered = 0;
  for (const [index, cue] of sorted.entries()) {
    const start = cue.start - covered < ROUNDING ? covered : cue.start;
    const limit = Math.min(cue.end, sorted[index + 1]?.start ?? duration, duration);
    if (limit - start < ROUNDING) continue;
    fillWithSilence(cover, covered, start);
    const end = duration - limit < ROUNDING ? duration : limit;
    cover.push({ ...cue, start, end });
    covered = end;
  }
  fillWithSilence(cover, covered, duration);
  return cover;
}

function fillWithSilence(cover: Cue[], start: number, end: number): void {
  if (end <= start) return;
  const last = cover.at(-1);
  if (last?.viseme === 'sil') cover[cover.length - 1] = { ...last, end };
  else cover.push({ viseme: 'sil', start, end, weight: 1 });
}

/** The words that lie within 0 to `duration`, in rising order; what lies outside is cut off. */
export function clipWords(words: readonly WordMark[], duration: number): WordMark[] {
  return words
    .filter((word) => word.start < duration && word.end >= 0)
    .map((word) => {
      if (word.start >= 0 && word.end <= duration) return word;
      return { ...word, start: Math.max(0, word.start), end: Math.min(word.end, duration) };
    })
    .sort((a, b) => a.start - b.start);
}
