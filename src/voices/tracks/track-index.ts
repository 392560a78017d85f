import type { SpeechRequest } from '../../speech/source.ts';
import type { TrackRequest } from '../../speech/track.ts';

/** Finds what was asked for by its text, and by voice and language where they are named. */
export class TrackIndex<Item extends TrackRequest> {
  readonly #byText = new Map<string, Item[]>();

  constructor(items: Iterable<Item>) {
    for (const item of items) {
      const same = this.#byText.get(item.text);
      if (same) same.push(item);
      else this.#byText.set(item.text, [item]);
    }
  }

  /** The first that fits; `speed` is not compared, as a track has the one it was spoken at. */
  find({ text, voice, lang }: SpeechRequest): Item | undefined {
    const fits = (item: Item) =>
      (voice === undefined || item.voice === voice) && (lang === undefined || item.lang === lang);
    return this.#byText.get(text)?.find(fits);
  }
}
