import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GROUND, matrixOf, type Rise, riseWithin } from '../../../src/face/gltf/rise.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const triple = fc.tuple(number, number, number);
const turn = fc.tuple(number, number, number, number).filter((parts) => Math.hypot(...parts) > 0.1);

it('a point rises as high as Babylon’s matrices raise it, however deep it lies', () => {
  const node = fc.record({ place: triple, turn, size: triple });
  fc.assert(
    fc.property(fc.array(node, { maxLength: 5 }), triple, (nodes, point) => {
      let rise: Rise = GROUND;
      let world = Matrix.Identity();
      for (const { place, turn, size } of nodes) {
        const rotation = Quaternion.FromArray(turn).normalize();
        const local = Matrix.Compose(Vector3.FromArray(size), rotation, Vector3.FromArray(place));
        world = local.multiply(world);
        rise = riseWithin(rise, matrixOf(place, rotation.asArray(), size));
      }
      const height = point.reduce((sum, value, axis) => sum + value * rise[axis]!, rise[3]);
      const raised = Vector3.TransformCoordinates(Vector3.FromArray(point), world).y;
      expect(height).toBeCloseTo(raised, 3 - Math.ceil(Math.log10(1 + Math.abs(raised))));
    }),
    { seed: 4, numRuns: 200 },
  );
});
