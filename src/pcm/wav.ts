import { InputError } from '../speech/errors.ts';

/** Length of the header that {@link encodeWav} writes: RIFF, one `fmt ` chunk, the head of one `data` chunk. */
const HEADER_BYTES = 44;

/** `fmt ` tag of plain integer samples. */
const FORMAT_PCM = 1;

/** A mono sound as read from a file. */
export interface Wav {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Samples a second. */
  readonly sampleRate: number;
}

/** A 16-bit mono WAV file. */
export function encodeWav({ samples, sampleRate }: Wav): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(file.buffer);
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, FORMAT_PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (let index = 0; index < samples.length; index++) {
    view.setInt16(HEADER_BYTES + index * 2, samples[index]!, true);
  }
  return file;
}

/** Reads a 16-bit mono WAV file, skipping chunks it does not need. Throws {@link InputError} for anything else. */
export function decodeWav(file: Uint8Array): Wav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE')
    throw bad('a RIFF/WAVE header');
  let sampleRate = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const tag = tagAt(view, at);
    const start = at + 8;
    const length = Math.min(view.getUint32(at + 4, true), file.length - start);
    if (tag === 'fmt ') sampleRate = readFormat(view, start, length);
    if (tag === 'data') {
      if (sampleRate === 0) throw bad('a format chunk before the samples');
      return { samples: readSamples(view, start, length >> 1), sampleRate };
    }
    at = start + length + (length & 1); // Chunks begin at even places.
  }
  throw bad('a data chunk');
}

function readFormat(view: DataView, start: number, length: number): number {
  if (length < 16) throw bad('a format chunk of 16 bytes or more');
  const [format, channels, bits] = [
    view.getUint16(start, true),
    view.getUint16(start + 2, true),
    view.getUint16(start + 14, true),
  ];
  if (format !== FORMAT_PCM || channels !== 1 || bits !== 16) {
    throw bad('16-bit mono samples', `format ${format} with ${channels} channels of ${bits} bits`);
  }
  return view.getUint32(start + 4, true);
}

function readSamples(view: DataView, start: number, count: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(count);
  for (let index = 0; index < count; index++) samples[index] = view.getInt16(start + index * 2, true);
  return samples;
}

function writeTag(view: DataView, at: number, tag: string): void {
  for (let index = 0; index < 4; index++) view.setUint8(at + index, tag.charCodeAt(index));
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function bad(expected: string, got = 'something else'): InputError {
  return new InputError('WAV file', expected, got);
}
