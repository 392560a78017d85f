import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL, type Channel, createPose, FACE_PARTS } from '../../../src/pose/channels.ts';
import {
  checkEmotions,
  coverOfEmotions,
  EMOTION_NAMES,
  type EmotionChoice,
  resolveEmotion,
  resolveFeeling,
} from '../../../src/pose/emotion.ts';
import { MOMENT } from '../../../src/pose/moment.ts';
import { Mood } from '../../../src/pose/mood.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { momentOf } from './moments.ts';

const resolve = (choice: EmotionChoice): Float32Array => resolveEmotion('say({ emotion })', choice);

describe('an emotion', () => {
  it('is named, weaker where its intensity says so, or made of weights', () => {
    expect(resolve('happy')[CHANNEL.mouthSmileLeft]).toBeGreaterThan(0.5);
    expect(resolve({ name: 'happy', intensity: 0.5 })[CHANNEL.mouthSmileRight]).toBeCloseTo(
      resolve('happy')[CHANNEL.mouthSmileRight]! / 2,
    );
    const smug = resolve({ weights: { mouthSmileLeft: 0.4, browOuterUp: 0.6, headRoll: 0.1 } });
    expect(smug[CHANNEL.mouthSmileLeft]).toBeCloseTo(0.4);
    expect(smug[CHANNEL.mouthSmileRight]).toBe(0);
    expect([smug[CHANNEL.browOuterUpLeft], smug[CHANNEL.browOuterUpRight]]).toEqual(
      [0.6, 0.6].map(Math.fround),
    );
    expect(smug[CHANNEL.headRoll]).toBeCloseTo(0.1);
    expect(resolve('neutral')).toEqual(createPose());
  });

  it('may be of the game’s own, also in place of a known one', () => {
    const own = { smug: { mouthSmileLeft: 0.4 }, happy: { mouthSmile: 0.2 } };
    expect(resolveEmotion('x', 'smug', own)[CHANNEL.mouthSmileLeft]).toBeCloseTo(0.4);
    expect(resolveEmotion('x', 'happy', own)[CHANNEL.mouthSmileLeft]).toBeCloseTo(0.2);
  });

  it('differs from every other', () => {
    const layers = EMOTION_NAMES.map((name) => resolve(name).join());
    expect(new Set(layers).size).toBe(EMOTION_NAMES.length);
    expect(EMOTION_NAMES).toEqual([
      'neutral',
      'happy',
      'sad',
      'angry',
      'afraid',
      'surprised',
      'disgusted',
      'warm',
    ]);
  });

  it.each([
    ['joyful', /one of neutral, happy, .*"joyful"/],
    ['toString', /"toString"/],
    [{ name: 'happy', intensity: 1.2 }, /0 to 1.*1\.2/],
    [{ name: 'happy', intensity: Number.NaN }, /NaN/],
    [{ weights: { mouthGrin: 0.4 } }, /mouthSmile.*"mouthGrin"/],
    [{ weights: { mouthSmile: 2 } }, /0 to 1.*2/],
    [{ weights: { headPitch: 1 } }, /-0\.3 to 0\.3.*1/],
    [{ weights: null }, /null/],
    [undefined, /"undefined"|undefined/],
    [{}, /one of neutral/],
  ])('that is none is told by a typed error: %j', (choice, message) => {
    const act = (): unknown => resolve(choice as unknown as EmotionChoice);
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });

  it.each([
    [{ name: 'happy', onset: 0 }, /onset.*0\.05 to 10.*got 0/],
    [{ name: 'happy', decay: Number.NaN }, /decay.*NaN/],
    [{ weights: {}, onset: 11 }, /onset.*11/],
  ])('cannot come or go in no time: %j', (choice, message) => {
    expect(() => resolveFeeling('say({ emotion })', choice)).toThrow(message);
  });

  it('of the game’s own is checked by its name', () => {
    expect(() => checkEmotions('emotions', { smug: { grin: 1 } as object })).toThrow(
      /emotions\.smug.*"grin"/,
    );
    checkEmotions('emotions', { smug: { mouthSmile: 0.4 } });
  });

  it('says which parts a face lacks for it', () => {
    const whole = coverOfEmotions((channel) => (FACE_PARTS as readonly string[]).includes(channel));
    for (const name of EMOTION_NAMES) expect(whole[name]).toEqual({ share: 1, missing: [] });
    const browless = coverOfEmotions((channel) => /^(mouth|jaw|eye)/.test(channel), {
      smug: { browDownLeft: 0.2, mouthSmile: 0.3 },
    });
    expect(browless.angry!.share).toBeLessThan(0.7);
    expect(browless.angry!.missing.slice(0, 2)).toEqual(['browDownLeft', 'browDownRight']);
    expect(browless.smug).toEqual({ share: expect.closeTo(0.75), missing: ['browDownLeft'] });
    const vrm = coverOfEmotions((channel) => channel === 'happy');
    expect(vrm.happy).toEqual({ share: 1, missing: [] });
    expect(vrm.sad!.share).toBe(0);
  });
});

describe('a mood', () => {
  const SMILE = CHANNEL.mouthSmileLeft;
  const happy = { layer: resolve('happy') };
  const sad = { layer: resolve('sad') };
  const shown = (mood: Mood, time: number, playhead = 0, channel: number = SMILE): number => {
    const pose = createPose();
    mood.add(pose, momentOf({ time, playhead }));
    return pose[channel]!;
  };
  const full = happy.layer[SMILE]!;

  it('comes by itself when it is set, from where the face is', () => {
    const mood = new Mood();
    expect(shown(mood, 5)).toBe(0);
    mood.stand(happy);
    expect(shown(mood, 5)).toBe(0);
    expect(shown(mood, 5.45)).toBeCloseTo(full / 2, 2);
    mood.stand({ layer: resolve('neutral') });
    expect(shown(mood, 5.45)).toBeCloseTo(full / 2, 2);
    expect(shown(mood, 6.5)).toBe(0);
  });

  it('comes also where it is set again in every frame', () => {
    const mood = new Mood();
    for (let frame = 0; frame <= 60; frame++) {
      mood.stand({ layer: resolve('happy') });
      shown(mood, 5 + frame / 60);
    }
    expect(shown(mood, 6)).toBeCloseTo(full);
  });

  it('of a line comes with the playhead alone, and goes after the line', () => {
    const mood = new Mood();
    mood.stand(sad);
    shown(mood, 0);
    shown(mood, 2);
    mood.begin(happy);
    expect([shown(mood, 3), shown(mood, 90)]).toEqual([0, 0]); // The line has no sound yet.
    expect(shown(mood, 90, 0.25)).toBeCloseTo(full / 2, 2);
    expect(shown(mood, 91, 0.5)).toBeCloseTo(full);
    expect(shown(mood, 91, 0.5, CHANNEL.mouthFrownLeft)).toBe(0);
    expect(shown(mood, 92, 0.1)).toBeCloseTo(full); // A jump back does not take it away.
    mood.end();
    mood.end();
    expect(shown(mood, 93)).toBeCloseTo(full);
    expect(shown(mood, 93.75)).toBeCloseTo(full / 2, 2);
    expect(shown(mood, 94.6)).toBe(0);
    expect(shown(mood, 94.6, 0, CHANNEL.mouthFrownLeft)).toBeCloseTo(sad.layer[CHANNEL.mouthFrownLeft]!);
  });

  it('that is set in a line with an emotion waits for its end', () => {
    const mood = new Mood();
    mood.begin(happy);
    shown(mood, 1, 1);
    mood.stand(sad);
    expect(shown(mood, 2, 2)).toBeCloseTo(full);
    mood.end();
    shown(mood, 3);
    expect(shown(mood, 5, 0, CHANNEL.mouthFrownLeft)).toBeCloseTo(sad.layer[CHANNEL.mouthFrownLeft]!);
  });

  it('stays in a line without an emotion', () => {
    const mood = new Mood();
    mood.stand(happy);
    shown(mood, 0);
    mood.begin(undefined);
    expect(shown(mood, 3, 1)).toBeCloseTo(full);
  });

  it('comes and goes as fast as it is told to', () => {
    const mood = new Mood();
    mood.stand(resolveFeeling('x', { name: 'sad', onset: 4 }));
    shown(mood, 0);
    expect(shown(mood, 2, 0, CHANNEL.mouthFrownLeft)).toBeCloseTo(sad.layer[CHANNEL.mouthFrownLeft]! / 2);
    mood.begin(resolveFeeling('x', { name: 'happy', onset: 2, decay: 6 }));
    expect(shown(mood, 9, 1)).toBeCloseTo(full / 2);
    expect(shown(mood, 9, 2)).toBeCloseTo(full);
    mood.end();
    shown(mood, 10);
    expect(shown(mood, 13)).toBeCloseTo(full / 2);
    expect(shown(mood, 16)).toBe(0);
  });

  it('never jumps, whatever happens', () => {
    const deeds = fc.array(
      fc.record({
        deed: fc.constantFrom('stand', 'begin', 'begin nothing', 'end', 'wait'),
        to: fc.constantFrom(...EMOTION_NAMES),
        frames: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(deeds, (all) => {
        const mood = new Mood();
        const moment = momentOf({});
        let last = createPose();
        for (const { deed, to, frames } of all) {
          if (deed === 'stand') mood.stand({ layer: resolve(to) });
          if (deed.startsWith('begin')) {
            mood.begin(deed === 'begin' ? { layer: resolve(to) } : undefined);
            moment[MOMENT.playhead] = 0;
          }
          if (deed === 'end') mood.end();
          for (let frame = 0; frame < frames; frame++) {
            moment[MOMENT.time]! += 0.01;
            moment[MOMENT.playhead]! += 0.01;
            const pose = createPose();
            mood.add(pose, moment);
            for (const channel of ['mouthSmileLeft', 'browInnerUp', 'jawOpen', 'headPitch'] as Channel[]) {
              const step = Math.abs(pose[CHANNEL[channel]]! - last[CHANNEL[channel]]!);
              expect(step).toBeLessThan(0.035); // 1.5 / 0.5 s of the whole way.
            }
            last = pose;
          }
        }
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
