import sharp, { type Sharp } from 'sharp';

/** An image as floats, 0..1, `channels` per pixel, top row first. */
export interface Image {
  width: number;
  height: number;
  channels: number;
  data: Float32Array;
}

export const blank = (width: number, height: number, channels: number): Image => ({
  width,
  height,
  channels,
  data: new Float32Array(width * height * channels),
});

/** Reads a file as RGBA, resized to a square of `size` if given. */
export async function readImage(path: string, size?: number): Promise<Image> {
  return readPixels(sharp(path), size);
}

/** Reads an encoded picture. */
export const readBytes = (bytes: Uint8Array): Promise<Image> => readPixels(sharp(bytes));

async function readPixels(source: Sharp, size?: number): Promise<Image> {
  let pipeline = source.ensureAlpha().toColourspace('srgb');
  if (size) pipeline = pipeline.resize(size, size, { kernel: 'lanczos3', fit: 'fill' });
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    channels: 4,
    data: Float32Array.from(data, (b) => b / 255),
  };
}

function bytes(image: Image): Buffer {
  return Buffer.from(Uint8ClampedArray.from(image.data, (x) => x * 255).buffer);
}

const raw = (image: Image): Sharp =>
  sharp(bytes(image), {
    raw: { width: image.width, height: image.height, channels: image.channels as 1 | 3 | 4 },
  });

/** An encoded picture, ready for a glTF file. */
export interface Picture {
  bytes: Uint8Array;
  type: 'jpeg' | 'png';
}

/** Encodes without alpha. Normal maps need `chroma` '4:4:4': their slopes are in the colour. */
export async function jpeg(
  image: Image,
  quality = 86,
  chroma: '4:2:0' | '4:4:4' = '4:2:0',
): Promise<Picture> {
  const pipeline = raw(image).removeAlpha().jpeg({ quality, mozjpeg: true, chromaSubsampling: chroma });
  return { bytes: new Uint8Array(await pipeline.toBuffer()), type: 'jpeg' };
}

/** Encodes with alpha, in 256 colours. */
export async function png(image: Image, quality = 80): Promise<Picture> {
  const pipeline = raw(image).png({ compressionLevel: 9, palette: true, quality, effort: 8 });
  return { bytes: new Uint8Array(await pipeline.toBuffer()), type: 'png' };
}

/** The same picture, of at most so many texels across. */
export async function shrink(picture: Picture, texels: number): Promise<Picture> {
  const small = sharp(picture.bytes).resize(texels, texels, { fit: 'fill', withoutEnlargement: true });
  const encoded =
    picture.type === 'png'
      ? small.png({ compressionLevel: 9, palette: true, quality: 70, effort: 8 })
      : small.jpeg({ quality: 82, mozjpeg: true });
  return { bytes: new Uint8Array(await encoded.toBuffer()), type: picture.type };
}

export async function resized(image: Image, width: number, height = width): Promise<Image> {
  const { data, info } = await raw(image)
    .resize(width, height, { kernel: 'lanczos3', fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, channels: info.channels, data: Float32Array.from(data, (b) => b / 255) };
}

export async function blurred(image: Image, sigma: number): Promise<Image> {
  const { data, info } = await raw(image).blur(sigma).raw().toBuffer({ resolveWithObject: true });
  return { ...image, channels: info.channels, data: Float32Array.from(data, (b) => b / 255) };
}

/** Cubic B-spline sample at uv (v up), wrapping. */
export function sampleSmooth(image: Image, u: number, v: number, out: number[]): void {
  const { width, height, channels, data } = image;
  const x = u * width - 0.5;
  const y = (1 - v) * height - 0.5;
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const weights = (t: number): number[] => [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
  const [wx, wy] = [weights(x - i), weights(y - j)];
  for (let c = 0; c < 3; c++) out[c] = 0;
  for (let b = 0; b < 4; b++)
    for (let a = 0; a < 4; a++) {
      const px = (((i + a - 1) % width) + width) % width;
      const py = (((j + b - 1) % height) + height) % height;
      const w = wx[a]! * wy[b]!;
      for (let c = 0; c < 3; c++) out[c] = out[c]! + w * data[(py * width + px) * channels + c]!;
    }
}

/** Fills texels whose `filled` flag is 0 from their neighbours, a few texels wide, so that mip maps do not bleed. */
export function dilate(image: Image, filled: Uint8Array, steps: number, only = image.channels): void {
  const { width, height, channels, data } = image;
  for (let s = 0; s < steps; s++) {
    const fresh: number[] = [];
    for (let p = 0; p < filled.length; p++) {
      if (filled[p]) continue;
      const x = p % width;
      const around = [x > 0 ? p - 1 : -1, x < width - 1 ? p + 1 : -1, p - width, p + width].filter(
        (q) => q >= 0 && q < width * height && filled[q] === 1,
      );
      if (!around.length) continue;
      for (let c = 0; c < only; c++)
        data[p * channels + c] = around.reduce((sum, q) => sum + data[q * channels + c]!, 0) / around.length;
      fresh.push(p);
    }
    for (const p of fresh) filled[p] = 1;
  }
}

/** A tangent-space normal map (glTF: +y up in the image) of a height field in texels. */
export function normalsOf(
  height: (x: number, y: number) => number,
  width: number,
  rows: number,
  strength: number,
): Image {
  const out = blank(width, rows, 3);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      const dx = (height((x + 1) % width, y) - height((x + width - 1) % width, y)) * strength;
      const dy = (height(x, (y + 1) % rows) - height(x, (y + rows - 1) % rows)) * strength;
      const l = Math.hypot(dx, dy, 1);
      out.data.set([0.5 - dx / l / 2, 0.5 + dy / l / 2, 0.5 + 0.5 / l], (y * width + x) * 3);
    }
  return out;
}
