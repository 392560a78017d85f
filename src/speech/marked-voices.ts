import type { Cue, WordMark } from './cue.ts';
import type { Lexicon } from './lexicon.ts';
import { parseMarkup } from './markup.ts';
import type { SpeechPart } from './part.ts';
import type { SpeechRequest, VoiceSource } from './source.ts';
import { type SpokenText, spokenText } from './spoken-text.ts';

/** How a source is given its texts. */
export interface MarkedVoicesOptions {
  /** How words of the game are said: words with `say` are put in their places; sounds cannot be told to every source. */
  readonly lexicon?: Lexicon | undefined;
}

/**
 * The same source for texts with mark-up (see {@link parseMarkup}): it is given the plain words, with a comma where a
 * pause stands, and its words and cues come back with their places in the text as given. The source stays the
 * caller's only through this one: `dispose` ends it.
 */
export function markedVoices(source: VoiceSource, { lexicon }: MarkedVoicesOptions = {}): VoiceSource {
  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    const spoken = spokenText(parseMarkup(request.text), { lang: request.lang, lexicon, commas: true });
    if (spoken.text === request.text) {
      yield* source.speak(request, signal);
      return;
    }
    const words = new WordsBack(request.text, spoken);
    for await (const part of source.speak({ ...request, text: spoken.text }, signal)) {
      if (part.type === 'cues') yield { type: 'cues', cues: part.cues.map((cue) => cueBack(cue, spoken)) };
      else if (part.type === 'words') yield { type: 'words', words: words.push(part.words) };
      else {
        if (part.type === 'end') yield { type: 'words', words: words.end() };
        yield part;
      }
    }
  }

  const { name, home, traits, lookAheadSeconds } = source;
  return {
    name,
    home,
    get timing() {
      return source.timing; // Some sources learn what their times are worth.
    },
    ...(traits && { traits }),
    ...(lookAheadSeconds !== undefined && { lookAheadSeconds }),
    speak,
    prepare: () => source.prepare?.(),
    dispose: () => source.dispose(),
  };
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
