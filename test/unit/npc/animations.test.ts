/** Who has the face when the game's own animations want it too. The order is told in docs/expression.md. */
import { Animation } from '@babylonjs/core/Animations/animation.js';
import { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import '@babylonjs/core/Animations/animatable.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { expect, it } from 'vitest';
import type { Viseme } from '../../../src/speech/viseme.ts';
import { Actor, open, trackOf, until } from './actor.ts';

const NOD = Quaternion.FromEulerAngles(0.2, 0, 0);

/** An animation of the game that holds the head, smiles, opens the jaw and lowers a brow, and goes on for ever. */
function animate(actor: Actor): AnimationGroup {
  const group = new AnimationGroup('idle', actor.root.getScene());
  const hold = (property: string, target: object, value: number | Quaternion): void => {
    const type =
      typeof value === 'number' ? Animation.ANIMATIONTYPE_FLOAT : Animation.ANIMATIONTYPE_QUATERNION;
    const animation = new Animation(property, property, 30, type, Animation.ANIMATIONLOOPMODE_CYCLE);
    animation.setKeys([
      { frame: 0, value },
      { frame: 60, value },
    ]);
    group.addTargetedAnimation(animation, target);
  };
  actor.head.rotationQuaternion = Quaternion.Identity();
  hold('rotationQuaternion', actor.head, NOD);
  hold('influence', actor.target('mouthSmileLeft'), 0.4);
  hold('influence', actor.target('jawOpen'), 0.5);
  hold('influence', actor.target('browDownLeft'), 0.3);
  hold('influence', actor.target('viseme_O'), 0.6);
  group.start(true);
  return group;
}

/** A second of silence, then one of a shape. */
const shapeLine = (viseme: Viseme) => ({
  ...trackOf('Come in now.', 3),
  cues: [
    { viseme: 'sil' as const, start: 0, end: 1, weight: 1 },
    { viseme, start: 1, end: 2.5, weight: 1 },
    { viseme: 'sil' as const, start: 2.5, end: 3, weight: 1 },
  ],
});

it('while a character is silent, what its animations do is seen, and its mood comes on top', async () => {
  const { parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), 0, { life: false });
  animate(mira);
  await frame(0.5);
  expect(mira.weight('mouthSmileLeft')).toBeCloseTo(0.4);
  expect(mira.weight('jawOpen')).toBeCloseTo(0.5);
  expect(mira.weight('viseme_O')).toBeCloseTo(0.6);
  expect(mira.head.rotationQuaternion!.equalsWithEpsilon(NOD, 1e-6)).toBe(true);
  mira.npc.emotion = { weights: { browDownLeft: 0.5, mouthSmileLeft: 0.9, headRoll: 0.2 } };
  await frame(1.5);
  expect(mira.weight('browDownLeft')).toBeCloseTo(0.8);
  expect(mira.weight('mouthSmileLeft')).toBe(1);
  const turn = mira.head.rotationQuaternion!.multiply(Quaternion.Inverse(NOD));
  expect(2 * Math.acos(Math.min(1, Math.abs(turn.w)))).toBeCloseTo(0.2, 3);
});

it('while it speaks, its animations leave it the mouth and keep the brows; then they have all of it again', async () => {
  const { parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), 0, { life: false });
  const group = animate(mira);
  const line = mira.npc.say(shapeLine('PP'));
  await until(() => line.state === 'speaking' && line.fetched, frame);
  await until(() => line.playhead > 1.5, frame);
  expect(mira.weight('viseme_PP')).toBeGreaterThan(0.8);
  expect(mira.weight('jawOpen')).toBeLessThan(0.001);
  expect(mira.weight('viseme_O')).toBeLessThan(0.001);
  expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.2);
  expect(mira.weight('browDownLeft')).toBeCloseTo(0.3);
  await until(() => line.ended, frame);
  await frame(1);
  expect(mira.weight('viseme_PP')).toBe(0);
  expect(mira.weight('jawOpen')).toBeCloseTo(0.5);
  expect(mira.weight('viseme_O')).toBeCloseTo(0.6);
  group.stop();
  await frame(0.2);
  expect(mira.weight('jawOpen')).toBeCloseTo(0.5); // Where the animation left it.
});

it('is written once a frame, after the animations and before what the game does in observers added later', async () => {
  const { scene, parley, frame } = await open();
  const order: string[] = [];
  const note = (name: string) => (): void => {
    if (order.at(-1) !== name) order.push(name);
  };
  scene.onAfterAnimationsObservable.add(note('animations'));
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), 0, { life: false });
  mira.npc.emotion = { weights: { cheekPuff: 0.5 } };
  await frame(0.1);
  mira.target('cheekPuff').onInfluenceChanged.add(note('face'));
  scene.onBeforeRenderObservable.add(note('game'));
  order.length = 0;
  await frame(3 / 60);
  expect(order).toEqual([
    'animations',
    'face',
    'game',
    'animations',
    'face',
    'game',
    'animations',
    'face',
    'game',
  ]);
});
