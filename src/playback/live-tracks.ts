import { InputError } from '../speech/errors.ts';

/** The audio tracks of a stream as they come and go, or a single one. */
export class LiveTracks {
  /** Called when {@link list} has changed. */
  onChange: (() => void) | undefined;
  readonly #stream: MediaStream | undefined;
  #list: readonly MediaStreamTrack[];

  /** Throws {@link InputError}, with `where` in it, for what is neither a stream nor a track, or has no sound. */
  constructor(source: MediaStream | MediaStreamTrack, where: string) {
    const expected = 'a MediaStream with an audio track, or an audio track';
    if (isStream(source)) {
      this.#stream = source;
      this.#list = source.getAudioTracks();
      if (this.#list.length === 0) throw new InputError(where, expected, 'a stream without audio tracks');
    } else {
      if (source?.kind !== 'audio') throw new InputError(where, expected, source?.kind ?? String(source));
      this.#list = [source];
    }
  }

  /** Those there are now; ended ones included. */
  get list(): readonly MediaStreamTrack[] {
    return this.#list;
  }

  /** Whether all have ended. A track that is stopped by the page says so here alone, and tells no event. Allocates nothing. */
  get over(): boolean {
    for (let index = 0; index < this.#list.length; index++)
      if (this.#list[index]!.readyState === 'live') return false;
    return true;
  }

  /** Looks which tracks the stream has now: what the page itself adds or removes tells no event either. */
  refresh(): void {
    if (!this.#stream) return;
    const now = this.#stream.getAudioTracks();
    if (now.length === this.#list.length && now.every((track) => this.#list.includes(track))) return;
    this.#list = now;
    this.onChange?.();
  }
}

function isStream(source: MediaStream | MediaStreamTrack): source is MediaStream {
  return typeof (source as Partial<MediaStream> | null | undefined)?.getAudioTracks === 'function';
}
