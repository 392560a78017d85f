import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Listener } from '../../../src/playback/listener.ts';

type EngineListener = ConstructorParameters<typeof Listener>[1];

/** The part of Babylon's listener that is read: where the game has put it. */
function engineListener(position = Vector3.Zero(), rotationQuaternion = new Quaternion()): EngineListener {
  return { position, rotation: Vector3.Zero(), rotationQuaternion } as EngineListener;
}

function createScene(rightHanded: boolean): Scene {
  const engine = new NullEngine();
  onTestFinished(() => engine.dispose());
  const scene = new Scene(engine);
  scene.useRightHandedSystem = rightHanded;
  return scene;
}

const coordinate = fc.double({ min: -20, max: 20, noNaN: true });
const vector = fc.tuple(coordinate, coordinate, coordinate).map(([x, y, z]) => new Vector3(x, y, z));
const angle = fc.double({ min: -3, max: 3, noNaN: true });
const turn = fc
  .tuple(angle, angle, angle)
  .map(([yaw, pitch, roll]) => Quaternion.RotationYawPitchRoll(yaw, pitch, roll));

/** Metres to the right, up and ahead in the picture of a camera. */
function inThePicture(camera: FreeCamera, point: Vector3): Vector3 {
  const seen = Vector3.TransformCoordinates(point, camera.getViewMatrix(true));
  return new Vector3(seen.x, seen.y, camera.getScene().useRightHandedSystem ? -seen.z : seen.z);
}

describe.each([
  ['left', false],
  ['right', true],
] as const)('the ears, in a %s-handed scene', (_, rightHanded) => {
  it('hear everything where the camera shows it, however it is turned, rolled and carried', () => {
    const scene = createScene(rightHanded);
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    const carrier = new TransformNode('carrier', scene);
    camera.parent = carrier; // As a player's ship, or the rig that XR experiences move.
    const listener = new Listener(scene, engineListener());
    const place = Vector3.Zero();
    fc.assert(
      fc.property(vector, turn, vector, turn, vector, (at, looks, carriedTo, carriedRound, point) => {
        camera.position.copyFrom(at);
        camera.rotationQuaternion = looks;
        camera.updateUpVectorFromRotation = true;
        carrier.position.copyFrom(carriedTo);
        carrier.rotationQuaternion = carriedRound;
        scene.incrementRenderId();
        carrier.computeWorldMatrix(true);
        const seen = inThePicture(camera, point);
        listener.update(0);
        listener.toEars(point, place);
        listener.toAudio(place.clone(), place);
        // Web Audio's listener, which stands at the origin: right is +X, up +Y, ahead -Z.
        expect(Vector3.Distance(place, new Vector3(seen.x, seen.y, -seen.z))).toBeLessThan(1e-3);
        expect(Vector3.Distance(listener.position, camera.globalPosition)).toBeLessThan(1e-3);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("hear the same when the game has moved the engine's own listener", () => {
    const scene = createScene(rightHanded);
    const camera = new FreeCamera('camera', new Vector3(1, 2, 3), scene);
    camera.setTarget(new Vector3(-4, 3, 9));
    const still = new Listener(scene, engineListener());
    still.update(0);
    const [expected, place] = [Vector3.Zero(), Vector3.Zero()];
    fc.assert(
      fc.property(vector, turn, vector, (at, looks, point) => {
        const moved = new Listener(scene, engineListener(at, looks));
        moved.update(0);
        moved.toEars(point, place);
        moved.toAudio(place.clone(), place);
        still.toEars(point, expected);
        still.toAudio(expected.clone(), expected);
        // What Web Audio makes of it: the place as the moved listener has it.
        const back = Quaternion.Inverse(looks);
        const relative = place.subtract(at).rotateByQuaternionToRef(back, Vector3.Zero());
        expect(Vector3.Distance(relative, expected)).toBeLessThan(1e-3);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('are those of a node of the game, which looks where Babylon says that it does', () => {
    const scene = createScene(rightHanded);
    new FreeCamera('camera', new Vector3(50, 0, 0), scene);
    const parent = new TransformNode('parent', scene);
    const head = new TransformNode('head', scene);
    head.parent = parent;
    parent.position.set(1, 2, 3);
    parent.scaling.set(2, 2, 2);
    parent.rotation.y = 1;
    head.rotation.x = 0.4;
    parent.computeWorldMatrix(true);
    head.computeWorldMatrix(true);
    const listener = new Listener(scene, engineListener(), head);
    listener.update(0);
    const place = Vector3.Zero();
    const at = head.getAbsolutePosition();
    listener.toEars(at.add(head.forward.normalizeToNew().scale(5)), place);
    listener.toAudio(place.clone(), place);
    expect(Vector3.Distance(place, new Vector3(0, 0, -5))).toBeLessThan(1e-3);
    listener.toEars(at.add(head.up.normalizeToNew()), place);
    listener.toAudio(place.clone(), place);
    expect(Vector3.Distance(place, new Vector3(0, 1, 0))).toBeLessThan(1e-3);
  });

  it('keep left and right below a mirrored parent', () => {
    const scene = createScene(rightHanded);
    const root = new TransformNode('__root__', scene);
    const head = new TransformNode('head', scene);
    head.parent = root;
    root.scaling.z = -1; // As the glTF loader does in a left-handed scene, where it also turns the root by half.
    root.rotation.y = Math.PI;
    root.computeWorldMatrix(true);
    head.computeWorldMatrix(true);
    const listener = new Listener(scene, engineListener(), head);
    listener.update(0);
    const forward = head.forward.normalizeToNew();
    const right = rightHanded ? Vector3.Cross(forward, Vector3.Up()) : Vector3.Cross(Vector3.Up(), forward);
    const place = Vector3.Zero();
    listener.toEars(right.scale(3), place);
    listener.toAudio(place.clone(), place);
    expect(Vector3.Distance(place, new Vector3(3, 0, 0))).toBeLessThan(1e-3);
    listener.toEars(forward.scale(3), place);
    listener.toAudio(place.clone(), place);
    expect(Vector3.Distance(place, new Vector3(0, 0, -3))).toBeLessThan(1e-3);
  });
});

describe('a scene without a camera', () => {
  it('is heard from the origin, straight ahead', () => {
    const listener = new Listener(createScene(false), engineListener());
    listener.update(0);
    const place = Vector3.Zero();
    listener.toEars(new Vector3(1, 2, 3), place);
    listener.toAudio(place.clone(), place);
    expect(place.asArray()).toEqual([1, 2, -3]);
  });
});
