import { PcmReader } from '../../pcm/encoding.ts';
import { decodeAnyWav, type Wav } from '../../pcm/wav.ts';
import type { Cue, WordMark } from '../../speech/cue.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { SpokenWords } from '../spoken-words.ts';
import { type Lasting, oculusViseme } from './headtts-message.ts';

/** Rate of sound that comes without a head, Hz: that of the model. */
export const HEADTTS_RATE = 24_000;

/** A part of the line as it came. */
export interface HeadTtsPart {
  readonly bytes: Uint8Array;
  readonly wav: boolean;
  readonly visemes: readonly Lasting[];
  readonly words: readonly Lasting[];
}

/** Puts the parts of a line together: they are made by several threads, and may come in any order. */
export class HeadTtsLine {
  readonly #where: string;
  readonly #words: SpokenWords;
  readonly #early = new Map<number, HeadTtsPart>();
  #next = 0;
  #seconds = 0;

  /** `where` it comes from, for messages. */
  constructor(text: string, where: string) {
    this.#words = new SpokenWords(text);
    this.#where = where;
  }

  /** Parts that were given so far. */
  get given(): number {
    return this.#next;
  }

  /** Seconds of sound that were given so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Takes a part by its number, from 0; gives what is next in the line. */
  take(index: number, part: HeadTtsPart): SpeechPart[] {
    this.#early.set(index, part);
    const parts: SpeechPart[] = [];
    for (let next = this.#early.get(this.#next); next; next = this.#early.get(this.#next)) {
      this.#early.delete(this.#next++);
      parts.push(...this.#partsOf(next));
    }
    return parts;
  }

  #partsOf({ bytes, wav, visemes, words }: HeadTtsPart): SpeechPart[] {
    const { samples, sampleRate } = this.#soundOf(bytes, wav);
    const from = this.#seconds;
    const until = from + samples.length / sampleRate;
    const cues = cuesOf(visemes, from, until);
    const marks = words.flatMap((word) => this.#markOf(word, cues, from, until));
    this.#seconds = until;
    return [
      ...(cues.length > 0 ? [{ type: 'cues', cues } as const] : []),
      ...(marks.length > 0 ? [{ type: 'words', words: marks } as const] : []),
      ...(samples.length > 0 ? [{ type: 'audio', samples, sampleRate } as const] : []),
    ];
  }

  /** Words come with what follows them: punctuation, and the pause that it makes. */
  #markOf({ name, startMs, endMs }: Lasting, cues: readonly Cue[], from: number, until: number): WordMark[] {
    const start = Math.max(from + startMs / 1000, from);
    const end = Math.min(from + endMs / 1000, until);
    const heard = cues.findLast((cue) => cue.start >= start - 0.02 && cue.start < end);
    const bare = name.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '');
    const mark = this.#words.place(bare, start, heard ? Math.min(end, heard.end) : end);
    return mark ? [mark] : [];
  }

  #soundOf(bytes: Uint8Array, isWav: boolean): Wav {
    if (!isWav) return { samples: new PcmReader('s16le').push(bytes), sampleRate: HEADTTS_RATE };
    try {
      const wav = decodeAnyWav(bytes);
      if (wav.sampleRate >= 8_000 && wav.sampleRate <= 48_000) return wav;
      throw SpeechError.protocol(this.#where, '8000 to 48000 Hz', `${wav.sampleRate} Hz`);
    } catch (error) {
      if (error instanceof SpeechError) throw error;
      throw SpeechError.protocol(
        this.#where,
        'a WAV file',
        error instanceof Error ? error.message : 'another',
      );
    }
  }
}

/**
 * The cues of a part that lies between two line times, seconds. Starts are told a little too early and ends too late, so
 * that neighbours overlap: each gives way by half.
 */
export function cuesOf(visemes: readonly Lasting[], from: number, until: number): Cue[] {
  const shapes = visemes.flatMap(({ name, startMs, endMs }) => {
    const viseme = oculusViseme(name);
    return viseme && endMs > startMs ? [{ viseme, start: startMs / 1000, end: endMs / 1000 }] : [];
  });
  const cues: Cue[] = [];
  let before = 0;
  for (const [index, { viseme, start, end }] of shapes.entries()) {
    const next = shapes[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const begins = Math.max(start, before, 0);
    const ends = Math.min(next < end ? (next + end) / 2 : end, until - from);
    if (ends <= begins) continue;
    cues.push({ viseme, start: from + begins, end: from + ends, weight: 1 });
    before = ends;
  }
  return cues;
}
