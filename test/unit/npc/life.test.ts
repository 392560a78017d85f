import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { expect, it } from 'vitest';
import type { LifeOptions } from '../../../src/pose/life.ts';
import { Actor, open, trackOf, until } from './actor.ts';

const NONE = {
  blinks: false,
  gaze: false,
  saccades: false,
  sway: false,
  accents: false,
  breath: false,
  listening: false,
} as const satisfies Required<LifeOptions>;

/** What a character of that name does in ten seconds of a line of its own, half of them with no eye for the player: all weights and turns, by frame. */
async function film(name: string, life: LifeOptions | false): Promise<number[][]> {
  const { parley, frame, again } = await open();
  const actor = new Actor(parley, name, Vector3.Zero(), Math.PI + 0.3, { life });
  const line = actor.npc.say(trackOf('Who walks here, my friend, so late?', 12));
  await until(() => line.state === 'speaking' && line.fetched, again);
  const frames: number[][] = [];
  for (let i = 0; i < 300; i++) {
    if (i === 150) actor.npc.lookAt('nobody');
    await frame(1 / 30);
    frames.push(actor.state());
  }
  return frames;
}

const still = (frames: readonly number[][]): boolean =>
  frames.every((state) => state.every((value, index) => value === frames[0]![index]));

/** The most that any value of two films differs. */
const apart = (one: readonly number[][], other: readonly number[][]): number =>
  Math.max(...one.flatMap((state, i) => state.map((value, index) => Math.abs(value - other[i]![index]!))));

it('a character without life does nothing but speak', async () => {
  expect(still(await film('Mira', false))).toBe(true);
  expect(still(await film('Mira', NONE))).toBe(true);
});

it.each(['blinks', 'gaze', 'saccades', 'sway', 'accents', 'breath'] as const)(
  'a character with nothing but %s does that',
  async (sign) => {
    expect(still(await film('Mira', { ...NONE, [sign]: true }))).toBe(false);
  },
);

it('what a character does comes from its name and the time: the same in a replay, another for another name', async () => {
  const alike = await film('Mira', {});
  // Once the engine has compiled a function, its last digits may be others.
  expect(apart(await film('Mira', {}), alike)).toBeLessThan(1e-6);
  expect(apart(await film('Tomas', {}), alike)).toBeGreaterThan(0.01);
});

it('a character without gaze looks at nothing, whatever it is told', async () => {
  const { parley, frame, view } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI + 0.5, { life: NONE });
  mira.npc.lookAt('player');
  const before = mira.misses(view());
  await frame(1);
  expect(mira.misses(view())).toBeCloseTo(before);
});
