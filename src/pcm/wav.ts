import { InputError } from '../speech/errors.ts';

/** Length of the header that {@link encodeWav} writes: RIFF, one `fmt ` chunk, the head of one `data` chunk. */
const HEADER_BYTES = 44;

/** `fmt ` tag of plain integer samples. */
const FORMAT_PCM = 1;

/** `fmt ` tag of a format that is named further on, by a GUID whose first two bytes are a tag like these. */
const FORMAT_EXTENSIBLE = 0xfffe;

/** What follows the tag in such a GUID (Microsoft's KSDATAFORMAT_SUBTYPE family). */
const GUID_TAIL = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

/** Lengths from here on stand for "to the end of the file": writers that cannot go back put 0x7ffff000 or 0xffffffff. */
const UNKNOWN_LENGTH = 0x7ffff000;

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

/**
 * Reads a 16-bit mono WAV file, with a plain or an extensible header, skipping chunks it does not need. A length of
 * samples that was left open by whoever wrote it reaches to the end of the file.
 * Throws {@link InputError}, which calls the file `name`, for anything else, and for a file that is cut off.
 */
export function decodeWav(file: Uint8Array, name = 'WAV file'): Wav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw new InputError(name, 'a RIFF/WAVE header', 'something else');
  }
  let sampleRate = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const tag = tagAt(view, at);
    const start = at + 8;
    const length = view.getUint32(at + 4, true);
    const there = file.length - start;
    if (tag === 'fmt ') sampleRate = readFormat(view, start, Math.min(length, there), name);
    if (tag === 'data') {
      if (sampleRate === 0) throw new InputError(name, 'a format chunk before the samples', 'none');
      const open = length >= UNKNOWN_LENGTH && length > there;
      if (!open && length > there) {
        throw new InputError(name, `${length} bytes of samples`, `${there}: the file is cut off`);
      }
      if (!open && length % 2 > 0)
        throw new InputError(name, 'samples of 2 bytes', `${length} bytes of them`);
      return { samples: readSamples(view, start, (open ? there : length) >> 1), sampleRate };
    }
    at = start + length + (length & 1); // Chunks begin at even places.
  }
  throw new InputError(name, 'a data chunk', 'none: the file is cut off or holds no sound');
}

function readFormat(view: DataView, start: number, length: number, name: string): number {
  if (length < 16) throw new InputError(name, 'a format chunk of 16 bytes or more', `${length}`);
  const tag = view.getUint16(start, true);
  const format = tag === FORMAT_EXTENSIBLE ? subFormat(view, start, length) : tag;
  const channels = view.getUint16(start + 2, true);
  const rate = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (format !== FORMAT_PCM || channels !== 1 || bits !== 16) {
    throw new InputError(
      name,
      '16-bit mono PCM (format 1)',
      `format ${format} with ${channels} channel(s) of ${bits} bits`,
    );
  }
  if (rate === 0) throw new InputError(name, 'a sample rate above 0', '0');
  return rate;
}

/** The tag that an extensible header names; its own where it names none of the known family. */
function subFormat(view: DataView, start: number, length: number): number {
  const known = length >= 40 && GUID_TAIL.every((byte, index) => view.getUint8(start + 26 + index) === byte);
  return known ? view.getUint16(start + 24, true) : FORMAT_EXTENSIBLE;
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
