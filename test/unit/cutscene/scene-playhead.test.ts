import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../src/cutscene/read-script.ts';
import { ScenePlayhead } from '../../../src/cutscene/scene-playhead.ts';
import type { Script } from '../../../src/cutscene/script.ts';
import { cutscene } from '../../../src/cutscene/write-scene.ts';
import { RUNS, scripts } from './scripts.ts';
import { World } from './world.ts';

const settings = { seed: 8, numRuns: process.env.PARLEY_LONG ? 20_000 : 400 };

type Deed =
  | { readonly type: 'play' | 'pause' | 'skip' | 'back' | 'end' | 'revoke' }
  | { readonly type: 'step' | 'seek' | 'rate' | 'choose'; readonly value: number };

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom('play', 'pause', 'skip', 'back', 'end', 'revoke') }),
    fc.record({
      type: fc.constantFrom('step', 'step', 'seek', 'seek', 'rate', 'choose', 'choose'),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ) as fc.Arbitrary<Deed>,
  { minLength: 1, maxLength: 25 },
);

function act({ playhead }: World, deed: Deed): void {
  const plain = {
    play: () => playhead.play(),
    pause: () => playhead.pause(),
    skip: () => playhead.skip(),
    back: () => playhead.back(),
    end: () => playhead.skipToEnd(),
    revoke: () => playhead.revoke([...playhead.decisions.keys()].at(-1) ?? 'nothing'),
  };
  if (!('value' in deed)) plain[deed.type]();
  else if (deed.type === 'step') playhead.step(deed.value * 3);
  else if (deed.type === 'seek') playhead.seek(deed.value * 1.1 * playhead.timeline.end);
  else if (deed.type === 'rate') playhead.rate = 0.25 + deed.value * 4;
  else decide(playhead, deed.value);
}

function decide(playhead: ScenePlayhead, value: number): void {
  const { hold } = playhead;
  if (!hold?.offers) playhead.proceed();
  else playhead.choose(hold.offers[Math.floor(value * hold.offers.length * 0.999)]!.index);
}

/** The same moment, watched from the start. */
function watched(script: Script, { playhead }: World): World {
  const world = new World({ script, decisions: playhead.decisions }, RUNS);
  world.playhead.play();
  for (let at = 0; at < playhead.seconds; at += 0.1) {
    world.playhead.advanceTo(at);
    world.write();
  }
  world.playhead.advanceTo(playhead.seconds);
  world.write();
  return world;
}

/** Whether whatever one does to a scene ends in what watching it would have left. */
function alike(forgets = ''): fc.IProperty<[Script, Deed[]]> {
  return fc.property(scripts, deeds, (script, list) => {
    const world = new World({ script }, RUNS, forgets);
    for (const deed of list) {
      act(world, deed);
      world.write();
    }
    const reference = watched(script, world);
    expect(world.playhead.seconds).toBeCloseTo(reference.playhead.seconds, 9);
    expect(world.all).toEqual(reference.all);
  });
}

describe('a scene', () => {
  it('is what watching would have left, whatever is done to it', () => {
    fc.assert(alike(), settings);
  });

  it.each(['place:', 'turn:', 'camera', 'shown:', 'look:', 'emotion:', 'animation:', 'sound:', 'variable:'])(
    'would be found out if it forgot to write %s',
    (channel) => {
      expect(fc.check(alike(channel), { ...settings, numRuns: 400 }).failed).toBe(true);
    },
  );

  it('stays at the same moment of the same beat when lines turn out longer or shorter', () => {
    const script = cutscene('guessed')
      .say('mira', 'One, two, three.')
      .move('gate', { turn: 90, over: 2 })
      .toScript();
    let duration: number | undefined;
    const timesOf = () => (duration === undefined ? undefined : { duration, words: [], estimated: false });
    const playhead = new ScenePlayhead({ script, given: { timesOf } });
    const guess = playhead.timeline.lines[0]!.end;
    playhead.seek(guess + 0.5);
    duration = 7;
    playhead.refresh();
    expect(playhead.seconds).toBeCloseTo(7.5, 9);
    expect(playhead.timeline.valueAt('turn:gate', 7.5)).toBe(90);
    duration = 2;
    playhead.seek(6);
    playhead.refresh();
    expect(playhead.seconds).toBe(2);
  });

  it('follows the rate, stops at holds, and tells them apart from its end', () => {
    const script = cutscene('held').wait(1).waitForPlayer().wait(1).toScript();
    const playhead = new ScenePlayhead({ script });
    playhead.step(5);
    expect(playhead.seconds).toBe(0);
    playhead.play();
    playhead.rate = 2;
    playhead.step(0.25);
    expect(playhead.seconds).toBe(0.5);
    playhead.step(9);
    expect([playhead.seconds, playhead.hold?.key, playhead.ended]).toEqual([1, 'beats[1]#1', false]);
    playhead.proceed();
    playhead.step(9);
    expect([playhead.seconds, playhead.hold, playhead.ended]).toEqual([2, undefined, true]);
  });

  it('plays a part again and again, by the same time however it is stepped', () => {
    const script = cutscene('round').wait(10).toScript();
    for (const step of [0.1, 0.7, 3.3]) {
      const playhead = new ScenePlayhead({ script });
      playhead.loop = { from: 2, to: 4 };
      playhead.play();
      for (let passed = 0; passed < 330; passed++) playhead.step(step);
      expect(playhead.seconds).toBeGreaterThanOrEqual(2);
      expect(playhead.seconds).toBeLessThanOrEqual(4);
      expect(Math.cos(Math.PI * (330 * step - playhead.seconds))).toBeCloseTo(1, 6);
    }
  });

  it('goes to the line before, or to the start of this one', () => {
    const script = cutscene('lines')
      .say('mira', 'A line of some length.')
      .say('tomas', 'And its answer.')
      .toScript();
    const playhead = new ScenePlayhead({ script });
    const [, second] = playhead.timeline.lines;
    playhead.seek(second!.start + 1.2);
    playhead.back();
    expect(playhead.seconds).toBe(second!.start);
    playhead.back();
    expect(playhead.seconds).toBe(0);
  });
});

describe('functions of the game', () => {
  const script = cutscene('calls').wait(1).run('open').wait(1).run('boast', 'none').wait(1).toScript();
  const made: string[] = [];
  const note = (name: string) => ({ do: () => made.push(name), undo: () => made.push(`no ${name}`) });

  it('are called when they are watched, and by a jump only where they want', () => {
    made.length = 0;
    const playhead = new ScenePlayhead({ script, effects: { open: note('open'), boast: note('boast') } });
    playhead.seek(2.5);
    expect(made).toEqual(['open']);
    playhead.seek(0);
    expect(made).toEqual(['open', 'no open']);
    playhead.play();
    playhead.step(2.5);
    expect(made.slice(2)).toEqual(['open', 'boast']);
    playhead.seek(0);
    expect(made.slice(4)).toEqual(['no boast', 'no open']);
  });

  it('that cannot be taken back keep the playhead where it is, and are named', () => {
    const effects = { open: { do: () => {} }, boast: note('boast') };
    const playhead = new ScenePlayhead({ script, effects });
    playhead.seek(2.5);
    expect(() => playhead.seek(0)).toThrow(/undo of "open"/);
    expect(playhead.seconds).toBe(2.5);
    expect(() => {
      playhead.loop = { from: 0.5, to: 2.9 };
    }).toThrow(/undo of "open"/);
    playhead.seek(1.5);
    expect(playhead.seconds).toBe(1.5);
  });

  it('that the game does not have are told by their names', () => {
    const playhead = new ScenePlayhead({ script, effects: { open: note('open') } });
    expect(() => playhead.skipToEnd()).toThrow('expected a function of the game (open), got "boast"');
    expect(playhead.seconds).toBe(0);
  });
});

describe('a saved scene', () => {
  it('goes on where it was, choices and all', () => {
    const script = readScript({
      version: 1,
      beats: [
        {
          choose: [
            { text: 'Left.', beats: [{ wait: 2 }] },
            { text: 'Right.', beats: [{ wait: 5 }] },
          ],
        },
        { wait: 1 },
      ],
    });
    const first = new ScenePlayhead({ script });
    first.choose(1);
    first.seek(4.25);
    const saved = JSON.parse(JSON.stringify({ seconds: first.seconds, decisions: [...first.decisions] }));
    const second = new ScenePlayhead({ script, decisions: saved.decisions });
    second.seek(saved.seconds);
    expect([second.seconds, second.timeline.end]).toEqual([4.25, 6]);
    second.revoke('beats[0]#1');
    expect([second.seconds, second.hold?.offers?.length]).toEqual([0, 2]);
  });
});
