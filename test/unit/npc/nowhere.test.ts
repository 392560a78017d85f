/** Characters and goals that are nowhere for a while: scaled to nothing, or at no number. */
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { addNode } from '../face/rigs.ts';
import { Actor, open } from './actor.ts';

const POINT = new Vector3(1, 1.5, -2);

describe('a character', () => {
  it('that is scaled to nothing for some frames goes on looking', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    mira.npc.lookAt(POINT);
    await frame(1);
    mira.root.scaling.setAll(0);
    await frame(3 / 60);
    expect(mira.state().every(Number.isFinite)).toBe(true);
    mira.root.scaling.setAll(1);
    await frame(2);
    expect(mira.misses(POINT)).toBeLessThan(1);
  });

  it.each(['the root', 'what holds it', 'the spine'])('may begin with %s scaled to nothing', async (what) => {
    const { scene, parley, frame } = await open();
    const place = addNode(scene, 'place');
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    parley.npcs[0]!.detach();
    mira.root.removeBehavior(mira.npc);
    mira.root.parent = place;
    const nothing = { 'the root': mira.root, 'what holds it': place, 'the spine': mira.head.parent }[what];
    const { scaling } = nothing as typeof place;
    scaling.setAll(0);
    const npc = parley.addNpc(mira.root, {
      name: 'Mira',
      life: { blinks: false, saccades: false, sway: false },
    });
    expect(scaling.asArray()).toEqual([0, 0, 0]);
    expect(npc.face!.joints.head).toBe('Head');
    npc.lookAt(POINT);
    await frame(0.2);
    scaling.setAll(1);
    await frame(2);
    expect(mira.misses(POINT)).toBeLessThan(1);
  });

  it('gets over a joint that an animation has at no number for a frame', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    mira.npc.lookAt(POINT);
    await frame(1);
    mira.head.rotationQuaternion!.copyFrom(new Quaternion(Number.NaN, 0, 0, 1));
    await frame(1);
    expect(mira.misses(POINT)).toBeLessThan(1);
  });
});

it('a goal at no number is nowhere, and looked at again when it has a place', async () => {
  const { scene, parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
  const point = POINT.clone();
  const cup = addNode(scene, 'cup');
  cup.position.copyFrom(POINT);
  for (const [goal, place] of [
    [point, point],
    [cup, cup.position],
  ] as const) {
    mira.npc.lookAt(goal);
    await frame(1);
    place.x = Number.NaN;
    await frame(1 / 60);
    expect(mira.state().every(Number.isFinite)).toBe(true);
    place.x = POINT.x;
    await frame(2);
    expect(mira.misses(POINT)).toBeLessThan(1);
  }
  mira.npc.detach();
  expect(mira.head.rotation.length()).toBeCloseTo(0, 6);
});
