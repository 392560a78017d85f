import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { expect, it } from 'vitest';
import type { Viseme } from '../../../src/speech/viseme.ts';
import { Actor, CALM, open, trackOf, until } from './actor.ts';

/** A line of shapes and their lengths, seconds. */
const shapes = (...said: [Viseme, number][]) => {
  let time = 0;
  const cues = said.map(([viseme, seconds]) => {
    const start = time;
    time += seconds;
    return { viseme, start, end: time, weight: 1 };
  });
  return { ...trackOf('', Math.ceil(time)), cues };
};

it('nobody goes on looking at an NPC that left in the middle of its line', async () => {
  const { parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
  const tomas = new Actor(parley, 'Tomas', new Vector3(1.5, 0, -1.5), 2);
  const line = tomas.npc.say(trackOf('Good evening, all of you in here.', 8));
  await until(() => line.state === 'speaking' && line.fetched, frame);
  await frame(2.5);
  const { eyes } = tomas;
  expect(mira.misses(eyes)).toBeLessThan(3);
  tomas.root.removeBehavior(tomas.npc); // Its head stays where it was.
  await frame(4);
  const misses: number[] = [];
  for (let i = 0; i < 20; i++) {
    await frame(0.25);
    misses.push(mira.misses(eyes));
  }
  expect(misses.filter((miss) => miss > 5).length).toBeGreaterThan(10);
});

it('the jaw goes on behind closed lips, and lips are round before their vowel, on a face with parts for it', async () => {
  const { parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI, { life: CALM });
  const line = mira.npc.say(
    shapes(['sil', 0.2], ['aa', 0.3], ['PP', 0.1], ['aa', 0.3], ['SS', 0.15], ['U', 0.3], ['sil', 0.3]),
  );
  let [jaw, close, pucker] = [0, 0, 0];
  while (!line.ended) {
    await frame();
    if (mira.weight('viseme_PP') > 0.85) {
      jaw = Math.max(jaw, mira.weight('jawOpen'));
      close = Math.max(close, mira.weight('mouthClose'));
    }
    if (mira.weight('viseme_SS') > 0.2) pucker = Math.max(pucker, mira.weight('mouthPucker'));
  }
  expect(jaw).toBeGreaterThan(0.05);
  expect(close).toBeCloseTo(jaw);
  expect(pucker).toBeGreaterThan(0.05);
});

it('the mouth of a line goes over into that of the line that interrupts it', async () => {
  const { parley, frame } = await open();
  const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI, { life: CALM });
  const first = mira.npc.say(shapes(['aa', 3]));
  await until(() => first.state === 'speaking' && first.playhead > 0.5, frame);
  let before = mira.weight('viseme_aa');
  expect(before).toBeGreaterThan(0.3);
  const second = mira.npc.say(shapes(['sil', 0.3], ['I', 1]), { whileSpeaking: 'interrupt' });
  let step = 0;
  while (second.playhead < 0.4) {
    await frame();
    const now = mira.weight('viseme_aa');
    step = Math.max(step, Math.abs(now - before));
    before = now;
  }
  expect(before).toBeLessThan(0.05);
  expect(step).toBeLessThan(0.12);
});
