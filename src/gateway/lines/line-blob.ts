import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeTrack, encodeTrack } from '../../pcm/track-file.ts';
import { InputError } from '../../speech/errors.ts';
import type { Track } from '../../speech/track.ts';

const HASH_BYTES = 32;
const LENGTH_BYTES = 4;

/**
 * A track as caches keep it: SHA-256 of the line's key and all that follows, the length of `line.json` (4 bytes,
 * little-endian), the two files of a track. The key is in the hash, so that no line is ever taken for another.
 */
export function packLine(key: string, track: Track): Buffer {
  const { json, wav } = encodeTrack(track);
  const text = Buffer.from(json);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const rest = Buffer.concat([length, text, wav]);
  return Buffer.concat([hashOf(key, rest), rest]);
}

/** The track of a packed line. Throws {@link InputError} for one that was damaged, or belongs to another key. */
export function unpackLine(key: string, packed: Uint8Array): Track {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const rest = bytes.subarray(HASH_BYTES);
  if (
    rest.length < LENGTH_BYTES ||
    !timingSafeEqual(bytes.subarray(0, HASH_BYTES), hashOf(key, rest)) ||
    rest.length < LENGTH_BYTES + rest.readUInt32LE()
  ) {
    throw new InputError('Kept line', `one of ${key}`, 'another or a damaged one');
  }
  const split = LENGTH_BYTES + rest.readUInt32LE();
  // A copy where samples would not be aligned, or would hold on to the whole packet.
  return decodeTrack({ json: rest.toString('utf8', LENGTH_BYTES, split), wav: rest.subarray(split) });
}

function hashOf(key: string, rest: Uint8Array): Buffer {
  return createHash('sha256').update(key).update(rest).digest();
}
