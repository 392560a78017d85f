/** Makes KTX2 textures of one colour each, written by hand after the specifications of KTX 2.0 and UASTC. */
import type { Glb } from './glb.ts';

type Color = readonly [red: number, green: number, blue: number];

/** Pixels on each side; UASTC has blocks of 4 × 4 in 16 bytes. */
const SIDE = 32;
const [BLOCK, BLOCK_BYTES] = [4, 16];
const IDENTIFIER = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];
/** Header, index of one level, descriptor of the format; then the level, at a multiple of 16. */
const [LEVELS_AT, FORMAT_AT, FORMAT_BYTES, DATA_AT] = [80, 104, 44, 160];

/** Every texture of a file becomes one of this colour. */
export function withBasisTextures(glb: Glb, color: Color): Glb {
  const { json } = glb;
  json.images = [{ bufferView: glb.addView(ktx2Of(color)), mimeType: 'image/ktx2' }];
  json.textures = (json.textures ?? []).map(() => ({ extensions: { KHR_texture_basisu: { source: 0 } } }));
  json.extensionsUsed = ['KHR_texture_basisu'];
  json.extensionsRequired = json.extensionsUsed;
  return glb;
}

function ktx2Of(color: Color): Uint8Array {
  const blocks = (SIDE / BLOCK) ** 2;
  const block = solidBlock(color);
  const data = Uint8Array.from({ length: blocks * BLOCK_BYTES }, (_, at) => block[at % BLOCK_BYTES]!);
  const out = new Uint8Array(DATA_AT + data.length);
  const view = new DataView(out.buffer);
  const words = (at: number, ...values: number[]): void => {
    values.forEach((value, word) => {
      view.setUint32(at + word * 4, value, true);
    });
  };
  out.set(IDENTIFIER);
  // No Vulkan format, bytes, width, height, no depth, no layers, one face, one level, packed no further.
  words(12, 0, 1, SIDE, SIDE, 0, 0, 1, 1, 0);
  words(48, FORMAT_AT, FORMAT_BYTES);
  words(LEVELS_AT, DATA_AT, 0, data.length, 0, data.length, 0);
  // Basic descriptor, version 2, 40 bytes: UASTC, BT.709, sRGB; blocks of 4 × 4; bytes of a block; one sample of RGB.
  words(FORMAT_AT, FORMAT_BYTES, 0, 2 | (40 << 16));
  out.set([166, 1, 2, 0, BLOCK - 1, BLOCK - 1, 0, 0, BLOCK_BYTES], FORMAT_AT + 12);
  words(FORMAT_AT + 28, 127 << 16, 0, 0, 0xffffffff);
  out.set(data, DATA_AT);
  return out;
}

/** UASTC's mode 8: the mode in 5 bits, then red, green, blue and alpha in 8 each; hints for ETC1 are left at 0. */
function solidBlock([red, green, blue]: Color): Uint8Array {
  let bits = 0x17n;
  [red, green, blue, 255].forEach((value, channel) => {
    bits |= BigInt(value) << BigInt(5 + 8 * channel);
  });
  return Uint8Array.from({ length: BLOCK_BYTES }, (_, at) => Number((bits >> BigInt(8 * at)) & 0xffn));
}
