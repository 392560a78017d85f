import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { Director, type RingChange } from '../../../src/npc/director.ts';
import type { Line } from '../../../src/npc/line.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { VISEME_INDEX } from '../../../src/speech/viseme.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { Actor, open, trackOf, until } from './actor.ts';

/** In front of the player, who stands at z = -3 and looks along +z. */
const inFront = (parley: Parley, name: string, metres: number, aside = 0) =>
  new Actor(parley, name, new Vector3(aside, 0, metres - 3), Math.PI);

/** "Ah" and "oo" in turn. */
function ahs(seconds: number) {
  const cues = Array.from({ length: seconds * 4 }, (_, index) => ({
    viseme: index % 2 === 0 ? ('aa' as const) : ('U' as const),
    start: index / 4,
    end: (index + 1) / 4,
    weight: 1,
  }));
  return { ...trackOf('Ah, oo.', seconds), cues };
}

it('a line that is said out of hearing before the first frame passes in its time from there on', async () => {
  const { parley, frame } = await open({ director: new Director() });
  const { npc } = inFront(parley, 'far away', 60);
  const line = npc.say(trackOf('Nobody hears it.', 0.9));
  await frame(0.5);
  expect(line.state).toBe('queued');
  await frame(0.6);
  expect(line.state).toBe('finished');
});

describe('rings', () => {
  it('are near, middle and far by distance, and told when they change', async () => {
    const director = new Director({ faces: 1 });
    const told: RingChange[] = [];
    director.onRingObservable.add((change) => void told.push(change));
    const { parley, frame } = await open({ director });
    const actors = [2, 6, 30, 60].map((metres) => inFront(parley, `at ${metres}`, metres));
    await frame(0.1);
    expect(actors.map(({ npc }) => npc.ring)).toEqual(['near', 'middle', 'far', 'unheard']);
    expect(told.map(({ npc, ring }) => `${npc.name}: ${ring}`).sort()).toEqual([
      'at 2: near',
      'at 30: far',
      'at 6: middle',
    ]);
    expect(director.count('middle')).toBe(1);
    actors[1]!.root.position.z = 17; // Twenty metres away.
    actors[0]!.root.removeBehavior(actors[0]!.npc);
    actors[2]!.root.position.z = 0;
    await frame(3);
    expect(actors.map(({ npc }) => npc.ring).slice(1)).toEqual(['middle', 'near', 'unheard']);
  });

  it('in the middle and afar the mouth is what it is near by, or opens as far; nothing else moves', async () => {
    const { parley, frame } = await open({ director: new Director({ faces: 1, mouths: 1 }) });
    const actors = [2, 5, 6].map((metres) => inFront(parley, `at ${metres}`, metres));
    const [near, middle, far] = actors as [Actor, Actor, Actor];
    await frame(1);
    for (const { npc } of actors) npc.emotion = 'happy';
    const lines = actors.map(({ npc }) => npc.say(ahs(3)));
    await until(() => lines.every((line) => line.state === 'speaking'), frame);
    const track = ahs(3);
    const curve = new PoseCurve();
    curve.addCues(track.cues);
    curve.addSound(track.samples, track.sampleRate);
    curve.end(track.duration);
    const visemes = [new Float32Array(15), new Float32Array(15), new Float32Array(15)];
    let widest = 0;
    for (let step = 0; step < 100; step++) {
      await frame();
      for (const [index, line] of lines.entries()) curve.sample(line.playhead, visemes[index]!);
      for (const [index, actor] of [near, middle].entries()) {
        expect(actor.weight('viseme_aa')).toBeCloseTo(visemes[index]![VISEME_INDEX.aa]!, 3);
        expect(actor.weight('viseme_U')).toBeCloseTo(visemes[index]![VISEME_INDEX.U]!, 3);
      }
      expect(far.weight('viseme_U')).toBeLessThan(0.001);
      expect(far.weight('viseme_aa')).toBeGreaterThan(visemes[2]![VISEME_INDEX.aa]! - 0.001);
      widest = Math.max(widest, far.weight('viseme_aa'));
    }
    expect(widest).toBeGreaterThan(0.3);
    expect(near.weight('mouthSmileLeft')).toBeGreaterThan(0.1);
    expect(middle.weight('mouthSmileLeft')).toBeLessThan(0.001);
    for (const line of lines) await line.stop();
    await frame(1);
    expect(middle.weight('viseme_aa') + far.weight('viseme_aa')).toBe(0);
  });

  it('a change of ring is not seen: no weight moves faster than a mouth does', async () => {
    const director = new Director({ faces: 1 });
    const { parley, frame } = await open({ director });
    const mira = inFront(parley, 'Mira', 3);
    mira.npc.emotion = 'happy';
    await frame(2);
    const smile = mira.weight('mouthSmileLeft');
    expect(smile).toBeGreaterThan(0.1);
    const seen = new Set<string>();
    let last = mira.state();
    for (let step = 0; step < 600; step++) {
      mira.root.position.z = Math.abs(((step / 300) % 2) - 1) * 20;
      await frame();
      seen.add(mira.npc.ring);
      const now = mira.state();
      for (const [index, value] of now.entries()) expect(Math.abs(value - last[index]!)).toBeLessThan(0.15);
      last = now;
    }
    expect([...seen].sort()).toEqual(['middle', 'near']);
  });

  it('who is out of the picture is a voice alone: the line goes on, and the face is right when it is back', async () => {
    const { parley, frame } = await open({ director: new Director() });
    const here = inFront(parley, 'here', 3);
    const there = new Actor(parley, 'there', new Vector3(0, 0, -8), Math.PI);
    await frame(1);
    expect(there.npc.ring).toBe('unseen');
    const lines = [here, there].map(({ npc }) => npc.say(ahs(3)));
    await until(() => lines.every((line) => line.playhead > 1), frame);
    expect(there.weight('viseme_aa') + there.weight('viseme_U')).toBe(0);
    there.root.position.set(0.5, 0, 0);
    await frame(0.1);
    expect(there.npc.ring).toBe('near');
    expect(there.weight('viseme_aa')).toBeCloseTo(here.weight('viseme_aa'), 5);
  });
});

describe('who speaks', () => {
  const order = (lines: Record<string, Line>) => {
    const begun: string[] = [];
    for (const [name, line] of Object.entries(lines)) {
      line.onStateObservable.add((state) => state === 'loading' && begun.push(name));
    }
    return begun;
  };

  it('as many as there are voices; then the one in front of the player, then the one that waits longest', async () => {
    const director = new Director({ voices: 1 });
    const { parley, frame } = await open({ director });
    const [first, back, front] = [inFront(parley, 'a', 4), inFront(parley, 'b', 20), inFront(parley, 'c', 2)];
    await frame(0.5);
    const lines = {
      a: first.npc.say(trackOf('a', 1)),
      b: back.npc.say(trackOf('b', 1)),
      c: front.npc.say(trackOf('c', 1)),
    };
    const begun = order(lines);
    expect([director.speaking, director.waiting]).toEqual([1, 2]);
    expect(lines.b.state).toBe('queued');
    for (let step = 0; step < 300 && !lines.b.ended; step++) await frame();
    expect(begun).toEqual(['a', 'c', 'b']);
    expect([director.speaking, director.waiting]).toEqual([0, 0]);
  });

  it('a line of the story ducks the chatter, holds what would begin, and takes a voice if none is free', async () => {
    const director = new Director({ voices: 2, duckDecibels: 12 });
    const { parley, frame } = await open({ director });
    const [a, b, c, quest] = ['a', 'b', 'c', 'quest'].map((name, index) => inFront(parley, name, 2 + index));
    await frame(0.5);
    const ducks: number[] = [];
    const { handleDuck } = a!.npc;
    a!.npc.handleDuck = (gain, glide) => {
      ducks.push(20 * Math.log10(gain));
      handleDuck.call(a!.npc, gain, glide);
    };
    const chatter = [a!.npc.say(trackOf('a', 4)), b!.npc.say(trackOf('b', 4)), c!.npc.say(trackOf('c', 1))];
    await frame(0.5);
    const line = quest!.npc.say(trackOf('quest', 1), { priority: 1 });
    await until(() => line.state === 'speaking' && chatter[1]!.ended, frame);
    expect(chatter.map(({ state }) => state)).toEqual(['speaking', 'stopped', 'queued']);
    await frame(0.5);
    expect(ducks.at(-1)).toBeCloseTo(-12);
    await until(() => line.ended, frame);
    await until(() => chatter[2]!.state === 'speaking', frame);
    await frame(0.3);
    expect(ducks.at(-1)).toBeCloseTo(0);
  });

  it('who is stopped or leaves while waiting gives up its turn', async () => {
    const director = new Director({ voices: 1 });
    const { parley, frame } = await open({ director });
    const [a, b, c] = ['a', 'b', 'c'].map((name, index) => inFront(parley, name, 2 + index));
    await frame(0.5);
    const first = a!.npc.say(trackOf('a', 1));
    const waiting = b!.npc.say(trackOf('b', 1));
    const last = c!.npc.say(trackOf('c', 1));
    expect(await waiting.stop()).toMatchObject({ text: '', seconds: 0 });
    expect(director.waiting).toBe(1);
    b!.npc.say(trackOf('b', 1));
    b!.root.removeBehavior(b!.npc);
    await until(() => first.ended, frame);
    await until(() => last.ended, frame);
    expect(await last.finished).toMatchObject({ outcome: 'finished' });
    expect([director.speaking, director.waiting]).toEqual([0, 0]);
  });
});

describe('out of hearing', () => {
  it('nothing is fetched, and a line ends when it would have', async () => {
    const voices = toneVoices();
    const asked: string[] = [];
    const speak = voices.speak.bind(voices);
    voices.speak = (request, signal) => {
      asked.push(request.text);
      return speak(request, signal);
    };
    const director = new Director({ hearingMetres: 20 });
    const { parley, frame } = await open({ director, voices });
    const far = inFront(parley, 'far', 30);
    await frame(0.5);
    const text = 'Nobody hears what is said in here.'; // 34 letters: some 2.3 seconds.
    const line = far.npc.say(text);
    const next = far.npc.say(trackOf('a track', 1));
    await frame(2);
    expect(line.ended).toBe(false);
    await frame(0.5);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    await frame(0.7);
    expect(next.ended).toBe(false);
    await frame(0.5);
    expect(await next.finished).toMatchObject({ outcome: 'finished', seconds: 1 });
    expect(asked).toEqual([]);
  });

  it('whoever comes within hearing is joined at the place that the line has reached', async () => {
    const director = new Director({ hearingMetres: 20 });
    const { parley, frame } = await open({ director });
    const far = inFront(parley, 'far', 30);
    await frame(0.5);
    const line = far.npc.say(ahs(6));
    await frame(2);
    expect(line.state).toBe('queued');
    far.root.position.z = 0;
    let seconds = 0;
    while (line.state !== 'speaking' && seconds < 3) {
      await frame();
      seconds += 1 / 60;
    }
    expect(line.playhead).toBeGreaterThan(1.9);
    expect(line.playhead).toBeLessThan(2.1 + seconds);
    await until(
      () => line.ended,
      () => frame(0.1),
    );
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: 6 });
  });

  it('a line that is stopped there tells that nothing was heard of it', async () => {
    const director = new Director({ hearingMetres: 20 });
    const { parley, frame } = await open({ director });
    const far = inFront(parley, 'far', 30);
    await frame(0.5);
    const line = far.npc.say(trackOf('a b', 2));
    await frame(1);
    expect(await far.npc.stop()).toMatchObject({ text: '', seconds: 0 });
    expect(line.state).toBe('stopped');
    await frame(2);
    expect([director.speaking, director.waiting]).toEqual([0, 0]);
  });
});

it('says what an option must be, and serves one Parley alone', async () => {
  expect(() => new Director({ voices: 0 })).toThrow(/from 1 to/);
  expect(() => new Director({ facse: 3 } as object)).toThrow(/faces, mouths/);
  const director = new Director({ faces: undefined as unknown as number });
  await open({ director });
  await expect(open({ director })).rejects.toThrow(InputError);
});
