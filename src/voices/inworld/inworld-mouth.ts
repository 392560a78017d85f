import type { Cue, WordMark } from '../../speech/cue.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { CharacterMouth } from '../character-mouth.ts';
import { PhoneMouth } from '../phone-mouth.ts';
import { SpokenWords } from '../spoken-words.ts';
import { WordMouth } from '../word-mouth.ts';
import type { InworldTimes, TimedViseme, TimedWord } from './inworld-times.ts';

/** A shorter gap between two shapes is no pause, seconds. */
const GAP = 0.05;

/** How much later a word may be told again that was not settled, seconds. */
const SAME = 0.1;

/** Something that is said. */
const SAID = /[\p{L}\p{N}]/u;

/** Words and mouth of one line, of the finest that the service tells of it. */
export class InworldMouth {
  readonly #words: SpokenWords;
  readonly #phones = new PhoneMouth();
  readonly #letters: WordMouth;
  readonly #characters: CharacterMouth;
  #madeOf: 'sounds' | 'visemes' | 'words' | 'characters' | undefined;
  /** A word that may be told again. */
  #held: TimedWord | undefined;
  #rests = 0;

  /** `text` is the one in which words and characters stand. */
  constructor(text: string) {
    this.#words = new SpokenWords(text);
    this.#letters = new WordMouth(text);
    this.#characters = new CharacterMouth(text);
  }

  /** What the times of a chunk, in line time, complete. */
  push(times: InworldTimes): SpeechPart[] {
    this.#madeOf ??= finest(times);
    if (this.#madeOf === 'characters') return this.#characters.push(times.characters);
    const words = this.#settle(times.words).flatMap(
      ({ word, start, end }) => this.#words.place(word, start, end) ?? [],
    );
    return parts(words, this.#cues(times, words));
  }

  /** What the end of the line completes, which lasts `duration` seconds. */
  end(duration: number): SpeechPart[] {
    const left = this.#held ? [{ ...this.#held, partial: false }] : [];
    const parts = this.push({ words: left, sounds: [], characters: [], visemes: [] });
    return [...parts, ...this.#rest(duration)];
  }

  #cues({ sounds, visemes }: InworldTimes, words: readonly WordMark[]): Cue[] {
    if (this.#madeOf === 'sounds') return this.#phones.push(sounds);
    if (this.#madeOf === 'visemes') return visemes.flatMap((shape) => this.#shape(shape));
    return words.flatMap((word) => this.#letters.push(word));
  }

  #rest(duration: number): SpeechPart[] {
    switch (this.#madeOf) {
      case undefined:
        return []; // Nobody told that the mouth rests.
      case 'characters':
        return this.#characters.end(duration);
      case 'sounds':
        return parts([], this.#phones.end(duration));
      case 'visemes':
        return duration > this.#rests ? parts([], [rest(this.#rests, duration)]) : [];
      case 'words':
        return parts([], this.#letters.end(duration));
    }
  }

  #shape({ viseme, start, end, weight }: TimedViseme): Cue[] {
    if (end <= this.#rests) return [];
    const waits = start - this.#rests >= GAP;
    const before = waits ? [rest(this.#rests, start)] : [];
    const from = waits ? start : this.#rests;
    this.#rests = end;
    return [...before, { viseme, start: from, end, weight }];
  }

  /** The words that will not be told again; marks and spaces, which newer models tell too, are none. */
  #settle(words: readonly TimedWord[]): TimedWord[] {
    const told = words.filter(({ word }) => SAID.test(word));
    const held = this.#held;
    if (told.length === 0) return [];
    this.#held = told.at(-1)!.partial ? told.pop() : undefined;
    const first = told[0] ?? this.#held;
    const again = held !== undefined && first !== undefined && Math.abs(first.start - held.start) < SAME;
    return held && !again ? [held, ...told] : told;
  }
}

function finest({ sounds, visemes, words, characters }: InworldTimes) {
  if (sounds.length > 0) return 'sounds';
  if (visemes.length > 0) return 'visemes';
  if (words.length > 0) return 'words';
  return characters.length > 0 ? 'characters' : undefined;
}

function rest(start: number, end: number): Cue {
  return { viseme: 'sil', start, end, weight: 1 };
}

function parts(words: readonly WordMark[], cues: readonly Cue[]): SpeechPart[] {
  const made: SpeechPart[] = [];
  if (words.length > 0) made.push({ type: 'words', words });
  if (cues.length > 0) made.push({ type: 'cues', cues });
  return made;
}
