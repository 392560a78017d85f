import { CODES, REFUSALS, TIMINGS } from '../../protocol/gateway-messages.ts';
import { optional, present } from '../../protocol/json-field.ts';
import { cueRow, readCueRow, readWordRow, wordRow } from '../../protocol/rows.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import { SHAPE_COUNT } from '../../speech/face-shapes.ts';
import { Field } from '../../speech/field.ts';
import type { LinePiece } from './store.ts';

/** Bytes before samples and frames. */
const AUDIO_HEAD = 5;
const SHAPES_HEAD = 17;

/** Rates that sound can have, Hz. */
const LOWEST_RATE = 1_000;
const HIGHEST_RATE = 192_000;

/** A piece as it lies in Redis, or why the line failed: one byte of kind, then JSON or samples. */
const KINDS = { head: 1, audio: 2, cues: 3, words: 4, shapes: 5, end: 6, failed: 7 } as const;

export function encodePiece(piece: LinePiece): Buffer {
  if (piece.type === 'end') return Buffer.of(KINDS.end);
  if (piece.type === 'cues') return json(KINDS.cues, piece.cues.map(cueRow));
  if (piece.type === 'words') return json(KINDS.words, piece.words.map(wordRow));
  if (piece.type === 'audio') {
    const head = Buffer.alloc(AUDIO_HEAD);
    head[0] = KINDS.audio;
    head.writeUInt32LE(piece.sampleRate, 1);
    return Buffer.concat([head, bytesOf(piece.samples)]);
  }
  if (piece.type === 'shapes') {
    const head = Buffer.alloc(SHAPES_HEAD);
    head[0] = KINDS.shapes;
    head.writeDoubleLE(piece.fps, 1);
    head.writeDoubleLE(piece.from, 9);
    return Buffer.concat([head, bytesOf(piece.frames)]);
  }
  const { voice, lang, timing } = piece;
  return json(KINDS.head, { voice, lang, timing });
}

export function encodeFailure({ code, message, reason, refusal, retryAfterSeconds }: SpeechError): Buffer {
  return json(KINDS.failed, { code, message, reason, refusal, retryAfterSeconds });
}

/** Throws the {@link SpeechError} of a line that failed, and {@link InputError} for what is no piece of this version. */
export function decodePiece(bytes: Uint8Array): LinePiece {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (buffer[0]) {
    case KINDS.head: {
      const head = contentOf(buffer);
      const timing = head.get('timing');
      return {
        type: 'head',
        voice: head.get('voice').text(),
        lang: head.get('lang').text(),
        timing: {
          origin: timing.get('origin').oneOf(TIMINGS),
          confidence: timing.get('confidence').number(0, 1),
        },
      };
    }
    case KINDS.audio:
      return audioOf(buffer);
    case KINDS.cues:
      return { type: 'cues', cues: contentOf(buffer).items().map(readCueRow) };
    case KINDS.words:
      return { type: 'words', words: contentOf(buffer).items().map(readWordRow) };
    case KINDS.shapes:
      return shapesOf(buffer);
    case KINDS.end:
      return { type: 'end' };
    case KINDS.failed:
      throw failureOf(contentOf(buffer));
    default:
      throw new InputError('Piece, kind', 'one of this version', String(buffer[0] ?? 'nothing'));
  }
}

function audioOf(buffer: Buffer): LinePiece {
  checkLength(buffer, AUDIO_HEAD, Int16Array.BYTES_PER_ELEMENT);
  const sampleRate = new Field(buffer.readUInt32LE(1), 'Piece, rate').whole(LOWEST_RATE, HIGHEST_RATE);
  return { type: 'audio', sampleRate, samples: new Int16Array(copyOf(buffer.subarray(AUDIO_HEAD))) };
}

function shapesOf(buffer: Buffer): LinePiece {
  checkLength(buffer, SHAPES_HEAD, SHAPE_COUNT * Float32Array.BYTES_PER_ELEMENT);
  return {
    type: 'shapes',
    fps: new Field(buffer.readDoubleLE(1), 'Piece, fps').number(Number.MIN_VALUE),
    from: new Field(buffer.readDoubleLE(9), 'Piece, from').whole(0),
    frames: new Float32Array(copyOf(buffer.subarray(SHAPES_HEAD))),
  };
}

function failureOf(content: Field): SpeechError {
  const more = {
    reason: optional(content.get('reason'), (field) => field.text()),
    refusal: optional(content.get('refusal'), (field) => field.oneOf(REFUSALS)),
    retryAfterSeconds: optional(content.get('retryAfterSeconds'), (field) => field.number(0)),
  };
  return SpeechError.told(content.get('code').oneOf(CODES), content.get('message').text(), present(more));
}

function checkLength(buffer: Buffer, head: number, unit: number): void {
  if (buffer.length < head || (buffer.length - head) % unit !== 0) {
    throw new InputError('Piece', `${head} bytes and whole numbers of ${unit}`, `${buffer.length} bytes`);
  }
}

function contentOf(buffer: Buffer): Field {
  const text = buffer.toString('utf8', 1);
  try {
    return new Field(JSON.parse(text), 'Piece');
  } catch {
    throw new InputError('Piece', 'JSON', 'something else');
  }
}

function json(kind: number, content: unknown): Buffer {
  return Buffer.concat([Buffer.of(kind), Buffer.from(JSON.stringify(content))]);
}

/** Numbers as they lie in memory: all machines that run Node's releases for servers but s390x are little-endian. */
function bytesOf({ buffer, byteOffset, byteLength }: Int16Array | Float32Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** In memory of its own, and aligned. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}
