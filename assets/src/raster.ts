import type { Part } from './parts.ts';

/** Which triangle covers each texel of a part's texture, and where in it. */
export interface Coverage {
  size: number;
  /** 1 where a triangle covers the texel. */
  filled: Uint8Array;
  /** Three vertex ids per texel. */
  corners: Uint32Array;
  /** Barycentric weights of the first two corners. */
  weights: Float32Array;
}

/** Rasterises a part's triangles in texture space; texels just outside an edge count as inside. */
export function rasterise(part: Part, size: number): Coverage {
  const filled = new Uint8Array(size * size);
  const corners = new Uint32Array(size * size * 3);
  const weights = new Float32Array(size * size * 2);
  const slack = -0.02;
  for (let t = 0; t < part.triangles.length; t += 3) {
    const [a, b, c] = [part.triangles[t]!, part.triangles[t + 1]!, part.triangles[t + 2]!];
    const [ax, ay, bx, by, cx, cy] = [a, b, c].flatMap((v) => [
      part.uvs[v * 2]! * size,
      part.uvs[v * 2 + 1]! * size,
    ]) as [number, number, number, number, number, number];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (Math.abs(area) < 1e-9) continue;
    const [x0, x1] = [
      Math.max(0, Math.floor(Math.min(ax, bx, cx) - 1)),
      Math.min(size - 1, Math.ceil(Math.max(ax, bx, cx))),
    ];
    const [y0, y1] = [
      Math.max(0, Math.floor(Math.min(ay, by, cy) - 1)),
      Math.min(size - 1, Math.ceil(Math.max(ay, by, cy))),
    ];
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const [px, py] = [x + 0.5, y + 0.5];
        const wb = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area;
        const wc = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area;
        const wa = 1 - wb - wc;
        if (wa < slack || wb < slack || wc < slack) continue;
        const i = y * size + x;
        filled[i] = 1;
        corners.set([a, b, c], i * 3);
        weights.set([wa, wb], i * 2);
      }
  }
  return { size, filled, corners, weights };
}

/** Interpolates a per-vertex array at a texel. */
export function interpolate(
  coverage: Coverage,
  texel: number,
  values: ArrayLike<number>,
  width: number,
  c: number,
): number {
  const wa = coverage.weights[texel * 2]!;
  const wb = coverage.weights[texel * 2 + 1]!;
  return (
    wa * values[coverage.corners[texel * 3]! * width + c]! +
    wb * values[coverage.corners[texel * 3 + 1]! * width + c]! +
    (1 - wa - wb) * values[coverage.corners[texel * 3 + 2]! * width + c]!
  );
}
