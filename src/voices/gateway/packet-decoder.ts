import { OPUS_RATE, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import { CodecDecoder } from './codec-decoder.ts';

/** A decoder of one stream of Opus. */
export interface PacketDecoder {
  /** The 960 samples at 48 kHz of each packet, -1 to 1. Rejects for what is none, and once it is closed. */
  decode(packets: readonly Uint8Array[]): Promise<Float32Array>;
  /** May be called twice. */
  close(): void;
}

/** Makes decoders. */
export type OpenDecoder = () => PacketDecoder;

/** Silence of 20 ms (RFC 6716: CELT, whole band, one frame), five times. */
const SILENCE = Array.from({ length: 5 }, () => Uint8Array.of(0xf8, 0xff, 0xfe));

/**
 * How Opus is decoded here: by the browser's WebCodecs, else by a package that is loaded only now (70 kB). Undefined where
 * neither can be had.
 */
export async function findDecoder(): Promise<OpenDecoder | undefined> {
  if (await browserDecodes()) return () => new CodecDecoder();
  try {
    return await (await import('./wasm-decoder.ts')).loadWasmDecoder();
  } catch {
    return undefined; // Offline, or against the page's policy: sound comes as PCM.
  }
}

/** Asked by doing: a decoder that took the pre-skip away by itself, or held a packet back, would shift all lines. */
async function browserDecodes(): Promise<boolean> {
  if (!('AudioDecoder' in globalThis)) return false;
  let decoder: PacketDecoder | undefined;
  try {
    const { supported } = await AudioDecoder.isConfigSupported({
      codec: 'opus',
      sampleRate: OPUS_RATE,
      numberOfChannels: 1,
    });
    if (!supported) return false;
    decoder = new CodecDecoder();
    return (await decoder.decode(SILENCE)).length === SILENCE.length * PACKET_SAMPLES;
  } catch {
    return false;
  } finally {
    decoder?.close();
  }
}
