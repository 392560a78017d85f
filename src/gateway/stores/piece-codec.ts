import { SpeechError } from '../../speech/errors.ts';
import type { LinePiece, LinePieceHead } from './store.ts';

/** A piece as it lies in Redis, or why the line failed: one byte of kind, then JSON or samples. */
const KINDS = { head: 1, audio: 2, cues: 3, words: 4, shapes: 5, end: 6, failed: 7 } as const;

export function encodePiece(piece: LinePiece): Buffer {
  if (piece.type === 'end') return Buffer.of(KINDS.end);
  if (piece.type === 'cues') return json(KINDS.cues, piece.cues);
  if (piece.type === 'words') return json(KINDS.words, piece.words);
  if (piece.type === 'audio') {
    const head = Buffer.alloc(5);
    head[0] = KINDS.audio;
    head.writeUInt32LE(piece.sampleRate, 1);
    return Buffer.concat([head, bytesOf(piece.samples)]);
  }
  if (piece.type === 'shapes') {
    const head = Buffer.alloc(17);
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

/** Throws the {@link SpeechError} of a line that failed, and any error for what is none of ours. */
export function decodePiece(bytes: Uint8Array): LinePiece {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = () => JSON.parse(buffer.toString('utf8', 1));
  switch (buffer[0]) {
    case KINDS.head:
      return { type: 'head', ...(content() as Omit<LinePieceHead, 'type'>) };
    case KINDS.audio:
      return {
        type: 'audio',
        sampleRate: buffer.readUInt32LE(1),
        samples: new Int16Array(copyOf(buffer.subarray(5))),
      };
    case KINDS.cues:
      return { type: 'cues', cues: content() };
    case KINDS.words:
      return { type: 'words', words: content() };
    case KINDS.shapes:
      return {
        type: 'shapes',
        fps: buffer.readDoubleLE(1),
        from: buffer.readDoubleLE(9),
        frames: new Float32Array(copyOf(buffer.subarray(17))),
      };
    case KINDS.end:
      return { type: 'end' };
    case KINDS.failed: {
      const { code, message, ...more } = content();
      throw SpeechError.told(code, message, more);
    }
    default:
      throw new TypeError(`A piece of kind ${buffer[0]} in the store, which this version does not know.`);
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
