/**
 * Stands where Babylon's `babylon.ktx2Decoder.js` does, which Babylon's worker loads as a classic script: no registry that
 * these tests can count on has it. Knows the one kind of texture that ktx2.ts writes.
 */
class KTX2Decoder {
  /** @param {Uint8Array} bytes */
  async decode(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [width, height] = [view.getUint32(20, true), view.getUint32(24, true)];
    const at = view.getUint32(80, true);
    if ((view.getUint8(at) & 0x1f) !== 0x17) throw new Error('expected UASTC blocks of one colour');
    const block = view.getBigUint64(at, true) >> 5n;
    const color = [0n, 8n, 16n, 24n].map((shift) => Number((block >> shift) & 0xffn));
    const data = Uint8Array.from({ length: width * height * 4 }, (_, index) => color[index % 4] ?? 0);
    const RGBA8 = 0x8058;
    return {
      width,
      height,
      transcodedFormat: RGBA8,
      isInGammaSpace: true,
      mipmaps: [{ data, width, height }],
    };
  }
}

/** What Babylon tells the addresses of its transcoders to. */
const transcoders = ['ASTC', 'BC7', 'RGBA_UNORM', 'RGBA_SRGB', 'R8_UNORM', 'RG8_UNORM'].map((format) => [
  `LiteTranscoder_UASTC_${format}`,
  {},
]);

const decoder = {
  KTX2Decoder,
  Transcoder: {},
  MSCTranscoder: {},
  ZSTDDecoder: {},
  ...Object.fromEntries(transcoders),
};
Reflect.set(globalThis, 'KTX2DECODER', decoder);
