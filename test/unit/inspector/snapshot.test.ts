import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { Snapshot, WEIGHT_NAMES } from '../../../src/inspector/snapshot.ts';
import { Director } from '../../../src/npc/director.ts';
import { Actor, open, trackOf, until } from '../npc/actor.ts';

describe('what a panel reads', () => {
  it('is of each character, its line and its face', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI, { life: false });
    new Actor(parley, 'Tomas', new Vector3(1, 0, 0), Math.PI, { life: false });
    const snapshot = new Snapshot();
    const line = mira.npc.say('some people speak a lot', { emotion: 'happy' });
    mira.npc.say(trackOf('and then', 1));
    await until(() => line.state === 'speaking', frame);
    await frame(0.4);
    snapshot.take(parley);
    expect(snapshot).toMatchObject({
      audio: 'none',
      source: parley.voices.name,
      count: 2,
      speaking: 1,
      waiting: 1,
    });
    const [speaker, other] = snapshot.npcs;
    expect(speaker).toMatchObject({
      name: 'Mira',
      ring: 'near',
      state: 'speaking',
      text: line.text,
      waiting: 1,
    });
    expect(speaker!.playhead).toBeCloseTo(line.playhead, 9);
    expect(speaker!.bufferedSeconds).toBeGreaterThan(0);
    expect(Math.max(...speaker!.weights)).toBeGreaterThan(0.05);
    expect(speaker!.weights[WEIGHT_NAMES.indexOf('mouthSmileLeft')]).toBeGreaterThan(0);
    expect(other).toMatchObject({ name: 'Tomas', state: 'idle', text: '', waiting: 0, panner: 'none' });
    expect(Math.max(...other!.weights)).toBe(0);
  });

  it('goes into the same objects, whoever comes and goes', async () => {
    const { parley } = await open();
    const snapshot = new Snapshot();
    const actors = ['Mira', 'Tomas'].map((name, x) => new Actor(parley, name, new Vector3(x, 0, 0), 0));
    snapshot.take(parley);
    const [first] = snapshot.npcs;
    actors[0]!.root.dispose();
    snapshot.take(parley);
    expect(snapshot.count).toBe(1);
    expect(snapshot.npcs[0]).toBe(first);
    expect(first!.name).toBe('Tomas');
  });

  it('shows who waits for a voice of the director', async () => {
    const { parley, frame } = await open({ director: new Director({ voices: 1 }) });
    const actors = ['Mira', 'Tomas'].map((name, x) => new Actor(parley, name, new Vector3(x, 0, 0), Math.PI));
    for (const { npc } of actors) npc.say(trackOf('bread for sale', 2));
    await until(() => actors.some(({ npc }) => npc.line?.state === 'speaking'), frame);
    const snapshot = new Snapshot();
    snapshot.take(parley);
    expect([snapshot.speaking, snapshot.waiting]).toEqual([1, 1]);
  });
});
