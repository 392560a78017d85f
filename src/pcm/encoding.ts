/** How samples stand in bytes: integers, floats of -1 to 1 (both little-endian), or the logarithmic bytes of telephones (ITU-T G.711). */
export type PcmEncoding = keyof typeof READERS;

type Read = (view: DataView, at: number) => number;

interface Reader {
  readonly bytes: number;
  /** The value at a place, full scale 32,768. */
  readonly read: Read;
}

const READERS = {
  u8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) * 256 },
  s16le: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  s24le: {
    bytes: 3,
    read: (view, at) => ((view.getInt16(at + 1, true) << 8) | view.getUint8(at)) / 256,
  },
  s32le: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 65_536 },
  f32le: { bytes: 4, read: (view, at) => view.getFloat32(at, true) * 32_768 },
  f64le: { bytes: 8, read: (view, at) => view.getFloat64(at, true) * 32_768 },
  mulaw: { bytes: 1, read: (view, at) => MU_LAW[view.getUint8(at)]! },
  alaw: { bytes: 1, read: (view, at) => A_LAW[view.getUint8(at)]! },
} satisfies Record<string, Reader>;

/** All of them. */
export const PCM_ENCODINGS = Object.keys(READERS) as PcmEncoding[];

/** G.711, table 2a: all bits of a code are turned, 3 of them are the segment, 4 the step in it. */
const MU_LAW = Int16Array.from({ length: 256 }, (_, code) => {
  const turned = ~code & 0xff;
  const size = ((((turned & 0x0f) << 3) + 0x84) << ((turned & 0x70) >> 4)) - 0x84;
  return turned & 0x80 ? -size : size;
});

/** G.711, table 1a: every other bit of a code is turned. */
const A_LAW = Int16Array.from({ length: 256 }, (_, code) => {
  const turned = code ^ 0x55;
  const segment = (turned & 0x70) >> 4;
  const step = ((turned & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return turned & 0x80 ? size : -size;
});

/**
 * Joins samples of any encoding that arrive as bytes in runs of any length: what is left of a frame is carried to the
 * next run. Channels are mixed to one; what is too loud is clipped, and what is no number is silence.
 */
export class PcmReader {
  readonly #reader: Reader;
  readonly #channels: number;
  /** What has come of a frame that is not whole. */
  readonly #carried: Uint8Array<ArrayBuffer>;
  #carriedBytes = 0;

  constructor(encoding: PcmEncoding, channels = 1) {
    this.#reader = READERS[encoding];
    this.#channels = channels;
    this.#carried = new Uint8Array(this.#reader.bytes * channels);
  }

  /** Bytes of a frame: one sample of each channel. */
  get frameBytes(): number {
    return this.#carried.length;
  }

  /** The samples that `bytes` complete: a new array, possibly empty. */
  push(bytes: Uint8Array): Int16Array<ArrayBuffer> {
    const frame = this.#carried.length;
    const samples = new Int16Array(Math.floor((this.#carriedBytes + bytes.length) / frame));
    let made = 0;
    let at = 0;
    if (this.#carriedBytes > 0) {
      at = Math.min(frame - this.#carriedBytes, bytes.length);
      this.#carried.set(bytes.subarray(0, at), this.#carriedBytes);
      this.#carriedBytes += at;
      if (this.#carriedBytes < frame) return samples;
      samples[made++] = this.#mix(new DataView(this.#carried.buffer), 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; made < samples.length; at += frame) samples[made++] = this.#mix(view, at);
    this.#carried.set(bytes.subarray(at));
    this.#carriedBytes = bytes.length - at;
    return samples;
  }

  #mix(view: DataView, at: number): number {
    const { bytes, read } = this.#reader;
    let sum = 0;
    for (let channel = 0; channel < this.#channels; channel++) sum += read(view, at + channel * bytes);
    const value = Math.round(sum / this.#channels);
    return Math.max(-32_768, Math.min(32_767, value));
  }
}
