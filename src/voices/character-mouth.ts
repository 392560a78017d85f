import { LetterWords } from '../lipsync/letter-words.ts';
import { LetterCues, type LetterEvent } from '../lipsync/letters.ts';
import type { SpeechPart } from '../speech/part.ts';
import { PlacedCharacters } from './placed-characters.ts';
import { PlausibleTimes } from './plausible-times.ts';

/** A character that is spoken from one moment to another, seconds in line time. */
export interface TimedCharacter {
  readonly character: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Spaces and marks that last longer are a pause, seconds: the longest closure of fluent speech, that of a p, t or k, is
 * about as long. Services give spaces between words some time too, in which nobody pauses.
 */
const PAUSE = 0.15;

/** What services round away, seconds. */
const ROUNDING = 0.002;

const SILENT = /^[\s\p{P}\p{S}]*$/u;
const INSIDE = /^[\p{L}\p{M}\p{N}'’]/u;

/** Words and mouth of characters with their times. Runs of characters may be cut anywhere, also within a word. */
export class CharacterMouth {
  readonly #text: string;
  readonly #places: PlacedCharacters;
  readonly #cues: LetterCues;
  readonly #words: LetterWords;
  readonly #times = new PlausibleTimes<TimedCharacter>();
  #latest = 0;
  #told = false;

  /** `text` is the one in which the characters stand. */
  constructor(text: string) {
    this.#text = text;
    this.#places = new PlacedCharacters(text);
    this.#cues = new LetterCues(text);
    this.#words = new LetterWords(text);
  }

  /** Seconds in line time up to which the characters reach. */
  get latest(): number {
    return this.#latest;
  }

  /** What a run of characters, in rising order, completes. One of wild times among others is left out. */
  push(told: readonly TimedCharacter[]): SpeechPart[] {
    const run = this.#times.push(told);
    if (run.length === 0) return [];
    this.#told = true;
    const places = this.#places.place(run.map(({ character }) => character));
    const events = run.map(({ character, start }, nth): LetterEvent => {
      const index = places[nth]!;
      return {
        letter: SILENT.test(character) ? 'sil' : character,
        index,
        time: Math.max(start, this.#latest),
      };
    });
    const end = run.reduce((latest, each) => Math.max(latest, each.end), this.#latest);
    const rest: LetterEvent = { letter: 'sil', index: -1, time: this.#latest };
    const waits = events[0]!.time > this.#latest + ROUNDING;
    const cues = [
      ...this.#cues.push([...(waits ? [rest] : []), ...heard(events, end)]),
      ...this.#cues.end(end),
    ];
    const words = this.#words.push([...events, { ...rest, time: end }]);
    const last = run.at(-1)!.character.length + places.at(-1)!;
    if (places.at(-1)! >= 0 && !INSIDE.test(this.#text.slice(last))) words.push(...this.#words.end(end));
    this.#latest = end;
    return parts(words, cues);
  }

  /** What the end of the line completes, now that it is known to last `duration` seconds; nothing if nothing was told. */
  end(duration: number): SpeechPart[] {
    if (!this.#told) return [];
    const rest = this.#cues.push([{ letter: 'sil', index: -1, time: this.#latest }]);
    return parts(this.#words.end(Math.max(duration, this.#latest)), [...rest, ...this.#cues.end(duration)]);
  }
}

/** The events without the silences in which nobody pauses. */
function heard(events: readonly LetterEvent[], end: number): LetterEvent[] {
  const kept: LetterEvent[] = [];
  for (let nth = 0; nth < events.length; ) {
    const event = events[nth++]!;
    if (event.letter === 'sil') {
      while (events[nth]?.letter === 'sil') nth++;
      if ((events[nth]?.time ?? end) - event.time < PAUSE) continue;
    }
    kept.push(event);
  }
  return kept;
}

function parts(words: ReturnType<LetterWords['push']>, cues: ReturnType<LetterCues['push']>): SpeechPart[] {
  const made: SpeechPart[] = [];
  if (words.length > 0) made.push({ type: 'words', words });
  if (cues.length > 0) made.push({ type: 'cues', cues });
  return made;
}
