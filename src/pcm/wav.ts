import { InputError } from '../speech/errors.ts';
import { type PcmEncoding, PcmReader } from './encoding.ts';

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
  const { sampleRate, start, length } = soundOf(file, name, (format) => {
    if (format.format === FORMAT_PCM && format.channels === 1 && format.bits === 16) return;
    throw new InputError(name, '16-bit mono PCM (format 1)', formatOf(format));
  });
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return { samples: readSamples(view, start, length >> 1), sampleRate };
}

/** The same for every encoding of {@link PcmEncoding} and any number of channels, which are mixed to one. */
export function decodeAnyWav(file: Uint8Array, name = 'WAV file'): Wav {
  const head = soundOf(file, name);
  const { channels, sampleRate, start, length } = head;
  const reader = new PcmReader(wavEncodingOf(head, name), channels);
  return { samples: reader.push(file.subarray(start, start + length)), sampleRate };
}

/** How the samples of a WAV file are written. */
export interface WavFormat {
  /** `fmt ` tag. */
  readonly format: number;
  readonly channels: number;
  readonly bits: number;
  /** Samples a second of each channel. */
  readonly sampleRate: number;
}

/** What the header of a WAV file says. */
export interface WavHead extends WavFormat {
  /** Where the samples begin, bytes from the start of the file. */
  readonly start: number;
  /** Bytes of samples; 2 GiB or 4 where that was left open. */
  readonly length: number;
}

/** The encoding that a header names. Throws {@link InputError} for one that is not read here. */
export function wavEncodingOf(format: WavFormat, name: string): PcmEncoding {
  const encoding = ENCODINGS[`${format.format}/${format.bits}`];
  if (encoding) return encoding;
  throw new InputError(name, 'PCM of 8 to 32 bits, floats, or G.711', formatOf(format));
}

const ENCODINGS: Readonly<Record<string, PcmEncoding>> = {
  '1/8': 'u8',
  '1/16': 's16le',
  '1/24': 's24le',
  '1/32': 's32le',
  '3/32': 'f32le',
  '3/64': 'f64le',
  '6/8': 'alaw',
  '7/8': 'mulaw',
};

/** Whether what begins so may become a WAV file. */
export function maybeWav(bytes: Uint8Array): boolean {
  return [...'RIFF'].every((letter, at) => at >= bytes.length || bytes[at] === letter.charCodeAt(0));
}

/**
 * Reads the header of a WAV file whose beginning is there; undefined until all of the header has come. Throws
 * {@link InputError}, which calls the file `name`, for what is none, and what `check` throws for its format.
 */
export function readWavHead(
  bytes: Uint8Array,
  name: string,
  check: (format: WavFormat) => void = () => {},
): WavHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 && maybeWav(bytes)) return undefined;
  if (tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw new InputError(name, 'a RIFF/WAVE header', 'something else');
  }
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const tag = tagAt(view, at);
    const start = at + 8;
    const length = view.getUint32(at + 4, true);
    if (tag === 'data') {
      if (!format) throw new InputError(name, 'a format chunk before the samples', 'none');
      return { ...format, start, length };
    }
    if (tag === 'fmt ') {
      if (length >= 16 && start + 16 > bytes.length) return undefined;
      format = readFormat(view, start, Math.min(length, bytes.length - start), name);
      check(format);
    }
    at = start + length + (length & 1); // Chunks begin at even places.
  }
  return undefined;
}

/** The header of a whole file, with the bytes of samples that are there. */
function soundOf(file: Uint8Array, name: string, check?: (format: WavFormat) => void): WavHead {
  if (file.length < 12) throw new InputError(name, 'a RIFF/WAVE header', 'something else');
  const head = readWavHead(file, name, check);
  if (!head) throw new InputError(name, 'a data chunk', 'none: the file is cut off or holds no sound');
  const { length, start } = head;
  const there = file.length - start;
  const open = length >= UNKNOWN_LENGTH && length > there;
  if (!open && length > there) {
    throw new InputError(name, `${length} bytes of samples`, `${there}: the file is cut off`);
  }
  const bytes = head.bits >> 3;
  if (!open && length % bytes > 0) {
    throw new InputError(name, `samples of ${bytes} bytes`, `${length} bytes of them`);
  }
  return { ...head, length: open ? there : length };
}

function readFormat(view: DataView, start: number, length: number, name: string): WavFormat {
  if (length < 16) throw new InputError(name, 'a format chunk of 16 bytes or more', `${length}`);
  const tag = view.getUint16(start, true);
  const format = tag === FORMAT_EXTENSIBLE ? subFormat(view, start, length) : tag;
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (sampleRate === 0) throw new InputError(name, 'a sample rate above 0', '0');
  if (channels === 0 || bits < 8)
    throw new InputError(name, 'samples of 8 bits or more', formatOf({ format, channels, bits, sampleRate }));
  return { format, channels, bits, sampleRate };
}

function formatOf({ format, channels, bits }: WavFormat): string {
  return `format ${format} with ${channels} channel(s) of ${bits} bits`;
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
