import type { Cue, WordMark } from './cue.ts';
import { type MappedText, placeOf } from './index-map.ts';
import type { SpeechPart } from './part.ts';
import type { SpokenText } from './spoken-text.ts';

/**
 * The parts of a line that was spoken from `spoken.text`, with words and cues at their places in `text`, which it was
 * made of. Several words that stand for one are one again.
 */
export async function* leadBack(
  parts: AsyncIterable<SpeechPart>,
  text: string,
  spoken: SpokenText,
): AsyncGenerator<SpeechPart, void, void> {
  const words = new WordsBack(text, spoken);
  for await (const part of parts) {
    if (part.type === 'cues') yield { type: 'cues', cues: part.cues.map((cue) => cueBack(cue, spoken)) };
    else if (part.type === 'words') yield* wordsPart(words.push(part.words));
    else {
      if (part.type === 'end') yield* wordsPart(words.end());
      yield part;
    }
  }
}

/** The cues and words of a whole line that was spoken from `spoken.text`, at their places in `text`: see {@link leadBack}. */
export function ledBack(
  { cues, words }: { readonly cues: readonly Cue[]; readonly words: readonly WordMark[] },
  text: string,
  spoken: SpokenText,
): { cues: Cue[]; words: WordMark[] } {
  const back = new WordsBack(text, spoken);
  return {
    cues: cues.map((cue) => cueBack(cue, spoken)),
    words: [...back.push(words), ...back.end()],
  };
}

/** The parts of a line with its words at their places in `made.text`, which was made of the text that they index. */
export async function* leadOn(
  parts: AsyncIterable<SpeechPart>,
  made: MappedText,
): AsyncGenerator<SpeechPart, void, void> {
  for await (const part of parts) {
    if (part.type !== 'words') {
      yield part;
      continue;
    }
    const words = part.words.map((word) => {
      const [from, to] = [placeOf(made, word.from), placeOf(made, word.to)];
      return { ...word, text: made.text.slice(from, to), from, to };
    });
    yield { type: 'words', words };
  }
}

/** None where there are none: whoever tells words at all, tells their times. */
function wordsPart(words: readonly WordMark[]): SpeechPart[] {
  return words.length > 0 ? [{ type: 'words', words }] : [];
}

function cueBack(cue: Cue, { sourceIndex }: SpokenText): Cue {
  return cue.from === undefined ? cue : { ...cue, from: sourceIndex(cue.from) };
}

/** Leads words back to the text as given. Several words that stand for one are one again. */
class WordsBack {
  readonly #text: string;
  readonly #spoken: SpokenText;
  /** A word that others may still belong to. */
  #open: WordMark | undefined;

  constructor(text: string, spoken: SpokenText) {
    this.#text = text;
    this.#spoken = spoken;
  }

  push(words: readonly WordMark[]): WordMark[] {
    return words.flatMap((word) => this.#take(word));
  }

  /** The last word. */
  end(): WordMark[] {
    const open = this.#open;
    this.#open = undefined;
    return open ? [open] : [];
  }

  #take(word: WordMark): WordMark[] {
    const { sourceIndex, replaced } = this.#spoken;
    const first = sourceIndex(word.from);
    const span = replaced.find(({ from, to }) => first >= from && first < to);
    const from = span?.from ?? first;
    const to = span?.to ?? sourceIndex(word.to - 1) + 1;
    if (this.#open?.from === from) {
      this.#open = { ...this.#open, end: Math.max(this.#open.end, word.end) };
      return [];
    }
    const done = this.end();
    const back = { ...word, text: this.#text.slice(from, to), from, to };
    if (!span) return [...done, back];
    this.#open = back;
    return done;
  }
}
