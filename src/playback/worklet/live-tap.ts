import { FADE_OUT_SECONDS } from './line-renderer.ts';

/** Length of what the page is sent, seconds: as much as the mouth is worked out in. */
const CHUNK_SECONDS = 0.01;

/** Frames that are taken at once: a block of the audio thread. */
export const PIECE_FRAMES = 128;

/**
 * The samples of a live stream on their way into the ring, and in chunks to the page. Fades where it is opened and
 * closed, so that what was left out between cannot be heard as a click. Allocates nothing after construction.
 */
export class LiveTap {
  /** What {@link take} has taken. */
  readonly piece = new Int16Array(PIECE_FRAMES);
  readonly #chunk: Int16Array<ArrayBuffer>;
  readonly #send: (samples: Int16Array<ArrayBuffer>, count: number) => void;
  readonly #fade: number;
  #filled = 0;
  #open = false;
  /** Of {@link #fade}: how far it is open. */
  #level = 0;

  /** `sampleRate` of the context. `send` gets every sample once; the array is used again. */
  constructor(sampleRate: number, send: (samples: Int16Array<ArrayBuffer>, count: number) => void) {
    this.#chunk = new Int16Array(Math.round(CHUNK_SECONDS * sampleRate));
    this.#fade = Math.round(FADE_OUT_SECONDS * sampleRate);
    this.#send = send;
  }

  /** Takes from now on, fading in. */
  open(): void {
    this.#open = true;
  }

  /** Fades out, over as many frames as the voice does, and then takes nothing. */
  close(): void {
    this.#open = false;
  }

  /** Takes nothing from now on, and sends what is left. */
  shut(): void {
    this.#open = false;
    this.#level = 0;
    if (this.#filled > 0) this.#flush();
  }

  /** Takes up to {@link PIECE_FRAMES} frames of `input` from `start` on, silence where there is none. Returns how many. */
  take(input: Float32Array | undefined, start: number, frames: number): number {
    let taken = 0;
    while (taken < frames && (this.#open || this.#level > 0)) {
      if (!this.#open) this.#level--;
      else if (this.#level < this.#fade) this.#level++;
      const value = input ? input[start + taken]! * (this.#level / this.#fade) : 0;
      const sample = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
      this.piece[taken++] = sample;
      this.#chunk[this.#filled++] = sample;
      if (this.#filled === this.#chunk.length) this.#flush();
    }
    return taken;
  }

  #flush(): void {
    this.#send(this.#chunk, this.#filled);
    this.#filled = 0;
  }
}
