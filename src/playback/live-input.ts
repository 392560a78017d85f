import { AudioError } from './audio-error.ts';
import type { LiveTracks } from './live-tracks.ts';

/** Leads the tracks of a live stream into a node, all of them at once, as they come and go. */
export class LiveInput {
  readonly #context: BaseAudioContext;
  readonly #into: AudioNode;
  readonly #tracks: LiveTracks;
  readonly #sources = new Map<MediaStreamTrack, AudioNode>();
  readonly #stream = new MediaStream();
  readonly #sink = new Audio();

  /** Throws {@link AudioError} `stream-unreadable`. */
  constructor(context: BaseAudioContext, into: AudioNode, tracks: LiveTracks) {
    this.#context = context;
    this.#into = into;
    this.#tracks = tracks;
    try {
      this.#connect();
    } catch (error) {
      this.dispose();
      throw AudioError.streamUnreadable(error);
    }
    tracks.onChange = () => this.#connect();
    // Chromium gives Web Audio nothing of a remote WebRTC track that no media element plays, muted or not.
    this.#sink.muted = true;
    this.#sink.srcObject = this.#stream;
    // Muted it may always play; what breaks it off is dispose().
    this.#sink.play().catch(() => {});
  }

  dispose(): void {
    this.#tracks.onChange = undefined;
    for (const track of this.#sources.keys()) this.#disconnect(track);
    this.#sink.pause();
    this.#sink.srcObject = null;
  }

  #connect(): void {
    const { list } = this.#tracks;
    for (const track of list) {
      if (this.#sources.has(track)) continue;
      // One node a track: given a stream with several, it takes the first alone, for ever.
      const mediaStream = new MediaStream([track]);
      const source = new MediaStreamAudioSourceNode(this.#context as AudioContext, { mediaStream });
      source.connect(this.#into);
      this.#sources.set(track, source);
      this.#stream.addTrack(track);
    }
    for (const track of this.#sources.keys()) if (!list.includes(track)) this.#disconnect(track);
  }

  #disconnect(track: MediaStreamTrack): void {
    this.#sources.get(track)?.disconnect();
    this.#sources.delete(track);
    this.#stream.removeTrack(track);
  }
}
