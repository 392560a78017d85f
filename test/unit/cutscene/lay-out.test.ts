import { describe, expect, it } from 'vitest';
import type { Given } from '../../../src/cutscene/given.ts';
import { layOut } from '../../../src/cutscene/lay-out.ts';
import { cutscene, type SceneWriter } from '../../../src/cutscene/write-scene.ts';

/** Three seconds a line, a word a second. */
const given: Given = {
  timesOf: (_id, { say }) => ({
    duration: 3,
    words: say.split(' ').map((text, nth) => ({ text, start: nth, end: nth + 0.9 })),
    estimated: false,
  }),
  secondsOf: (name) => (name === 'wave' ? 4 : undefined),
};

/** When its beats begin, by their places. */
function startsOf(scene: SceneWriter, more: Given = {}): Record<string, number> {
  const { beats, end } = layOut(scene.toScript(), { ...given, ...more });
  return { ...Object.fromEntries(beats.map(({ key, at }) => [key.split(' ')[0], at])), end };
}

describe('a scene in time', () => {
  it('goes from beat to beat, each after the one before unless it goes on meanwhile', () => {
    const scene = cutscene('row')
      .say('mira', 'Look up there')
      .move('gate', { turn: 90, over: 2, meanwhile: true })
      .wait(0.5)
      .animate('wave')
      .animate('unknown')
      .show('moon');
    expect(startsOf(scene)).toEqual({
      'beats[0]': 0,
      'beats[1]': 3,
      'beats[2]': 3,
      'beats[3]': 3.5,
      'beats[4]': 7.5,
      'beats[5]': 7.5,
      end: 7.5,
    });
  });

  it('goes on after the longest of rows that are side by side', () => {
    const scene = cutscene('rows')
      .parallel(
        (row) => row.wait(1).look('mira', 'gate'),
        (row) => row.say('tomas', 'One two three'),
      )
      .show('moon');
    expect(startsOf(scene)).toMatchObject({ 'beats[0].parallel[0][1]': 1, 'beats[1]': 3 });
  });

  it('has marks at their words, and waits for words and ends of lines', () => {
    const scene = cutscene('words')
      .say('mira', 'There is a dragon, dragon!', {
        id: 'warning',
        meanwhile: true,
        on: { 'dragon#2': (row) => row.wait(5).hide('dragon') },
      })
      .waitFor('warning', 'dragon')
      .look('tomas', 'gate')
      .waitFor('warning')
      .waitFor('warning', 'there');
    expect(startsOf(scene)).toEqual({
      'beats[0]': 0,
      'beats[0].marks[0].beats[0]': 4,
      'beats[0].marks[0].beats[1]': 9,
      'beats[1]': 0,
      'beats[2]': 3,
      'beats[3]': 3,
      'beats[4]': 3,
      end: 9,
    });
  });

  it('reads variables as they are at that moment, also from rows that began later', () => {
    const scene = cutscene('order')
      .variables({ met: false })
      .parallel(
        (row) => row.wait(2).set({ met: true }),
        (row) => row.wait(1).when({ variable: 'met', is: true }, (met) => met.show('early')),
        (row) => row.wait(3).when({ variable: 'met', is: true }, (met) => met.show('late')),
      );
    const { channels } = layOut(scene.toScript(), given);
    expect(channels).toEqual(['variable:met', 'shown:late']);
  });

  it('stands at the first thing that the player must do, with the choices that there are', () => {
    const scene = cutscene('choice')
      .parallel(
        (row) => row.wait(2).waitForPlayer(),
        (row) =>
          row
            .wait(1)
            .choose({
              Left: (left) => left.wait(1),
              Never: { if: { variable: 'met', is: true }, do: () => {} },
              Right: () => {},
            })
            .show('gate'),
        (row) => row.wait(1.5).show('moon'),
      )
      .show('end');
    const script = scene.toScript();
    const first = layOut(script, given);
    expect([first.end, first.hold?.offers]).toEqual([
      1,
      [
        { index: 0, text: 'Left' },
        { index: 2, text: 'Right' },
      ],
    ]);
    expect(first.channels).toEqual([]);
    const decisions = new Map([[first.hold!.key, 0]]);
    const second = layOut(script, { ...given, decisions });
    expect([second.end, second.hold?.offers, second.channels]).toEqual([
      2,
      undefined,
      ['shown:moon', 'shown:gate'],
    ]);
    decisions.set(second.hold!.key, 0);
    const third = layOut(script, { ...given, decisions });
    expect([third.end, third.hold, third.channels.at(-1)]).toEqual([2, undefined, 'shown:end']);
  });

  it('goes round as long as it is told, and names a round without end', () => {
    const twice = cutscene('round')
      .variables({ rounds: 0 })
      .label('again')
      .wait(1)
      .when({ variable: 'rounds', is: 0 }, (row) => row.set({ rounds: 1 }).goto('again'))
      .show('moon');
    expect(startsOf(twice).end).toBe(2);
    const forever = cutscene('mill').label('again').wait(1).goto('again').toScript();
    expect(() => layOut(forever)).toThrow(
      /^mill, beats\[\d\]: expected a scene of at most 10000 beats, got one that goes round/,
    );
  });

  it('names a shot and a line that are not there', () => {
    const shot = cutscene('lost')
      .shots({ wide: { position: [0, 0, 0], target: [0, 0, 1] } })
      .camera('far')
      .toScript();
    expect(() => layOut(shot)).toThrow(
      'lost, beats[0].camera: expected a shot of the script (wide) or a camera of the scene, got "far"',
    );
    const line = cutscene('lost').waitFor('nobody').toScript();
    expect(() => layOut(line)).toThrow(
      'lost, beats[0].wait.line: expected a line that begins before this beat, got "nobody"',
    );
  });

  it('glides from where a movement found it, also out of another one', () => {
    const scene = cutscene('glide')
      .parallel(
        (row) => row.move('gate', { turn: 90, over: 2, ease: 'linear' }),
        (row) => row.wait(1).move('gate', { turn: 0, over: 1, ease: 'linear' }),
      )
      .toScript();
    const timeline = layOut(scene, { initial: () => 10 });
    const values = [-1, 0, 0.5, 1, 1.5, 2, 9].map((at) => timeline.valueAt('turn:gate', at));
    expect(values).toEqual([10, 10, 30, 50, 25, 0, 0]);
  });

  it('stops an animation where it is, and says when lines are guessed', () => {
    const scene = cutscene('stop')
      .say('mira', 'Now.')
      .animate('wave', { speed: 2, meanwhile: true })
      .wait(1)
      .animate('wave', { speed: 0 });
    const { lines } = layOut(scene.toScript());
    expect(lines[0]!.times.estimated).toBe(true);
    const timeline = layOut(scene.toScript(), given);
    expect(timeline.lines[0]!.times.estimated).toBe(false);
    expect(timeline.valueAt('animation:wave', 8)).toEqual({
      since: 4,
      backwards: false,
      offset: 2,
      speed: 0,
      loop: false,
    });
  });
});
