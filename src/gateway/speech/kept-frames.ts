import { type SoundFrame, writeSoundFrame } from '../../protocol/sound-frame.ts';

/** Sounds of which frames are kept, and frames of each: with frames of 8 KiB, 4 MiB for the process. */
const MOST_SOUNDS = 32;
const MOST_FRAMES = 16;

interface KeptFrame {
  readonly line: number;
  readonly position: number;
  /** Place of its payload in the sound, and its length, bytes. */
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Frames as they were sent last: of those who listen to a line many want the very same, and in the same moment. */
export class KeptFrames {
  /** By the sound that is in them, oldest first. */
  readonly #sounds = new Map<object, KeptFrame[]>();

  /** A frame whose payload is of `sound`, from byte `at` on. It is not to be written to. */
  frame(sound: object, at: number, frame: SoundFrame): Uint8Array<ArrayBuffer> {
    const { line, position, payload } = frame;
    const { length } = payload;
    const frames = this.#framesOf(sound);
    for (const kept of frames) {
      if (kept.line === line && kept.position === position && kept.at === at && kept.length === length) {
        return kept.bytes;
      }
    }
    const bytes = writeSoundFrame(frame);
    if (frames.length < MOST_FRAMES) frames.push({ line, position, at, length, bytes });
    return bytes;
  }

  #framesOf(sound: object): KeptFrame[] {
    const there = this.#sounds.get(sound);
    if (there) return there;
    const frames: KeptFrame[] = [];
    this.#sounds.set(sound, frames);
    for (const oldest of this.#sounds.keys()) {
      if (this.#sounds.size <= MOST_SOUNDS) break;
      this.#sounds.delete(oldest);
    }
    return frames;
  }
}

/** Those of the process. */
export const keptFrames = new KeptFrames();
