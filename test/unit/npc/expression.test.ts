import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/speech/errors.ts';
import { addNode } from '../face/rigs.ts';
import { wordsOf } from '../pose/moments.ts';
import { Actor, CALM, open, trackOf, until } from './actor.ts';

describe('the gaze of an NPC', () => {
  it('is on the player while it speaks and a little longer, and wanders before and after', async () => {
    const { parley, frame, view } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI + 0.4);
    const misses: number[] = [];
    for (let i = 0; i < 40; i++) {
      await frame(0.25);
      misses.push(mira.misses(view()));
    }
    expect(misses.filter((miss) => miss > 8).length).toBeGreaterThan(10);
    const line = mira.npc.say(trackOf('Come in.', 2));
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await frame(1);
    expect(mira.misses(view())).toBeLessThan(1);
    await frame(1.5);
    expect(line.ended).toBe(true);
    expect(mira.misses(view())).toBeLessThan(1);
    await frame(1.5);
    expect(mira.misses(view())).toBeGreaterThan(2);
  });

  it('follows the camera, a node, a point and another NPC, and stops at nobody', async () => {
    const { scene, camera, parley, frame, view } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const tomas = new Actor(parley, 'Tomas', new Vector3(1.2, 0, -1), 2);
    mira.npc.lookAt('player');
    await frame(1);
    expect(mira.misses(view())).toBeLessThan(1);
    camera.alpha += 0.5;
    camera.beta -= 0.2;
    await frame(1.5);
    expect(mira.misses(view())).toBeLessThan(1);
    const cup = addNode(scene, 'cup', tomas.root);
    cup.position.set(0, 1.2, 0.3);
    mira.npc.lookAt(cup);
    await frame(1.5);
    expect(mira.misses(cup.getAbsolutePosition())).toBeLessThan(1);
    const point = new Vector3(-1, 1.2, -2);
    mira.npc.lookAt(point);
    await frame(1.5);
    expect(mira.misses(point)).toBeLessThan(1);
    mira.npc.lookAt(tomas.npc);
    await frame(1.5);
    expect(mira.misses(tomas.eyes)).toBeLessThan(3); // One of the two eyes.
    mira.npc.lookAt('nobody');
    await frame(1.5);
    expect(mira.misses(tomas.eyes)).toBeGreaterThan(10);
  });

  it('gives up what leaves the scene', async () => {
    const { scene, parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const cup = addNode(scene, 'cup');
    const at = new Vector3(0.7, 1.2, -1);
    cup.position.copyFrom(at);
    mira.npc.lookAt(cup);
    await frame(1);
    expect(mira.misses(at)).toBeLessThan(1);
    cup.dispose();
    await frame(2);
    expect(mira.misses(at)).toBeGreaterThan(8);
  });

  it('turns to another NPC that speaks near by, and not to one far away', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const tomas = new Actor(parley, 'Tomas', new Vector3(1.5, 0, -1.5), 2);
    const far = new Actor(parley, 'Far', new Vector3(-3, 0, -20), 0);
    const deaf = new Actor(parley, 'Deaf', new Vector3(-0.5, 0, 0), Math.PI, {
      life: { ...CALM, listening: false },
    });
    far.npc.say(trackOf('Halloo there, is anybody in', 4));
    await frame(2);
    expect(mira.misses(far.eyes)).toBeGreaterThan(2);
    const line = tomas.npc.say(trackOf('Good evening, all of you in here.', 3));
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await frame(2.5);
    expect(mira.misses(tomas.eyes)).toBeLessThan(3);
    expect(deaf.misses(tomas.eyes)).toBeGreaterThan(5);
    await frame(4.5);
    expect(mira.misses(tomas.eyes)).toBeGreaterThan(5);
  });

  it('is refused for what cannot be looked at', async () => {
    const { parley } = await open();
    const { npc } = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    for (const wrong of ['camera', undefined, null, 3, { x: 1, y: Number.NaN, z: 0 }]) {
      expect(() => npc.lookAt(wrong as 'player')).toThrow(InputError);
    }
    expect(() => npc.lookAt('camera' as 'player')).toThrow(/'player'.*"camera"/);
  });
});

describe('the emotion of an NPC', () => {
  it('is told in the report, also of the game’s own: how much of it the face can show', async () => {
    const { parley } = await open({ emotions: { smug: { mouthSmileLeft: 0.4 } } });
    const { emotions } = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI).npc.face!;
    expect(emotions.happy).toEqual({ share: 1, missing: [] });
    expect(emotions.smug).toEqual({ share: 1, missing: [] });
    const crate = parley.addNpc(addNode(parley.scene, 'crate'), { name: 'Crate' });
    expect(crate.face!.emotions.smug).toEqual({ share: 0, missing: ['mouthSmileLeft'] });
  });

  it('comes with a line and goes after it', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const line = mira.npc.say(trackOf('Come in.', 2), { emotion: 'happy' });
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await frame(1);
    const full = mira.weight('mouthSmileLeft');
    expect(full).toBeGreaterThan(0.5);
    await until(() => line.ended, frame);
    await frame(0.7);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.8 * full);
    await frame(1.2);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.001);
  });

  it('may be a standing mood, weaker, without a name, or of the game’s own', async () => {
    const { parley, frame } = await open({ emotions: { smug: { mouthSmileLeft: 0.4 } } });
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI, {
      emotion: { name: 'sad', intensity: 0.5 },
    });
    await frame(1.2);
    const sad = mira.weight('mouthFrownLeft');
    expect(sad).toBeGreaterThan(0.2);
    expect(mira.npc.emotion).toEqual({ name: 'sad', intensity: 0.5 });
    mira.npc.emotion = 'sad';
    await frame(1.2);
    expect(mira.weight('mouthFrownLeft')).toBeCloseTo(2 * sad);
    mira.npc.emotion = { weights: { cheekPuff: 0.6 } };
    await frame(1.2);
    expect(mira.weight('cheekPuff')).toBeCloseTo(0.6);
    mira.npc.emotion = 'smug';
    await frame(1.2);
    expect(mira.weight('mouthSmileLeft')).toBeCloseTo(0.4);
    expect(mira.weight('cheekPuff')).toBeLessThan(0.001);
    mira.npc.emotion = 'neutral';
  });

  it('is kept by the rest of a line that was stopped', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const line = mira.npc.say(trackOf('Come in, dear friend.', 3), { emotion: 'happy' });
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await frame(0.5);
    void line.stop();
    await until(() => line.ended, frame);
    await frame(2);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.001);
    const rest = mira.npc.continue(line);
    await until(() => rest?.state === 'speaking' && rest.fetched, frame);
    await frame(0.8);
    expect(mira.weight('mouthSmileLeft')).toBeGreaterThan(0.5);
  });

  it('of the text is kept by the rest of a line that was stopped within it', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const text = 'Come in. <emotion happy>My dear old friend.</emotion>';
    const words = wordsOf(text.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length)));
    const line = mira.npc.say({ ...trackOf(text, 5), words });
    const old = words.find((word) => word.text.startsWith('old'))!;
    await until(() => line.playhead > old.start, frame);
    void line.stop();
    await until(() => line.ended, frame);
    await frame(2);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.001);
    const rest = mira.npc.continue(line);
    await until(() => rest?.state === 'speaking' && rest.fetched, frame);
    expect(rest?.text).toBe('<emotion happy>old friend.</emotion>');
    await frame(0.8);
    expect(mira.weight('mouthSmileLeft')).toBeGreaterThan(0.5);
  });

  it('comes and goes as fast as the game says', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const line = mira.npc.say(trackOf('Come in, dear friend.', 3), {
      emotion: { name: 'happy', intensity: 0.8, onset: 2, decay: 3 },
    });
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await until(() => line.playhead > 1, frame);
    const half = mira.weight('mouthSmileLeft');
    await until(() => line.playhead > 2.2, frame);
    const full = mira.weight('mouthSmileLeft');
    expect(half / full).toBeGreaterThan(0.4);
    expect(half / full).toBeLessThan(0.6);
    await until(() => line.ended, frame);
    await frame(1.5);
    expect(mira.weight('mouthSmileLeft') / full).toBeGreaterThan(0.3);
    await frame(1.8);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.001);
  });

  it('of the text comes at its words and goes after them, the same whenever that moment is heard', async () => {
    const { parley, frame } = await open({ emotions: { smug: { mouthSmileLeft: 0.4 } } });
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI, { life: false });
    const text = 'Come in. <emotion sad>He is gone.</emotion> And I, <emotion smug>I knew.';
    const words = wordsOf(text.replace(/<[^>]*>/g, (tag) => ' '.repeat(tag.length)));
    const startOf = (word: string) => words.find((each) => each.text === word)!.start;
    const line = mira.npc.say({ ...trackOf(text, 5), words });
    const told: number[][] = [];
    const watch = async (from: number) => {
      for (; line.playhead < from || line.playhead > from + 0.5; ) await frame();
      for (; line.playhead < 4.4; ) {
        await frame();
        told.push([line.playhead, mira.weight('mouthFrownLeft'), mira.weight('mouthSmileLeft')]);
      }
    };
    await until(() => line.state === 'speaking' && line.fetched, frame);
    await watch(0.1);
    const at = (seconds: number, of = told) =>
      of.reduce((best, each) => (Math.abs(each[0]! - seconds) < Math.abs(best[0]! - seconds) ? each : best));
    expect(at(startOf('He'))[1]).toBeLessThan(0.01);
    expect(at(startOf('gone'))[1]).toBeGreaterThan(0.4);
    expect(at(startOf('I') + 0.3)[1]).toBeLessThan(0.05);
    expect(at(4.3)[2]).toBeGreaterThan(0.2); // A smile gives way to speech in part.
    const first = told.splice(0);
    line.seek(0.2);
    await watch(0.2);
    expect(told.length).toBeGreaterThan(100);
    for (const [playhead, frown, smile] of told) {
      const then = at(playhead!, first);
      const near = 3 * Math.abs(then[0]! - playhead!) + 2e-4; // And what was moved once is held a hair above 0.
      expect(Math.abs(frown! - then[1]!)).toBeLessThan(near);
      expect(Math.abs(smile! - then[2]!)).toBeLessThan(near);
    }
    await until(() => line.ended, frame);
    expect(mira.weight('mouthSmileLeft')).toBeGreaterThan(0.2);
    await frame(1.7);
    expect(mira.weight('mouthSmileLeft')).toBeLessThan(0.001);
  });

  it('may be set in every frame', async () => {
    const { scene, parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    scene.onBeforeRenderObservable.add(() => {
      mira.npc.emotion = { name: 'happy', intensity: 0.5 };
    });
    await frame(1.2);
    expect(mira.weight('mouthSmileLeft')).toBeGreaterThan(0.2);
  });

  it('of a mood that is set comes as fast as the game says', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    mira.npc.emotion = { name: 'angry', onset: 3 };
    await frame(1.5);
    const half = mira.weight('browDownLeft');
    await frame(1.7);
    expect(half / mira.weight('browDownLeft')).toBeCloseTo(0.5, 1);
    expect(() => {
      mira.npc.emotion = { name: 'angry', onset: 0 };
    }).toThrow(InputError);
    expect(mira.npc.emotion).toEqual({ name: 'angry', onset: 3 });
  });

  it('that is unknown is refused where it is named', async () => {
    const { parley } = await open();
    const { npc, root } = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    expect(() => npc.say('Hello.', { emotion: 'joyful' })).toThrow(/one of neutral, .*"joyful"/);
    expect(npc.speaking).toBe(false);
    expect(() => {
      npc.emotion = 'joyful';
    }).toThrow(InputError);
    expect(npc.emotion).toBe('neutral');
    expect(() => parley.addNpc(addNode(parley.scene, 'x', root), { name: 'X', emotion: 'joyful' })).toThrow(
      /"X"/,
    );
    await expect(open({ emotions: { smug: { grin: 1 } as object } })).rejects.toThrow(/smug.*"grin"/);
  });
});
