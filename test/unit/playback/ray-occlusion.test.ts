import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import '@babylonjs/core/Meshes/instancedMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import type { PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { physicsOcclusion } from '../../../src/playback/occlusion/physics-occlusion.ts';
import { type RayOcclusionOptions, rayOcclusion } from '../../../src/playback/occlusion/ray-occlusion.ts';

const EARS = new Vector3(0, 1.7, 0);
const MOUTH = new Vector3(0, 1.6, 6);

/** A square with a floor, and what stands on it between ears and mouth. */
function createSquare(options?: RayOcclusionOptions) {
  const engine = new NullEngine();
  onTestFinished(() => engine.dispose());
  const scene = new Scene(engine);
  const camera = new FreeCamera('camera', EARS.clone(), scene);
  CreateGround('floor', { width: 40, height: 40 }, scene);
  const occlusion = rayOcclusion(scene, options);
  const wall = (width = 10, x = 0, z = 3): Mesh => {
    const box = CreateBox('wall', { width, height: 6, depth: 0.2 }, scene);
    box.position.set(x, 3, z);
    return box;
  };
  const amount = (): number => {
    for (const mesh of scene.meshes) mesh.computeWorldMatrix(true);
    return occlusion.between(EARS, MOUTH);
  };
  return { scene, camera, occlusion, wall, amount };
}

describe('walls of the scene', () => {
  it('muffle what is behind them, wherever they go', () => {
    const { wall, amount } = createSquare();
    expect(amount()).toBe(0);
    const door = wall();
    expect(amount()).toBe(1);
    door.position.x = 5.3; // Its edge is a little beside the line.
    expect(amount()).toBe(0);
    door.position.x = 4.9;
    expect(amount()).toBe(0.6);
    door.rotation.y = Math.PI / 2;
    expect(amount()).toBe(0);
    door.rotation.y = 0;
    door.scaling.x = 0.01;
    door.position.x = 0;
    expect(amount()).toBe(0.4); // A pillar.
  });

  it('may be instances, and parts of something large', () => {
    const { wall, amount } = createSquare();
    const far = wall(10, 0, 30);
    const near = far.createInstance('near');
    expect(amount()).toBe(0);
    near.position.z = 3;
    expect(amount()).toBe(1);
  });

  it('are none that are gone, hidden from picking, or away', () => {
    const { wall, amount } = createSquare();
    const mesh = wall();
    mesh.isPickable = false;
    expect(amount()).toBe(0);
    mesh.checkCollisions = true;
    expect(amount()).toBe(1);
    mesh.isVisible = false; // Walls that stop players mostly are.
    expect(amount()).toBe(1);
    mesh.setEnabled(false);
    expect(amount()).toBe(0);
    mesh.setEnabled(true);
    expect(amount()).toBe(1);
    mesh.dispose();
    expect(amount()).toBe(0);
  });

  it('are those that the game says', () => {
    const { wall, amount } = createSquare({ isWall: ({ name }) => name === 'thick' });
    const mesh = wall();
    expect(amount()).toBe(0);
    mesh.name = 'thick';
    expect(amount()).toBe(1);
  });

  it('are no characters, nor what the player carries', () => {
    const { scene, camera, wall, amount, occlusion } = createSquare();
    const body = wall();
    const root = new TransformNode('baker', scene);
    body.parent = root;
    expect(amount()).toBe(1);
    const undo = occlusion.leaveOut!(root);
    expect(amount()).toBe(0);
    undo();
    expect(amount()).toBe(1);
    body.parent = null;
    body.morphTargetManager = new MorphTargetManager();
    expect(amount()).toBe(0);
    body.morphTargetManager = null;
    expect(amount()).toBe(1);
    body.parent = camera;
    body.position.set(0, 0, 3);
    camera.computeWorldMatrix();
    expect(amount()).toBe(0);
  });

  it('are told apart from options that are none', () => {
    expect(() => createSquare({ raysPerFrame: 3 })).toThrow('rayOcclusion({ raysPerFrame })');
    expect(() => createSquare({ isWall: 1 as never })).toThrow('rayOcclusion({ isWall })');
    expect(createSquare({ raysPerFrame: 30 }).occlusion.voicesPerFrame).toBe(4);
  });
});

/** Bodies as boxes along the axes, the nearest of which a ray hits, as Babylon's physics engine tells it. */
function createBodies(...bodies: { node: TransformNode; min: Vector3; max: Vector3 }[]) {
  const rays: number[] = [];
  return {
    rays,
    raycastToRef(from: Vector3, to: Vector3, result: PhysicsRaycastResult | PhysicsRaycastResult[]): void {
      if (Array.isArray(result)) throw new Error('not asked for');
      result.reset(from, to);
      rays.push(1);
      const steps = 4_000;
      for (let step = 0; step <= steps; step++) {
        const point = Vector3.Lerp(from, to, step / steps);
        const hit = bodies.find(
          ({ min, max }) =>
            point.x >= min.x &&
            point.x <= max.x &&
            point.y >= min.y &&
            point.y <= max.y &&
            point.z >= min.z &&
            point.z <= max.z,
        );
        if (!hit) continue;
        result.setHitData(Vector3.Up(), point);
        result.body = { transformNode: hit.node } as never;
        return;
      }
    },
  };
}

describe('bodies of a physics engine', () => {
  it('muffle what is behind them, but for those of characters', () => {
    const engine = new NullEngine();
    onTestFinished(() => engine.dispose());
    const scene = new Scene(engine);
    const root = new TransformNode('baker', scene);
    const capsule = { node: root, min: new Vector3(-0.3, 0, 5.7), max: new Vector3(0.3, 1.8, 6.3) };
    const wall = {
      node: new TransformNode('wall', scene),
      min: new Vector3(-20, -9, 2.9),
      max: new Vector3(20, 9, 3.1),
    };
    const [alone, walled] = [
      physicsOcclusion(createBodies(capsule)),
      physicsOcclusion(createBodies(capsule, wall)),
    ];
    expect(alone.between(EARS, MOUTH)).toBeGreaterThan(0); // Nobody has said whose body that is.
    for (const occlusion of [alone, walled]) occlusion.leaveOut!(root);
    expect(alone.between(EARS, MOUTH)).toBe(0);
    expect(walled.between(EARS, MOUTH)).toBe(1);
    expect(walled.between(MOUTH, EARS)).toBe(1);
  });

  it('need an engine that casts rays', () => {
    expect(() => physicsOcclusion(null as never)).toThrow('physicsOcclusion(engine)');
    expect(() => physicsOcclusion(createBodies(), { raysPerFrame: 1 })).toThrow('raysPerFrame');
  });
});
