import type { BeginMessage } from '../../protocol/gateway-messages.ts';
import { readBundle } from '../../protocol/opus-bundle.ts';
import { pcmSamples, type SoundFrame } from '../../protocol/sound-frame.ts';
import { OpusPlacer } from './opus-placer.ts';
import type { OpenDecoder, PacketDecoder } from './packet-decoder.ts';

/** Makes samples of a line, at its own rate, of the frames in which its sound comes. */
export interface LineSound {
  /** Sample of the line that is given next, by what was read so far. */
  readonly next: number;
  /** The samples that a frame brings; frames are read as they come, one after another. Rejects for what cannot be decoded. */
  read(frame: SoundFrame): Promise<Int16Array<ArrayBuffer>>;
  /** What is left of a line with so many samples. */
  end(samples: number): Int16Array<ArrayBuffer>;
  /** Resolves once all that was read counts in `next`. */
  settled(): Promise<unknown>;
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

  async settled(): Promise<void> {}

  close(): void {}
}

class OpusSound implements LineSound {
  readonly #placer: OpusPlacer;
  readonly #open: OpenDecoder;
  #decoder: PacketDecoder;
  /** The frame before: samples are placed in their order. */
  #before: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(placer: OpusPlacer, open: OpenDecoder) {
    this.#placer = placer;
    this.#open = open;
    this.#decoder = open();
  }

  get next(): number {
    return this.#placer.next;
  }

  read({ position, payload }: SoundFrame): Promise<Int16Array<ArrayBuffer>> {
    const samples = this.#place(position, this.#decode(readBundle(payload)), this.#before);
    this.#before = samples.catch(() => {}); // Told to who reads the line.
    return samples;
  }

  end(samples: number): Int16Array<ArrayBuffer> {
    return this.#placer.end(samples);
  }

  settled(): Promise<unknown> {
    return this.#before;
  }

  close(): void {
    this.#closed = true;
    this.#decoder.close();
  }

  async #place(position: number, decoded: Promise<Float32Array>, before: Promise<unknown>) {
    const [samples] = await Promise.all([decoded, before]);
    return this.#placer.push(position, samples);
  }

  /** A browser may take a decoder back that was idle in a hidden page: another goes on, and is right within 80 ms. */
  async #decode(packets: readonly Uint8Array[]): Promise<Float32Array> {
    const decoder = this.#decoder;
    try {
      return await decoder.decode(packets);
    } catch (error) {
      if (this.#closed) throw error;
      decoder.close();
      if (decoder === this.#decoder) this.#decoder = this.#open();
      return this.#decoder.decode(packets); // What came after it fails later, and so is decoded later.
    }
  }
}
