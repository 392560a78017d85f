import { type SoundFrame, writeSoundFrame } from '../../protocol/sound-frame.ts';
import { binaryMessage, textMessage, type WireMessage } from './wire-message.ts';

/** Parts of which messages are kept, and messages of each: with sound of 8 KiB, 4 MiB for the process. */
const MOST_PARTS = 32;
const MOST_MESSAGES = 16;

/** A message and what it was made of. Of what is no sound, `position`, `at` and `length` are 0. */
interface KeptMessage {
  readonly line: number;
  readonly position: number;
  /** Place of its payload in the sound, and its length, bytes. */
  readonly at: number;
  readonly length: number;
  readonly message: WireMessage;
}

/** Messages as they were sent last: of those who listen to a line many want the very same, and in the same moment. */
export class KeptFrames {
  /** By the part that is in them, oldest first. */
  readonly #parts = new Map<object, KeptMessage[]>();

  /** A frame whose payload is of `sound`, from byte `at` on. */
  sound(sound: object, at: number, frame: SoundFrame): WireMessage {
    const { line, position, payload } = frame;
    const { length } = payload;
    const there = this.#find(sound, line, position, at, length);
    if (there) return there;
    return this.#keep(sound, { line, position, at, length, message: binaryMessage(writeSoundFrame(frame)) });
  }

  /** What tells a line of `part`, which is always told alike; `write` gives its text. */
  marks(part: object, line: number, write: () => string): WireMessage {
    const there = this.#find(part, line, 0, 0, 0);
    return there ?? this.#keep(part, { line, position: 0, at: 0, length: 0, message: textMessage(write()) });
  }

  #find(part: object, line: number, position: number, at: number, length: number): WireMessage | undefined {
    for (const kept of this.#parts.get(part) ?? []) {
      if (kept.line === line && kept.position === position && kept.at === at && kept.length === length) {
        return kept.message;
      }
    }
    return undefined;
  }

  #keep(part: object, kept: KeptMessage): WireMessage {
    const messages = this.#messagesOf(part);
    if (messages.length < MOST_MESSAGES) messages.push(kept);
    return kept.message;
  }

  #messagesOf(part: object): KeptMessage[] {
    const there = this.#parts.get(part);
    if (there) return there;
    const messages: KeptMessage[] = [];
    this.#parts.set(part, messages);
    for (const oldest of this.#parts.keys()) {
      if (this.#parts.size <= MOST_PARTS) break;
      this.#parts.delete(oldest);
    }
    return messages;
  }
}

/** Those of the process. */
export const keptFrames = new KeptFrames();
