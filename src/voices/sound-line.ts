import { PcmAssembler } from '../pcm/assembler.ts';
import type { SpeechPart } from '../speech/part.ts';

/** The sound of a line as it comes: signed 16-bit little-endian mono samples in runs of any length. */
export class SoundLine {
  readonly sampleRate: number;
  readonly #pcm = new PcmAssembler();
  #samples = 0;

  /** `sampleRate` in Hz. */
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  /** Seconds of sound so far. */
  get seconds(): number {
    return this.#samples / this.sampleRate;
  }

  /** A run of bytes; half a sample that never gets its other byte is no sound, and is left. */
  audio(bytes: Uint8Array): SpeechPart[] {
    const samples = this.#pcm.push(bytes);
    this.#samples += samples.length;
    return samples.length > 0 ? [{ type: 'audio', samples, sampleRate: this.sampleRate }] : [];
  }
}

/** Sound without the header of a WAV file, should one stand before it. */
export function withoutWavHeader(bytes: Uint8Array): Uint8Array {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  if (!head.startsWith('RIFF')) return bytes;
  const data = head.indexOf('data');
  return data < 0 ? bytes : bytes.subarray(data + 8);
}
