import type { Channel, Expression, FacePart } from '../pose/channels.ts';
import type { Pull } from './pull.ts';
import type { Found } from './resolve.ts';
import { ofMap, type Solution } from './solve.ts';

/**
 * The parts of which each whole face is made. A face that has them of its own is moved by them and its expression is
 * left alone; where they are none of its own, the expression is shown and they are left alone.
 */
const MADE_OF: Readonly<Record<Expression, readonly FacePart[]>> = {
  happy: ['mouthSmileLeft', 'mouthSmileRight'],
  angry: ['browDownLeft', 'browDownRight'],
  sad: ['mouthFrownLeft', 'mouthFrownRight'],
  relaxed: ['eyeSquintLeft', 'eyeSquintRight'],
  surprised: ['eyeWideLeft', 'eyeWideRight'],
};

/** Whole faces to be shown, of which the parts are taken out of `parts`. */
export function wholeFaces(
  found: ReadonlyMap<Channel, Found>,
  parts: Map<FacePart, Solution>,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Map<Expression, Solution> {
  const faces = new Map<Expression, Solution>();
  for (const [face, made] of Object.entries(MADE_OF) as [Expression, readonly FacePart[]][]) {
    const chosen = mapped.get(face);
    const shape = found.get(face);
    if (chosen) {
      faces.set(face, ofMap(chosen));
      if (chosen.length === 0) continue;
      for (const part of made) {
        if (!mapped.has(part) && parts.get(part)?.origin !== 'own') parts.delete(part);
      }
    } else if (shape && !made.some((part) => parts.get(part)?.origin === 'own')) {
      faces.set(face, { origin: 'own', way: 'own', pulls: shape.pulls });
      for (const part of made) parts.delete(part);
    }
  }
  return faces;
}
