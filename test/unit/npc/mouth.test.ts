import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mouthOf } from '../../../src/npc/npc-voice.ts';

const angle = fc.double({ min: -3, max: 3, noNaN: true });
const turn = fc
  .tuple(angle, angle, angle)
  .map(([yaw, pitch, roll]) => Quaternion.RotationYawPitchRoll(yaw, pitch, roll));

describe('where a face looks', () => {
  it.each([
    ['mirrored, as the glTF loader does in left-handed scenes', false],
    ['as it is, in right-handed ones', true],
  ])('is where the head turns, whichever way its joint lies; root %s', (_, rightHanded) => {
    const engine = new NullEngine();
    onTestFinished(() => engine.dispose());
    const scene = new Scene(engine);
    scene.useRightHandedSystem = rightHanded;
    const root = new TransformNode('__root__', scene);
    if (!rightHanded) {
      root.scaling.z = -1;
      root.rotationQuaternion = new Quaternion(0, 1, 0, 0);
    }
    const neck = new TransformNode('neck', scene);
    const head = new TransformNode('head', scene);
    neck.parent = root;
    head.parent = neck;
    const looks = (facing: Vector3): Vector3 =>
      Vector3.TransformNormal(facing, head.computeWorldMatrix(true)).normalize();
    fc.assert(
      fc.property(turn, turn, angle, (neckLies, headLies, yaw) => {
        neck.rotationQuaternion = neckLies;
        head.rotationQuaternion = headLies;
        for (const node of [root, neck, head]) node.computeWorldMatrix(true);
        const { facing } = mouthOf(root, head, undefined);
        expect(Vector3.Distance(looks(facing), new Vector3(0, 0, 1))).toBeLessThan(1e-5);
        head.rotate(Vector3.Up(), yaw, 1); // About the world's up.
        const turned = new Vector3(Math.sin(yaw), 0, Math.cos(yaw));
        const mirrored = new Vector3(-turned.x, 0, turned.z); // Which way round a positive angle goes is not the point.
        const off = Math.min(...[turned, mirrored].map((way) => Vector3.Distance(looks(facing), way)));
        expect(off).toBeLessThan(1e-4);
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
