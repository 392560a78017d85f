import { OpusDecoder } from 'opus-decoder';
import { PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import type { OpenDecoder, PacketDecoder } from './packet-decoder.ts';

/** The least that is WebAssembly: its magic number and version (core specification 1.0, section 5.5.15). */
const LEAST = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Decoders that need nothing of the browser but WebAssembly. Rejects where there is none, or the page's policy has none. */
export async function loadWasmDecoder(): Promise<OpenDecoder> {
  await WebAssembly.compile(LEAST); // Where it may not, the package would never be ready, and never say so.
  const probe = new OpusDecoder({ channels: 1 });
  await probe.ready;
  probe.free();
  return () => new WasmDecoder();
}

class WasmDecoder implements PacketDecoder {
  readonly #decoder = new OpusDecoder({ channels: 1 });
  #closed = false;

  async decode(packets: readonly Uint8Array[]): Promise<Float32Array> {
    await this.#decoder.ready;
    if (this.#closed) throw new Error('The decoder was closed.');
    const { channelData, samplesDecoded, errors } = this.#decoder.decodeFrames([...packets]);
    if (errors.length > 0 || samplesDecoded !== packets.length * PACKET_SAMPLES) {
      throw new Error(errors[0]?.message ?? 'Packets of 20 ms were expected.');
    }
    return channelData[0]!;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#decoder.ready.then(() => this.#decoder.free()); // Was ready once, in the probe.
  }
}
