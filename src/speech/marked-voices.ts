import { leadBack } from './lead-back.ts';
import type { Lexicon } from './lexicon.ts';
import { parseMarkup } from './markup.ts';
import type { SpeechPart } from './part.ts';
import type { SpeechRequest, VoiceSource } from './source.ts';
import { spokenText } from './spoken-text.ts';
import { wrappedSource } from './wrapped-source.ts';

/** How a source is given its texts. */
export interface MarkedVoicesOptions {
  /** How words of the game are said: words with `say` are put in their places; sounds cannot be told to every source. */
  readonly lexicon?: Lexicon | undefined;
}

/**
 * The same source for texts with mark-up (see {@link parseMarkup}): it is given the plain words, with a comma where a
 * pause stands, and its words and cues come back with their places in the text as given. The source stays the
 * caller's only through this one: `dispose` ends it. One that reads mark-up itself is given back as it is.
 */
export function markedVoices(source: VoiceSource, { lexicon }: MarkedVoicesOptions = {}): VoiceSource {
  if (source.readsMarkup) return source;
  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    if (source.readsMarkup) {
      yield* source.speak(request, signal); // It has learned that of a server meanwhile.
      return;
    }
    const spoken = spokenText(parseMarkup(request.text), { lang: request.lang, lexicon, commas: true });
    if (spoken.text === request.text) {
      yield* source.speak(request, signal);
      return;
    }
    yield* leadBack(source.speak({ ...request, text: spoken.text }, signal), request.text, spoken);
  }
  return wrappedSource(source, speak);
}
