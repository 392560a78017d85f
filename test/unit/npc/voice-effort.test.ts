import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { expect, it } from 'vitest';
import type { NpcOptions } from '../../../src/npc/npc-options.ts';
import type { Effort } from '../../../src/speech/effort.ts';
import { syllables } from '../../kit/syllables.ts';
import { Actor, open, trackOf } from './actor.ts';

/** Syllables enough for an aa. */
const CUES = syllables().filter(({ start }) => start < 0.8);
const SECONDS = CUES.at(-1)!.end;

/** Somebody who stands so far before the camera, and how wide an aa is in a line said with so much effort. */
async function createSpeaker(metres: number, options: Partial<NpcOptions> = {}) {
  const { parley, frame } = await open({ audioContext: 'none' });
  const actor = new Actor(parley, 'Mira', new Vector3(0, 0, metres - 3), Math.PI, options);
  await frame();
  const widest = async (effort?: Effort): Promise<number> => {
    const track = { ...trackOf('', 1), cues: CUES, duration: SECONDS };
    const line = actor.npc.say(track, effort === undefined ? {} : { effort });
    let most = 0;
    for (let i = 0; i < 120 && !line.ended; i++) {
      await frame();
      most = Math.max(most, actor.weight('viseme_aa'));
    }
    expect(most).toBeGreaterThan(0.2);
    return most;
  };
  return { npc: actor.npc, widest };
}

it('a louder line opens the mouth wider, also where the character is loud by itself', async () => {
  const { npc, widest } = await createSpeaker(2);
  const normal = await widest();
  const shouted = await widest('shout');
  expect(shouted / normal).toBeGreaterThan(1.15);
  expect((await widest('soft')) / normal).toBeLessThan(0.92);
  npc.effort = 'shout';
  expect(await widest()).toBeCloseTo(shouted, 2);
  expect(await widest('normal')).toBeCloseTo(normal, 2);
});

it('a voice is raised by distance where it is asked to be', async () => {
  const [near, far] = [
    await createSpeaker(1.2, { raiseVoice: 3 }),
    await createSpeaker(24, { raiseVoice: 3 }),
  ];
  const { widest } = await createSpeaker(24);
  expect(await near.widest()).toBeCloseTo(await widest(), 2);
  expect(await far.widest()).toBeCloseTo(await widest(12), 2); // Four doublings.
});

it('an effort can be changed, and one that is none changes nothing', async () => {
  const { npc } = await createSpeaker(2);
  expect(npc.effort).toBe('normal');
  npc.effort = 'loud';
  expect(() => {
    npc.effort = 'yell' as 'loud';
  }).toThrow('effort of "Mira"');
  expect(npc.effort).toBe('loud');
  expect(() => npc.say('Hello.', { effort: 99 })).toThrow('say({ effort })');
});
