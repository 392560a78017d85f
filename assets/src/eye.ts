import type { EyeRecipe } from './characters.ts';
import { bell, between, clamp, smoothstep } from './geometry.ts';
import { blank, type Image } from './image.ts';
import { fractal, valueNoise } from './noise.ts';

/**
 * One texture for both eyes, in a frontal projection: uv = 0.5 + `SPREAD` * the unit direction from the eye's centre
 * (x towards the character's left, y up).
 */
export const SPREAD = 0.48;

/** Radius of the iris as a share of the eyeball's: 5.9 mm of 12.2 mm (adult human eye). */
const IRIS = 0.48;
/** Pupil radius as a share of the iris, indoor light. */
const PUPIL = 0.36;

export function paintEye(recipe: EyeRecipe, size: number): Image {
  const out = blank(size, size, 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const dx = ((x + 0.5) / size - 0.5) / SPREAD;
      const dy = (0.5 - (y + 0.5) / size) / SPREAD;
      const r = Math.hypot(dx, dy);
      const angle = Math.atan2(dy, dx);
      // Sclera: warm white, veins and shade towards the rim, and the shadow of the upper lid.
      const vein = Math.abs(fractal(dx * 5 + 9, dy * 5, 3, 3));
      const blood = (1 - smoothstep(vein / 0.09)) * between(0.62, 1, r) * 0.3;
      const shade = 1 - 0.28 * between(0.55, 1, r);
      const sclera = [0.8, 0.765, 0.735].map((c, k) => c * shade * (1 - blood * [0.05, 0.5, 0.5][k]!));
      // Iris: radial fibres, a darker rim, a lighter collarette around the pupil.
      const q = r / IRIS;
      const wobble = 0.02 * valueNoise(Math.cos(angle) * 3, Math.sin(angle) * 3, 7);
      const [ca, sa] = [Math.cos(angle), Math.sin(angle)];
      const fibre =
        fractal(ca * 16 + q * 1.2, sa * 16, q * 2.2, 3) + 0.6 * valueNoise(ca * 42, sa * 42, q * 1.5);
      const collar = bell(q - 0.5 - 2 * wobble, 0.16);
      const rim = between(0.78, 1.0, q + wobble);
      const iris = [0, 1, 2].map((k) => {
        let c = recipe.iris[k]! * (1 + 0.34 * fibre);
        c += (recipe.inner[k]! * (1 + 0.4 * fibre) - c) * collar * 0.75;
        // Caustic: the cornea gathers light at the side away from it.
        c *= 1 + 0.45 * smoothstep(-dy / IRIS) * between(0.4, 0.8, q);
        return c + (recipe.rim[k]! - c) * rim * 0.9;
      });
      const pupil = smoothstep((PUPIL + wobble - q) / 0.05 + 0.5);
      const edge = smoothstep((1 - q) / 0.1 + 0.5);
      const lidShadow = 1 - 0.55 * smoothstep((dy - 0.12) / 0.5) - 0.12 * smoothstep((-dy - 0.3) / 0.4);
      const corner = 1 - 0.3 * smoothstep((Math.abs(dx) - 0.5) / 0.4);
      for (let k = 0; k < 3; k++) {
        let c = sclera[k]! + (iris[k]! - sclera[k]!) * edge;
        c *= 1 - 0.97 * pupil;
        c *= lidShadow * corner;
        out.data[(y * size + x) * 3 + k] = clamp(c, 0, 1);
      }
    }
  return out;
}
