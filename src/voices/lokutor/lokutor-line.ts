import { LetterWords } from '../../lipsync/letter-words.ts';
import { LetterCues, type LetterEvent } from '../../lipsync/letters.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SourceTiming } from '../../speech/source.ts';
import { PlausibleTimes } from '../plausible-times.ts';
import { SoundLine } from '../sound-line.ts';
import { originOf } from '../time-origin.ts';

/** What the service's letter times are worth: made with the sound, but letters tell less than sounds do. */
export const LETTER_TIMING: SourceTiming = { origin: 'service', confidence: 0.8 };

/**
 * A letter is told when it begins, and how long it lasts by the next one. With so much ahead, seconds, lips are closed on
 * every p b m of letters up to 0.15 s, those of fluent speech; with 0.1 s ahead hardly any would be.
 */
export const LETTER_LOOK_AHEAD = 0.2;

/** Turns what one request brought into parts of a line. */
export class LokutorLine {
  readonly #times = new PlausibleTimes<LetterEvent & { readonly start: number; readonly end: number }>();
  readonly #sound: SoundLine;
  readonly #cues: LetterCues;
  readonly #words: LetterWords;
  readonly #spokenSeconds: number;
  #origin: number | undefined;

  /**
   * `spokenSeconds` is the audio that earlier requests of the same socket gave: the protocol does not say whether
   * times begin anew with each request, so a first time beyond that is taken to go on from there.
   */
  constructor(text: string, sampleRate: number, spokenSeconds: number) {
    this.#cues = new LetterCues(text);
    this.#words = new LetterWords(text);
    this.#sound = new SoundLine(sampleRate);
    this.#spokenSeconds = spokenSeconds;
  }

  /** Seconds of audio so far. */
  get seconds(): number {
    return this.#sound.seconds;
  }

  /** A run of audio bytes, of any length. */
  audio(bytes: Uint8Array): SpeechPart[] {
    return this.#sound.audio(bytes);
  }

  /** A batch of letters with times. */
  letters(events: readonly LetterEvent[]): SpeechPart[] {
    if (events.length === 0) return [];
    const first = Math.min(...events.map((event) => event.time));
    this.#origin ??= originOf(first, this.#spokenSeconds);
    const origin = this.#origin;
    const timed = events.map((event) => {
      const time = Math.max(0, event.time - origin);
      return { ...event, time, start: time, end: time };
    });
    const moved = this.#times.push(timed);
    return parts(this.#cues.push(moved), this.#words.push(moved));
  }

  /** What the end of the line completes. */
  end(): SpeechPart[] {
    return parts(this.#cues.end(this.seconds), this.#words.end(this.seconds));
  }
}

function parts(cues: ReturnType<LetterCues['push']>, words: ReturnType<LetterWords['push']>): SpeechPart[] {
  const made: SpeechPart[] = [];
  if (words.length > 0) made.push({ type: 'words', words });
  if (cues.length > 0) made.push({ type: 'cues', cues });
  return made;
}
