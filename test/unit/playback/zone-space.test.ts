import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Scene } from '@babylonjs/core/scene.js';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { outsideOf } from '../../../src/playback/reverb/zone-space.ts';

const coordinate = fc.double({ min: -9, max: 9, noNaN: true });
const point = fc.tuple(coordinate, coordinate, coordinate).map(([x, y, z]) => new Vector3(x, y, z));

it('a zone knows how far outside of it a point is', () => {
  const engine = new NullEngine();
  onTestFinished(() => engine.dispose());
  const min = new Vector3(-2, -1, -3);
  const max = new Vector3(2, 1, 3);
  const mesh = CreateBox('cellar', { width: 4, height: 2, depth: 6 }, new Scene(engine));
  mesh.isVisible = false;
  const ball = outsideOf({ centre: Vector3.Zero(), radius: 2 }, 'a ball');
  const box = outsideOf({ min, max }, 'a box');
  const cellar = outsideOf(mesh, 'a mesh');
  fc.assert(
    fc.property(point, (at) => {
      expect(ball(at)).toBeCloseTo(Math.max(0, at.length() - 2), 9);
      expect(cellar(at)).toBeCloseTo(box(at), 5);
      // Of all points of the box, none is nearer than that; a step towards the nearest is as far.
      const nearest = at.clone().maximizeInPlace(min).minimizeInPlace(max);
      expect(box(at)).toBeCloseTo(Vector3.Distance(at, nearest), 9);
    }),
    { seed: 3, numRuns: 200 },
  );
  mesh.position.x = 10;
  mesh.rotation.y = Math.PI / 2;
  mesh.scaling.z = 2;
  mesh.computeWorldMatrix(true);
  expect(cellar(new Vector3(15.9, 0, 1.9))).toBe(0); // 6 to each side along x, 2 along z.
  expect(cellar(new Vector3(18, 0, 0))).toBeCloseTo(2, 5);
  expect(cellar(new Vector3(10, 0, 5))).toBeCloseTo(3, 5);
});
