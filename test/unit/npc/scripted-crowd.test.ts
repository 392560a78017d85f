import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { Director } from '../../../src/npc/director.ts';
import type { DirectorOptions } from '../../../src/npc/director-options.ts';
import { Actor, open, trackOf } from './actor.ts';

/** Where people stand: metres before the player, and to the right. */
type Cast = Readonly<Record<string, readonly [ahead: number, aside: number]>>;

/** What somebody says: when, who, for how long, and how much it matters. Seconds. */
type Cue = readonly [at: number, who: string, seconds: number, priority?: number];

/** Plays a script on a square, and tells what happened when. */
async function play(cast: Cast, script: readonly Cue[], seconds: number, options: DirectorOptions) {
  const { parley, frame, camera } = await open({ director: new Director(options) });
  const actors = new Map(
    Object.entries(cast).map(([name, [ahead, aside]]) => [
      name,
      new Actor(parley, name, new Vector3(aside, 0, ahead - 3), Math.PI),
    ]),
  );
  let now = 0;
  const told: { at: number; what: string }[] = [];
  /** Where each voice goes to, decibels, frame by frame. */
  const levels = new Map<string, { at: number; decibels: number }[]>();
  for (const [name, { npc }] of actors) {
    const row: { at: number; decibels: number }[] = [];
    levels.set(name, row);
    const { handleDuck } = npc;
    npc.handleDuck = (gain, glide) => {
      row.push({ at: now, decibels: 20 * Math.log10(gain) });
      handleDuck.call(npc, gain, glide);
    };
  }
  await frame(1); // Everybody has their ring.
  const cues = [...script];
  for (; now < seconds; now += 1 / 60) {
    for (let cue = cues[0]; cue && cue[0] <= now + 1e-6; cue = cues[0]) {
      cues.shift();
      const [, who, lasts, priority = 0] = cue;
      const line = actors.get(who)!.npc.say(trackOf(who, lasts), { priority });
      line.onStateObservable.add((state) => {
        if (state === 'loading') told.push({ at: now, what: `${who} begins` });
        if (line.ended) told.push({ at: now, what: `${who} is ${state}` });
      });
    }
    await frame();
  }
  const level = (who: string, at: number) =>
    levels.get(who)!.findLast((entry) => entry.at <= at)?.decibels ?? 0;
  return { told: told.map(({ what }) => what), when: timesOf(told), level, levels, camera };
}

function timesOf(told: readonly { at: number; what: string }[]) {
  return (what: string): number => told.find((entry) => entry.what === what)?.at ?? Number.NaN;
}

describe('a market square', () => {
  const CAST: Cast = {
    baker: [2, 0],
    guard: [4, 1],
    smith: [7, -2],
    crone: [18, 3],
    elder: [6, 0],
  };

  it('two voices: the next is who counts most, then who has waited longest', async () => {
    const script: Cue[] = [
      [0, 'baker', 2],
      [0, 'guard', 3],
      [0.5, 'crone', 1], // Far away, and the first to ask.
      [1, 'smith', 1], // Half a second later, much nearer.
      [1.2, 'elder', 1], // In front of the player.
    ];
    const { told, when } = await play(CAST, script, 8, { voices: 2 });
    expect(told.filter((what) => what.endsWith('begins'))).toEqual([
      'baker begins',
      'guard begins',
      'elder begins', // In front of the player; those who asked before have not waited long enough to make up for it.
      'smith begins',
      'crone begins',
    ]);
    expect(when('elder begins')).toBeCloseTo(when('baker is finished'), 1);
    expect(when('elder begins')).toBeGreaterThan(1.9);
    expect(told.filter((what) => what.endsWith('finished'))).toHaveLength(5);
  });

  it('whoever has waited long enough speaks before who is nearer', async () => {
    const script: Cue[] = [
      [0, 'guard', 7],
      [0.2, 'crone', 1],
      [6.5, 'baker', 1], // Two metres away, six seconds later.
    ];
    const { told } = await play(CAST, script, 10, { voices: 1 });
    expect(told.filter((what) => what.endsWith('begins'))).toEqual([
      'guard begins',
      'crone begins',
      'baker begins',
    ]);
  });

  it('of two who ask at once, the one in front of the player wins, although the other is as near', async () => {
    const cast: Cast = { first: [4, 0], aside: [2.6, 3], ahead: [4, -0.2] };
    const script: Cue[] = [
      [0, 'first', 1],
      [0.2, 'aside', 1],
      [0.2, 'ahead', 1],
    ];
    const { told } = await play(cast, script, 4, { voices: 1 });
    expect(told.filter((what) => what.endsWith('begins'))).toEqual([
      'first begins',
      'ahead begins',
      'aside begins',
    ]);
  });

  it('the quest line ducks the chatter at once, lets none begin, and gives it back its voice', async () => {
    const script: Cue[] = [
      [0, 'baker', 6],
      [0, 'guard', 6],
      [2, 'elder', 2, 1],
      [2.2, 'smith', 1],
    ];
    const { told, when, level, levels } = await play(CAST, script, 9, { voices: 3, duckDecibels: 9 });
    const [begins, ends] = [when('elder begins'), when('elder is finished')];
    expect(begins).toBeLessThan(2.05);
    for (const who of ['baker', 'guard']) {
      expect(level(who, begins - 0.02)).toBe(0);
      expect(level(who, begins + 0.2)).toBeCloseTo(-9);
      expect(level(who, ends)).toBeCloseTo(-9);
      expect(level(who, ends + 0.25)).toBeCloseTo(0);
    }
    expect(levels.get('elder')).toEqual([]);
    expect(when('smith begins')).toBeGreaterThanOrEqual(ends);
    expect(when('smith begins')).toBeLessThan(ends + 0.1);
    expect(told.filter((what) => what.endsWith('stopped'))).toEqual([]);
  });

  it('where no voice is free the quest takes that of whoever counts least, and nobody else’s', async () => {
    const script: Cue[] = [
      [0, 'baker', 5],
      [0, 'crone', 5],
      [1, 'elder', 1, 1],
      [1.5, 'guard', 1, 2], // Matters still more, and takes the voice of the chatter that is left.
      [1.6, 'smith', 1, 1],
    ];
    const { told, when } = await play(CAST, script, 8, { voices: 2 });
    expect(told.filter((what) => !what.endsWith('finished'))).toEqual([
      'baker begins',
      'crone begins',
      'elder begins',
      'crone is stopped',
      'guard begins',
      'baker is stopped',
      'smith begins',
    ]);
    expect(when('crone is stopped')).toBeLessThan(1.3);
    expect(when('smith begins')).toBeGreaterThanOrEqual(when('elder is finished')); // Equals wait for one another.
  });
});
