/**
 * A photo studio as an equirectangular Radiance (.hdr) picture, made in memory: a dim warm room, one large soft box
 * from the upper left of the camera, a weaker one from the right and a rim from behind. Radiance in arbitrary units,
 * mean near 0.5.
 */
export function studioHdr(width = 256): Blob {
  const height = width / 2;
  const header = new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`);
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const theta = ((y + 0.5) / height) * Math.PI;
      const phi = ((x + 0.5) / width) * 2 * Math.PI;
      pixels.set(rgbe(radiance(phi, theta)), (y * width + x) * 4);
    }
  return new Blob([header, pixels]);
}

type Color = [number, number, number];

/** Soft rectangle of light around a direction: angles in radians, falls off over `soft`. */
function box(
  phi: number,
  theta: number,
  at: readonly [number, number],
  size: readonly [number, number],
  soft: number,
): number {
  const turn = Math.atan2(Math.sin(phi - at[0]), Math.cos(phi - at[0]));
  const edge = Math.max(Math.abs(turn) - size[0], Math.abs(theta - at[1]) - size[1], 0);
  return Math.exp(-((edge / soft) ** 2));
}

/** Front of the character, where the camera is: azimuth of +z in Babylon's equirectangular mapping. */
const FRONT = Math.PI / 2;

function radiance(phi: number, theta: number): Color {
  const up = Math.cos(theta);
  const room: Color = up > 0 ? [0.34 + 0.3 * up, 0.36 + 0.3 * up, 0.4 + 0.32 * up] : [0.3, 0.27, 0.25];
  const key = 4.2 * box(phi, theta, [FRONT - 0.75, 1.0], [0.38, 0.3], 0.16);
  const fill = 1.6 * box(phi, theta, [FRONT + 0.95, 1.25], [0.35, 0.5], 0.3);
  const rim = 2.0 * box(phi, theta, [FRONT + 2.5, 1.1], [0.25, 0.5], 0.15);
  return [
    room[0] + key * 1.0 + fill * 0.9 + rim * 0.95,
    room[1] + key * 0.96 + fill * 0.96 + rim * 0.98,
    room[2] + key * 0.9 + fill * 1.05 + rim * 1.05,
  ];
}

/** Shared-exponent encoding of the Radiance format. */
function rgbe([r, g, b]: Color): number[] {
  const top = Math.max(r, g, b);
  if (top < 1e-32) return [0, 0, 0, 0];
  const exponent = Math.ceil(Math.log2(top) + 1e-9);
  const scale = 256 / 2 ** exponent;
  return [r, g, b].map((c) => Math.min(255, Math.floor(c * scale))).concat(exponent + 128);
}
