import { InputError } from '../speech/errors.ts';
import { PACKET_SAMPLES, readBundle } from './opus-bundle.ts';
import { CODECS, type Codec, MAX_LINE } from './wire.ts';

/** Bytes before the sound of a frame. */
export const SOUND_HEADER = 10;

/** Greatest position that a frame can have, samples: a day at 48 kHz. */
const MAX_POSITION = 0xffff_ffff;

/** A piece of sound on the wire. */
export interface SoundFrame {
  readonly codec: Codec;
  readonly line: number;
  /** Of its first sample: in samples of the line's rate, with Opus at 48 kHz, pre-skip counted. */
  readonly position: number;
  /** PCM: 16-bit little-endian mono. Opus: packets, each after its length in two bytes, little-endian. */
  readonly payload: Uint8Array;
}

/** A frame as it is sent. Throws {@link InputError} for numbers out of range. */
export function writeSoundFrame({ codec, line, position, payload }: SoundFrame): Uint8Array<ArrayBuffer> {
  checkNumber('line', line, 1, MAX_LINE);
  checkNumber('position', position, 0, MAX_POSITION);
  const bytes = new Uint8Array(SOUND_HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = CODECS.indexOf(codec) + 1;
  view.setUint32(2, line, true);
  view.setUint32(6, position, true);
  bytes.set(payload, SOUND_HEADER);
  return bytes;
}

/** A frame as it came. Throws {@link InputError} for what is none. */
export function readSoundFrame(bytes: Uint8Array): SoundFrame {
  if (bytes.length <= SOUND_HEADER) {
    throw new InputError('Sound', `more than ${SOUND_HEADER} bytes`, String(bytes.length));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const codec = CODECS[bytes[0]! - 1];
  if (!codec) throw new InputError('Sound, kind', `1 to ${CODECS.length}`, String(bytes[0]));
  if (bytes[1] !== 0) throw new InputError('Sound, byte 1', '0', String(bytes[1]));
  const line = view.getUint32(2, true);
  if (line === 0) throw new InputError('Sound, line', '1 or more', '0');
  const payload = bytes.subarray(SOUND_HEADER);
  if (codec === 'pcm' && payload.length % 2 !== 0) {
    throw new InputError('Sound', 'whole samples of two bytes', `${payload.length} bytes`);
  }
  return { codec, line, position: view.getUint32(6, true), payload };
}

/** Samples that a frame stands for, in those of its position. Throws {@link InputError} for packets that are none. */
export function frameLength({ codec, payload }: Pick<SoundFrame, 'codec' | 'payload'>): number {
  return codec === 'pcm' ? payload.length >> 1 : readBundle(payload).length * PACKET_SAMPLES;
}

/** Whether samples lie in memory as they stand on the wire. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Samples as they stand in a PCM frame: their own memory where that is the same. */
export function pcmBytes(samples: Int16Array): Uint8Array {
  if (LITTLE_ENDIAN) return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (let nth = 0; nth < samples.length; nth++) view.setInt16(2 * nth, samples[nth]!, true);
  return bytes;
}

/** The samples of a PCM frame, in memory of their own. */
export function pcmSamples(payload: Uint8Array): Int16Array<ArrayBuffer> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return Int16Array.from({ length: payload.length >> 1 }, (_, nth) => view.getInt16(2 * nth, true));
}

function checkNumber(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InputError(`Sound, ${what}`, `a whole number from ${min} to ${max}`, String(value));
  }
}
