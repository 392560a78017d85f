import type { BeginMessage } from '../../protocol/gateway-messages.ts';
import { readBundle } from '../../protocol/opus-bundle.ts';
import { pcmSamples, type SoundFrame } from '../../protocol/sound-frame.ts';
import { OpusPlacer } from './opus-placer.ts';
import type { OpenDecoder, PacketDecoder } from './packet-decoder.ts';

/** Makes samples of a line, at its own rate, of the frames in which its sound comes. */
export interface LineSound {
  /** Sample of the line that is given next. */
  readonly next: number;
  /** The samples that a frame brings. Rejects for what cannot be decoded. */
  read(frame: SoundFrame): Promise<Int16Array<ArrayBuffer>>;
  /** What is left of a line with so many samples. */
  end(samples: number): Int16Array<ArrayBuffer>;
  /** May be called twice. */
  close(): void;
}

/** The sound of a line that begins so. */
export function openLineSound(
  { sampleRate, preSkip, from }: BeginMessage,
  open: OpenDecoder | undefined,
): LineSound {
  if (preSkip === undefined || !open) return new PcmSound(from);
  return new OpusSound(new OpusPlacer({ sampleRate, preSkip, from }), open);
}

class PcmSound implements LineSound {
  next: number;

  constructor(from: number) {
    this.next = from;
  }

  async read({ payload }: SoundFrame): Promise<Int16Array<ArrayBuffer>> {
    const samples = pcmSamples(payload);
    this.next += samples.length;
    return samples;
  }

  end(): Int16Array<ArrayBuffer> {
    return new Int16Array(0);
  }

  close(): void {}
}

class OpusSound implements LineSound {
  readonly #placer: OpusPlacer;
  readonly #open: OpenDecoder;
  #decoder: PacketDecoder;
  #closed = false;

  constructor(placer: OpusPlacer, open: OpenDecoder) {
    this.#placer = placer;
    this.#open = open;
    this.#decoder = open();
  }

  get next(): number {
    return this.#placer.next;
  }

  async read({ position, payload }: SoundFrame): Promise<Int16Array<ArrayBuffer>> {
    return this.#placer.push(position, await this.#decode(readBundle(payload)));
  }

  end(samples: number): Int16Array<ArrayBuffer> {
    return this.#placer.end(samples);
  }

  close(): void {
    this.#closed = true;
    this.#decoder.close();
  }

  /** A browser may take a decoder back that was idle in a hidden page: another goes on, and is right within 80 ms. */
  async #decode(packets: readonly Uint8Array[]): Promise<Float32Array> {
    try {
      return await this.#decoder.decode(packets);
    } catch (error) {
      if (this.#closed) throw error;
      this.#decoder.close();
      this.#decoder = this.#open();
      return this.#decoder.decode(packets);
    }
  }
}
