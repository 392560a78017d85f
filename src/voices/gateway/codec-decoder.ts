import { OPUS_RATE, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import type { PacketDecoder } from './packet-decoder.ts';

/** Longest that a browser may take for some packets, ms: pages stand still for seconds, decoders do not. */
const PATIENCE_MS = 5_000;

/** Microseconds of a packet. */
const PACKET_US = 20_000;

/** A packet that someone waits for. */
interface Waiting {
  readonly samples: Float32Array<ArrayBuffer>;
  filled: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Opus by the browser's own decoder. */
export class CodecDecoder implements PacketDecoder {
  readonly #decoder: AudioDecoder;
  readonly #waiting: Waiting[] = [];
  #given = 0;
  #error: unknown;

  constructor() {
    this.#decoder = new AudioDecoder({
      output: (data) => this.#handleOutput(data),
      error: (error) => this.#fail(error),
    });
    // Without a description packets are taken as they are, and nothing is cut off at the start.
    this.#decoder.configure({ codec: 'opus', sampleRate: OPUS_RATE, numberOfChannels: 1 });
  }

  async decode(packets: readonly Uint8Array[]): Promise<Float32Array> {
    if (this.#error) throw this.#error;
    const samples = new Float32Array(packets.length * PACKET_SAMPLES);
    const timer = setTimeout(() => this.#fail(new Error('The decoder does not answer.')), PATIENCE_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ samples, filled: 0, resolve, reject });
        for (const data of packets) {
          const timestamp = this.#given++ * PACKET_US;
          this.#decoder.decode(
            new EncodedAudioChunk({
              type: 'key',
              timestamp,
              duration: PACKET_US,
              data: data as BufferSource,
            }),
          );
        }
      });
    } finally {
      clearTimeout(timer);
    }
    return samples;
  }

  close(): void {
    this.#fail(new Error('The decoder was closed.'));
  }

  #handleOutput(data: AudioData): void {
    const next = this.#waiting[0];
    const room = next ? next.samples.length - next.filled : 0;
    const frames = data.numberOfFrames;
    if (next && frames <= room && data.sampleRate === OPUS_RATE) {
      const place = next.samples.subarray(next.filled, next.filled + frames);
      data.copyTo(place, { planeIndex: 0, format: 'f32-planar' });
      next.filled += frames;
    } else if (!this.#error) this.#fail(new Error('The decoder gave more than 20 ms for a packet.'));
    data.close();
    if (!next || next.filled < next.samples.length) return;
    this.#waiting.shift();
    next.resolve();
  }

  #fail(reason: unknown): void {
    this.#error ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }
}
