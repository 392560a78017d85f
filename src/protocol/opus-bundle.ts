import { InputError } from '../speech/errors.ts';

/** The rate of Opus: its decoders give it whatever went in, Hz. */
export const OPUS_RATE = 48_000;

/** Samples of a packet at that rate: 20 ms. */
export const PACKET_SAMPLES = 960;

/** What a decoder that begins in the middle needs before it is right, samples: 80 ms (RFC 7845, section 4.6). */
export const PRE_ROLL = 3_840;

/** Largest packet of one frame, bytes (RFC 6716, section 3.4). */
const MAX_PACKET = 1_275;

/** Bytes before each packet: its length, little-endian. */
const LENGTH_BYTES = 2;

/** Packets as they stand in a sound frame. */
export function writeBundle(packets: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = packets.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const packet of packets) {
    view.setUint16(at, packet.length, true);
    bytes.set(packet, at + LENGTH_BYTES);
    at += LENGTH_BYTES + packet.length;
  }
  return bytes;
}

/** The packets of a sound frame: views of it. Throws {@link InputError} for lengths that do not fit. */
export function readBundle(payload: Uint8Array): Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const packets: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    const left = payload.length - at - LENGTH_BYTES;
    const length = left > 0 ? view.getUint16(at, true) : 0;
    if (length === 0 || length > Math.min(left, MAX_PACKET)) {
      throw new InputError('Sound', `packets of 1 to ${MAX_PACKET} bytes, each after its length`, 'others');
    }
    packets.push(payload.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
    at += LENGTH_BYTES + length;
  }
  return packets;
}

/** Position after so many samples of a line at its own rate: what is before them is the decoder's own. */
export function opusPosition(samples: number, sampleRate: number, preSkip: number): number {
  return preSkip + Math.round((samples * OPUS_RATE) / sampleRate);
}

/**
 * Position of the packet with which sound begins that is to be right from that sample of the line on: 80 ms before it, and
 * 20 ms more, in which a converter to the line's own rate finds its place.
 */
export function firstPacketFor(samples: number, sampleRate: number, preSkip: number): number {
  if (samples === 0) return 0;
  const early = opusPosition(samples, sampleRate, preSkip) - PRE_ROLL - PACKET_SAMPLES;
  return Math.max(0, Math.floor(early / PACKET_SAMPLES) * PACKET_SAMPLES);
}
