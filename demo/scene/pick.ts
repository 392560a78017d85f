import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Member } from '../cast.ts';
import type { Character } from './characters.ts';

/** How far beside the eyes a click still means this person, metres: half of the shoulders. */
const REACH = 0.28;

/** Who stands where the pointer is: compared by distance from the faces, which is all that a portrait shows. */
export function memberAt(
  scene: Scene,
  characters: ReadonlyMap<Member, Character>,
  { offsetX, offsetY }: MouseEvent,
): Member | undefined {
  const camera = scene.activeCamera;
  const canvas = scene.getEngine().getRenderingCanvas();
  if (!camera || !canvas) return undefined;
  const viewport = camera.viewport.toGlobal(canvas.clientWidth, canvas.clientHeight);
  for (const [member, { eyes }] of characters) {
    const onScreen = Vector3.Project(eyes, Matrix.IdentityReadOnly, scene.getTransformMatrix(), viewport);
    const metre =
      canvas.clientHeight / (2 * Math.tan(camera.fov / 2) * Vector3.Distance(camera.globalPosition, eyes));
    const aside = Math.abs(offsetX - onScreen.x);
    const below = offsetY - onScreen.y;
    if (aside < REACH * metre && below > -REACH * metre) return member;
  }
  return undefined;
}
