import type { SoundFormat } from './lightning-request.ts';

/** Length that a WAV header tells where the real one is not known yet. */
const UNKNOWN_LENGTH = 0xffff_ffff;
const HEADER_BYTES = 44;

/** Writes the sound of one request in the form that it asked for. */
export class SoundWriter {
  readonly #format: SoundFormat;
  readonly #sampleRate: number;
  #begun = false;

  constructor(format: SoundFormat, sampleRate: number) {
    this.#format = format;
    this.#sampleRate = sampleRate;
  }

  write(samples: Int16Array): Uint8Array {
    if (this.#format === 'ulaw') return Uint8Array.from(samples, toMuLaw);
    if (this.#format === 'alaw') return Uint8Array.from(samples, toALaw);
    const pcm = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    if (this.#format === 'pcm' || this.#begun) return pcm;
    this.#begun = true;
    const bytes = new Uint8Array(HEADER_BYTES + pcm.length);
    bytes.set(wavHeader(this.#sampleRate));
    bytes.set(pcm, HEADER_BYTES);
    return bytes;
  }
}

/** The header of a WAV that is still being made: 16-bit mono. */
function wavHeader(sampleRate: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const ascii = (at: number, text: string) => {
    for (let index = 0; index < text.length; index++) header.setUint8(at + index, text.charCodeAt(index));
  };
  ascii(0, 'RIFF');
  header.setUint32(4, UNKNOWN_LENGTH, true);
  ascii(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, sampleRate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  ascii(36, 'data');
  header.setUint32(40, UNKNOWN_LENGTH, true);
  return new Uint8Array(header.buffer);
}

/** ITU-T G.711: bias and clip of the mu-law code, on a 16-bit scale. */
const BIAS = 0x84;
const CLIP = 32_635;

/** A 16-bit sample in G.711 mu-law. */
function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const exponent = Math.floor(Math.log2(size)) - 7;
  const mantissa = (size >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** A 16-bit sample in G.711 A-law. */
function toALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const size = Math.min(0x0fff, (sample < 0 ? ~sample : sample) >> 3);
  const exponent = size < 32 ? 0 : Math.floor(Math.log2(size)) - 4;
  const mantissa = exponent === 0 ? (size >> 1) & 0x0f : (size >> exponent) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}
