import { normalize } from './geometry.ts';
import type { Part } from './parts.ts';
import { keepUsed } from './simplify.ts';

/** Places along a row of teeth, and over its height. */
const COLUMNS = 13;
const HEIGHTS = 3;
/** Half of the arch that is kept, radians from its front. */
const HALF = 1.15;

/**
 * Two plain bands in the place of the teeth, on vertices of theirs: what is left of single crowns when most of their
 * vertices go has holes.
 */
export function toothRows(teeth: Part, jaw: string): Part {
  const moves = teeth.targets.get(jaw)!.positions;
  const rows: number[][] = [[], []];
  let front = -Infinity;
  for (let v = 0; v < teeth.source.length; v++) front = Math.max(front, teeth.positions[v * 3 + 2]!);
  const middle = front - 0.022; // metres: about the arch's centre
  const angle = (v: number): number =>
    Math.atan2(teeth.positions[v * 3]!, teeth.positions[v * 3 + 2]! - middle);
  const triangles: number[] = [];
  const colors = teeth.colors!.slice();
  for (let v = 0; v < teeth.source.length; v++) {
    const lower = Math.hypot(moves[v * 3]!, moves[v * 3 + 1]!, moves[v * 3 + 2]!) > 1e-4;
    const [r, g] = [teeth.colors![v * 3]!, teeth.colors![v * 3 + 1]!];
    const out = normalize([Math.sin(angle(v)), 0, Math.cos(angle(v))]);
    const facing = out[0] * teeth.normals[v * 3]! + out[2] * teeth.normals[v * 3 + 2]!;
    // Ivory, not gum; the outer side.
    if (g > 0.55 * r && facing > 0.2) rows[lower ? 1 : 0]!.push(v);
  }
  for (const row of rows) {
    const grid: number[][] = [];
    for (let column = 0; column < COLUMNS; column++) {
      const at = (column / (COLUMNS - 1) - 0.5) * 2 * HALF;
      const near = row.filter((v) => Math.abs(angle(v) - at) < HALF / COLUMNS + 0.06);
      if (near.length < HEIGHTS) continue;
      const ys = near.map((v) => teeth.positions[v * 3 + 1]!);
      const [low, high] = [Math.min(...ys), Math.max(...ys)];
      const brightest = near.reduce((a, b) => (teeth.colors![b * 3]! > teeth.colors![a * 3]! ? b : a));
      grid.push(
        Array.from({ length: HEIGHTS }, (_, h) => {
          const y = low + (h / (HEIGHTS - 1)) * (high - low);
          const cost = (v: number): number =>
            Math.abs(teeth.positions[v * 3 + 1]! - y) * 400 + Math.abs(angle(v) - at) * 3;
          const best = near.reduce((a, b) => (cost(b) < cost(a) ? b : a));
          for (let c = 0; c < 3; c++)
            colors[best * 3 + c] =
              0.3 * teeth.colors![best * 3 + c]! + 0.7 * teeth.colors![brightest * 3 + c]!;
          return best;
        }),
      );
    }
    for (let i = 1; i < grid.length; i++)
      for (let h = 1; h < HEIGHTS; h++) {
        const [a, b, c, d] = [grid[i - 1]![h - 1]!, grid[i]![h - 1]!, grid[i]![h]!, grid[i - 1]![h]!];
        if (a !== b && b !== c && a !== c) triangles.push(a, b, c);
        if (a !== c && c !== d && a !== d) triangles.push(a, c, d);
      }
  }
  return keepUsed({ ...teeth, colors }, Uint32Array.from(triangles));
}
