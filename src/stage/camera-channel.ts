import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Point, Shot } from '../cutscene/script.ts';
import { InputError } from '../speech/errors.ts';
import type { Channel } from './channel.ts';

const DEGREE = Math.PI / 180;

/** What a camera sees; undefined for one that has no target. */
export function shotOf(camera: Camera | null): Shot | undefined {
  if (!(camera instanceof TargetCamera)) return undefined;
  camera.getViewMatrix(true); // One that was not drawn yet does not know its place.
  return {
    position: pointOf(camera.globalPosition),
    target: pointOf(camera.getTarget()),
    fov: camera.fov / DEGREE,
  };
}

/** What the active camera sees: position, target and vertical angle of view. A cutscene has the camera; the game gives it back its controls. */
export function cameraChannel(scene: Scene): Channel {
  const camera = scene.activeCamera;
  const shot = shotOf(camera);
  if (!shot || !(camera instanceof TargetCamera))
    throw new InputError(
      'A cutscene',
      'an active camera that looks at a target',
      camera?.getClassName() ?? 'none',
    );
  const position = new Vector3();
  const target = new Vector3();
  return {
    initial: [...shot.position, ...shot.target, camera.fov / DEGREE],
    write(value) {
      const row = value as readonly number[];
      position.set(row[0]!, row[1]!, row[2]!);
      target.set(row[3]!, row[4]!, row[5]!);
      camera.fov = row[6]! * DEGREE;
      if (camera instanceof ArcRotateCamera) {
        camera.target = target;
        camera.setPosition(position);
      } else {
        camera.position.copyFrom(position);
        camera.setTarget(target);
      }
    },
  };
}

function pointOf({ x, y, z }: Vector3): Point {
  return [x, y, z];
}
