import { OpusDecoder } from 'opus-decoder';
import { PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import type { OpenDecoder, PacketDecoder } from './packet-decoder.ts';

/** Decoders that need nothing of the browser but WebAssembly. Rejects where there is none. */
export async function loadWasmDecoder(): Promise<OpenDecoder> {
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
