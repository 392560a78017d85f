import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLINK_SECONDS, Blinks, lidAt } from '../../../src/pose/blink.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { LIFE_SIGNS, Life, type LifeOptions } from '../../../src/pose/life.ts';
import { MOMENT } from '../../../src/pose/moment.ts';
import { Nodding } from '../../../src/pose/nodding.ts';
import { PHRASE, Phrasing } from '../../../src/pose/phrasing.ts';
import { SIGHT_LENGTH } from '../../../src/pose/sight.ts';
import { momentOf, phrasingOf } from './moments.ts';

const FPS = 60;
const TEXT = 'Welcome, my weary traveller. Did you really walk the whole mountain path tonight? Come in.';

/** Poses of a life that says a text from second 2 on, and listens to one from second 12 on. */
function film(seed: number, options: LifeOptions = {}, seconds = 20): Float32Array[] {
  const life = new Life(seed, options);
  const [own, other] = [phrasingOf(TEXT, seed), phrasingOf(TEXT, seed + 1)];
  const [moment, heard] = [momentOf({}), momentOf({})];
  const hearing = { phrasing: other, moment: heard };
  const sight = new Float64Array(SIGHT_LENGTH);
  const length = own.phraseEnd.at(-1)!;
  return Array.from({ length: seconds * FPS }, (_, frame) => {
    const time = frame / FPS;
    const playhead = Math.min(Math.max(time - 2, 0), length);
    moment[MOMENT.time] = time;
    moment[MOMENT.playhead] = playhead;
    moment[MOMENT.speaking] = playhead > 0 && playhead < length ? 1 : 0;
    moment[MOMENT.waited] = playhead > 0 ? 0.5 : Math.max(0, time - 1.5);
    heard[MOMENT.playhead] = Math.min(Math.max(time - 12, 0), length);
    sight[0] = time > 8 ? 0.7 : 0.2;
    own.follow(moment);
    other.follow(heard);
    const pose = createPose();
    life.add(
      pose,
      moment,
      own,
      time > 1 ? sight : undefined,
      time > 8 ? 2 : 1,
      time > 11 ? hearing : undefined,
    );
    return pose;
  });
}

const spreadOf = (poses: readonly Float32Array[], channel: number): number => {
  const values = poses.map((pose) => pose[channel]!);
  return Math.max(...values) - Math.min(...values);
};

describe('life', () => {
  it('is the same in a replay, and another for another seed', () => {
    expect(film(5)).toEqual(film(5));
    expect(film(5)).not.toEqual(film(6));
  });

  it('lets each of its signs be turned off, and is still without any', () => {
    const whole = film(7);
    for (const sign of LIFE_SIGNS) expect(film(7, { [sign]: false }), sign).not.toEqual(whole);
    const none = Object.fromEntries(LIFE_SIGNS.map((sign) => [sign, false]));
    expect(film(3, none).every((pose) => pose.every((weight) => weight === 0))).toBe(true);
  });

  it('closes no eye without blinks, and turns nothing without gaze, sway, accents, breath and listening', () => {
    const blinkless = film(3, { blinks: false });
    expect(spreadOf(blinkless, CHANNEL.eyeBlinkLeft)).toBe(0);
    const still = film(3, { gaze: false, sway: false, accents: false, listening: false });
    for (const angle of ['headYaw', 'headPitch', 'headRoll'] as const)
      expect(spreadOf(still, CHANNEL[angle])).toBe(0);
    expect(spreadOf(film(3), CHANNEL.chestPitch)).toBeGreaterThan(0.015);
    expect(spreadOf(film(3, { breath: false }), CHANNEL.chestPitch)).toBe(0);
  });

  it('moves head and chest without jumps', () => {
    for (const seed of [1, 2, 3, 4]) {
      const poses = film(seed);
      for (const angle of ['headYaw', 'headPitch', 'headRoll', 'chestPitch'] as const) {
        const steps = poses
          .slice(1)
          .map((pose, i) => Math.abs(pose[CHANNEL[angle]]! - poses[i]![CHANNEL[angle]]!));
        expect(Math.max(...steps), angle).toBeLessThan(0.05); // 170° a second; a turn to the side reaches 100.
      }
    }
  });
});

function blinkStarts(seed: number, slots: number): number[] {
  const blinks = new Blinks(seed);
  return Array.from({ length: slots }, (_, slot) => blinks.startOf(slot)).filter(Number.isFinite);
}

/** How often lids close in these poses. */
function countBlinks(poses: readonly Float32Array[]): number {
  const shut = poses.map((pose) => pose[CHANNEL.eyeBlinkLeft]! > 0.7);
  return shut.filter((now, i) => now && !shut[i - 1]).length;
}

describe('blinks', () => {
  it('come as often as those of people at rest, and at no fixed pace', () => {
    for (const seed of [1, 2, 3]) {
      const starts = blinkStarts(seed, 250);
      const perMinute = starts.length / ((250 * 2.9) / 60);
      expect(perMinute).toBeGreaterThan(13);
      expect(perMinute).toBeLessThan(21);
      const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
      expect(Math.min(...gaps)).toBeGreaterThan(BLINK_SECONDS);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
      expect(spread / mean).toBeGreaterThan(0.3);
    }
  });

  it('shut the lid quickly and open it slowly', () => {
    const times = Array.from({ length: 500 }, (_, i) => (i / 500) * BLINK_SECONDS);
    const shut = times.filter((t) => lidAt(t) > 0.99);
    expect(Math.max(...times.map(lidAt))).toBe(1);
    expect(shut[0]!).toBeLessThan(BLINK_SECONDS - shut.at(-1)!);
    expect([0, BLINK_SECONDS, Number.NaN, Number.POSITIVE_INFINITY].map(lidAt)).toEqual([0, 0, 0, 0]);
  });

  it('close both eyes, and leave them open between', () => {
    const lids = film(9, {}, 100).map((pose) => pose[CHANNEL.eyeBlinkLeft]!);
    expect(Math.max(...lids)).toBeGreaterThan(0.9);
    expect(lids.filter((lid) => lid === 0).length / lids.length).toBeGreaterThan(0.8);
  });

  it('come with every great turn of the gaze that has none near, with no small one, and half of the ends of phrases', () => {
    /** In how many of 200 lives, where no other blink is near, this is followed by one. */
    const closedBy = (ended: number, turn: number): number => {
      let closed = 0;
      for (let i = 0; i < 200; i++) {
        const blinks = new Blinks(i);
        if ([33, 34, 35].some((slot) => Math.abs(blinks.startOf(slot) - 100) < 1)) continue;
        const size = Float64Array.of(turn);
        const turns = turn > 0 ? 1 : 0;
        blinks.add(createPose(), momentOf({ time: 100 }), ended, PHRASE.stop, turns, size);
        const pose = createPose();
        blinks.add(pose, momentOf({ time: 100.1 }), -1, 0, turns, size);
        if (pose[CHANNEL.eyeBlinkLeft]! > 0.9) closed++;
      }
      return closed;
    };
    const all = closedBy(-1, 1);
    expect(all).toBeGreaterThan(40);
    expect(closedBy(-1, 0.2)).toBe(0);
    expect(closedBy(-1, 0)).toBe(0);
    const ends = closedBy(3, 0);
    expect(ends / all).toBeGreaterThan(0.35);
    expect(ends / all).toBeLessThan(0.65);
  });

  it('are more in conversation than at rest', () => {
    const lives = 60;
    let [talking, silent] = [0, 0];
    for (let seed = 0; seed < lives; seed++) {
      const poses = film(seed, { gaze: false, listening: false }, 32);
      talking += countBlinks(poses.slice(2 * FPS, 9 * FPS)) / 7 / lives;
      silent += countBlinks(poses.slice(12 * FPS)) / 20 / lives;
    }
    expect(silent * 60).toBeGreaterThan(14);
    expect(silent * 60).toBeLessThan(20);
    expect(talking * 60).toBeGreaterThan(silent * 60 + 3);
    expect(talking * 60).toBeLessThan(32);
  });
});

describe('accents', () => {
  const text = 'the extraordinary gardeners of wonderland arrive';
  const still: LifeOptions = { sway: false, gaze: false, blinks: false, saccades: false, breath: false };
  const accent = (seed: number, said: string, playhead: number, speaking = 1): Float32Array => {
    const pose = createPose();
    const moment = momentOf({ playhead, speaking });
    const phrasing = phrasingOf(said, seed);
    phrasing.follow(moment);
    new Life(seed, still).add(pose, moment, phrasing, undefined, 0, undefined);
    return pose;
  };
  const nods = (seed: number): number[] =>
    Array.from({ length: 300 }, (_, i) => accent(seed, text, i * 0.01)[CHANNEL.headPitch]!);

  it('nod on some words, differently for another seed, always downwards', () => {
    expect(Math.min(...nods(1))).toBeLessThan(-0.015);
    expect(Math.max(...nods(1))).toBeLessThanOrEqual(0);
    expect(nods(1)).not.toEqual(nods(2));
  });

  it('leave light words alone', () => {
    for (let seed = 0; seed < 20; seed++) expect(accent(seed, 'the of a at', 0.15)).toEqual(createPose());
  });

  it('have no jumps, and are still before and after the words', () => {
    const steps = nods(3).map((nod, i, curve) => Math.abs(nod - (curve[i - 1] ?? nod)));
    expect(Math.max(...steps)).toBeLessThan(0.006);
    expect(accent(3, text, 0)).toEqual(createPose());
    expect(accent(3, text, 9)).toEqual(createPose());
  });

  it('are scaled away where the character does not speak', () => {
    expect(accent(1, text, 0.6, 0)).toEqual(createPose());
  });

  it('lift the brows in a question for yes or no, and lower them in one for a where', () => {
    const end = (said: string): number => phrasingOf(said).phraseEnd.at(-1)!;
    const yesNo = 'is it far to go';
    const where = 'where is it';
    expect(accent(1, `${yesNo}?`, end(yesNo))[CHANNEL.browInnerUp]).toBeGreaterThan(0.3);
    expect(accent(1, `${yesNo}.`, end(yesNo))[CHANNEL.browInnerUp]).toBeLessThan(0.25);
    expect(accent(1, `${where}?`, end(where))[CHANNEL.browDownLeft]).toBeGreaterThan(0.15);
  });
});

describe('breath', () => {
  const options: LifeOptions = { sway: false, gaze: false, blinks: false, saccades: false, accents: false };
  const chest = (fields: Parameters<typeof momentOf>[0]): number => {
    const pose = createPose();
    const phrasing = phrasingOf('Come in. Sit down.');
    phrasing.follow(momentOf(fields));
    new Life(1, options).add(pose, momentOf(fields), phrasing, undefined, 0, undefined);
    return pose[CHANNEL.chestPitch]!;
  };

  it('is drawn while a line is about to begin and in its pauses, and spent in the phrase', () => {
    expect(chest({})).toBe(0);
    expect(chest({ waited: 0.5 })).toBeGreaterThan(0.02);
    const { phraseStart } = phrasingOf('Come in. Sit down.');
    const next = phraseStart[1]!;
    expect(chest({ waited: 0.5, playhead: 0.01, speaking: 1 })).toBeGreaterThan(0.02);
    expect(chest({ playhead: next - 0.5, speaking: 1 })).toBeLessThan(0.002);
    expect(chest({ playhead: next, speaking: 1 })).toBeGreaterThan(0.02);
    expect(chest({ playhead: next + 1.7, speaking: 1 })).toBe(0);
  });
});

describe('lips that draw breath', () => {
  const options: LifeOptions = { sway: false, gaze: false, blinks: false, saccades: false, accents: false };
  const lips = (fields: Parameters<typeof momentOf>[0]): number => {
    const pose = createPose();
    const phrasing = phrasingOf('Come in. Sit down.');
    phrasing.follow(momentOf(fields));
    new Life(1, options).add(pose, momentOf(fields), phrasing, undefined, 0, undefined);
    return pose[CHANNEL.jawOpen]!;
  };

  it('part before a line and in its pauses, and not in the phrase', () => {
    const next = phrasingOf('Come in. Sit down.').phraseStart[1]!;
    expect(lips({})).toBe(0);
    expect(lips({ waited: 0.5 })).toBeGreaterThan(0.03);
    expect(lips({ playhead: next - 0.5, speaking: 1 })).toBeLessThan(0.002);
    expect(lips({ playhead: next - 0.02, speaking: 1 })).toBeGreaterThan(0.03);
    expect(lips({ playhead: next + 0.3, speaking: 1 })).toBe(0);
  });
});

describe('nods of a listener', () => {
  it('follow more than every third sentence, go down and come back', () => {
    let nodded = 0;
    for (let seed = 0; seed < 100; seed++) {
      const nodding = new Nodding(seed);
      const moment = momentOf({ time: 5 });
      const pitches = Array.from({ length: 120 }, (_, frame) => {
        moment[MOMENT.time] = 5 + frame / FPS;
        const pose = createPose();
        nodding.add(pose, moment, frame === 0 ? seed % 7 : -1, PHRASE.stop);
        return pose[CHANNEL.headPitch]!;
      });
      expect(pitches[0]).toBe(0);
      expect(pitches.at(-1)).toBe(0);
      expect(Math.max(...pitches)).toBe(0);
      if (Math.min(...pitches) < -0.05) nodded++;
    }
    expect(nodded).toBeGreaterThan(40);
    expect(nodded).toBeLessThan(80);
  });
});

describe('phrasing', () => {
  it('finds phrases by marks and pauses, and tells questions apart', () => {
    const { phraseStart, phraseEnd, phraseKind } = phrasingOf('Well, come in. Is it late? Why now');
    expect([...phraseKind]).toEqual([PHRASE.comma, PHRASE.stop, PHRASE.question, PHRASE.pause]);
    expect(
      [...phraseStart].every((start, i) => start < phraseEnd[i]! && start >= (phraseEnd[i - 1] ?? 0)),
    ).toBe(true);
    expect([...phrasingOf('Why now?').phraseKind]).toEqual([PHRASE.openQuestion]);
  });

  it('does not take the last word known for the end of a phrase while text is left', () => {
    const phrasing = new Phrasing(1);
    const words = [{ text: 'Come', start: 0, end: 0.3, from: 0, to: 4 }];
    phrasing.update(words, 'Come in');
    expect(phrasing.phraseEnd.length).toBe(0);
    words.push({ text: 'in', start: 0.3, end: 0.5, from: 5, to: 7 });
    phrasing.update(words, 'Come in');
    expect([...phrasing.phraseEnd]).toEqual([0.5]);
    phrasing.clear();
    expect(phrasing.phraseEnd.length).toBe(0);
  });

  it('follows the playhead wherever it goes', () => {
    const phrasing = phrasingOf(TEXT);
    const ends = [...phrasing.phraseEnd];
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 12, noNaN: true }), { minLength: 1 }), (playheads) => {
        for (const playhead of playheads) {
          phrasing.follow(momentOf({ playhead }));
          expect(phrasing.now).toBe(ends.filter((end) => end <= playhead).length);
        }
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
