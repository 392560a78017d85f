import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { Gaze } from '../../../src/pose/gaze.ts';
import { MOMENT } from '../../../src/pose/moment.ts';
import { Phrasing } from '../../../src/pose/phrasing.ts';
import { SIGHT, SIGHT_LENGTH } from '../../../src/pose/sight.ts';
import { momentOf, phrasingOf } from './moments.ts';

const FPS = 60;
const SILENCE = new Phrasing(0);
const { headYaw, headPitch, eyeYaw, eyePitch, eyeVergence } = CHANNEL;
const DEGREE = Math.PI / 180;

interface Frame {
  readonly pose: Float32Array;
  readonly time: number;
}

/** What a gaze does with points by time: yaw and pitch in degrees, or nothing; a change of `turn` is another point. */
function watch(
  at: (time: number) => { yaw: number; pitch?: number; vergence?: number; turn?: number } | undefined,
  seconds = 4,
  seed = 1,
): Frame[] {
  const gaze = new Gaze(seed);
  const moment = momentOf({});
  const sight = new Float64Array(SIGHT_LENGTH);
  return Array.from({ length: seconds * FPS }, (_, frame) => {
    const time = 10 + frame / FPS;
    const seen = at(time - 10);
    moment[MOMENT.time] = time;
    sight[SIGHT.yaw] = (seen?.yaw ?? 0) * DEGREE;
    sight[SIGHT.pitch] = (seen?.pitch ?? 0) * DEGREE;
    sight[SIGHT.vergence] = (seen?.vergence ?? 0) * DEGREE;
    const pose = createPose();
    gaze.turnHead(pose, moment, seen && sight, seen?.turn ?? 0);
    gaze.turnEyes(pose, moment, SILENCE);
    return { pose, time: time - 10 };
  });
}

const lookOf = (pose: Float32Array): number => (pose[headYaw]! + pose[eyeYaw]!) / DEGREE;

describe('gaze', () => {
  it('is on its point as soon as it has one, and by eyes alone where that is near', () => {
    const [frame] = watch(() => ({ yaw: 5, pitch: -2, vergence: 1 }), 1);
    expect(frame!.pose[headYaw]).toBe(0);
    expect(frame!.pose[eyeYaw]! / DEGREE).toBeCloseTo(5);
    expect(frame!.pose[eyePitch]! / DEGREE).toBeCloseTo(-2);
    expect(frame!.pose[eyeVergence]! / DEGREE).toBeCloseTo(1);
  });

  it('is on any point within reach, with the head doing most of the way, and neither beyond its limits', () => {
    const angles = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(angles, fc.double({ min: -80, max: 80, noNaN: true }), (yaw, pitch) => {
        const { pose } = watch(() => ({ yaw, pitch }), 0.1)[0]!;
        const [head, eye] = [pose[headYaw]! / DEGREE, pose[eyeYaw]! / DEGREE];
        expect(Math.abs(head)).toBeLessThanOrEqual(55.1);
        expect(Math.abs(eye)).toBeLessThanOrEqual(30);
        expect(Math.abs(pose[headPitch]!) / DEGREE).toBeLessThanOrEqual(30);
        expect(Math.abs(pose[eyePitch]!) / DEGREE).toBeLessThanOrEqual(27);
        if (Math.hypot(yaw, pitch) < 40) {
          expect(lookOf(pose)).toBeCloseTo(yaw, 3);
          expect((pose[headPitch]! + pose[eyePitch]!) / DEGREE).toBeCloseTo(pitch, 3);
        }
        if (Math.abs(yaw) > 35 && Math.abs(yaw) < 80) expect(Math.abs(head)).toBeGreaterThan(Math.abs(eye));
        if (Math.hypot(yaw, pitch) > 131) expect([head, eye].map(Math.abs)).toEqual([0, 0]);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('goes on to another point with the eyes first, then the head, and ends on it', () => {
    const frames = watch((time) => (time < 1 ? { yaw: -15, turn: 1 } : { yaw: 25, turn: 2 }));
    const at = (seconds: number): Float32Array => frames[Math.round((1 + seconds) * FPS)]!.pose;
    const [start, end] = [at(-0.1)[headYaw]!, at(2)[headYaw]!];
    const done = (seconds: number): number => (at(seconds)[headYaw]! - start) / (end - start);
    expect(lookOf(at(-0.02))).toBeCloseTo(-15, 3);
    expect(lookOf(at(0.12))).toBeGreaterThan(17); // The eyes are there, or as far as they go.
    expect(done(0.06)).toBeLessThan(0.1);
    expect(done(0.12)).toBeLessThan(0.4);
    expect(done(0.7)).toBeGreaterThan(0.98);
    expect(lookOf(at(0.7))).toBeCloseTo(25, 2);
    const heads = frames.map(({ pose }) => pose[headYaw]!);
    const steps = heads.slice(1).map((yaw, i) => Math.abs(yaw - heads[i]!));
    expect((Math.max(...steps) * FPS) / DEGREE).toBeLessThan(150); // Degrees a second.
  });

  it('follows what moves, the head a little behind, the eyes on it', () => {
    const frames = watch((time) => ({ yaw: 30 * Math.sin(time * 2) }));
    for (const { pose, time } of frames) expect(lookOf(pose)).toBeCloseTo(30 * Math.sin(time * 2), 2);
    const heads = frames.map(({ pose }) => pose[headYaw]!);
    const peak = heads.slice(0, 90).indexOf(Math.max(...heads.slice(0, 90))) / FPS;
    expect(peak).toBeGreaterThan(Math.PI / 4 + 0.05);
    expect(peak).toBeLessThan(Math.PI / 4 + 0.3);
  });

  it('takes a point that jumps for another one, and goes back when that turns again on the way', () => {
    for (const back of [0.05, 0.1, 0.3]) {
      const frames = watch((time) => ({ yaw: time < 1 ? 20 : time < 1 + back ? -25 : 20 }));
      const heads = frames.map(({ pose }) => pose[headYaw]!);
      const steps = heads.slice(1).map((yaw, i) => Math.abs(yaw - heads[i]!));
      expect((Math.max(...steps) * FPS) / DEGREE).toBeLessThan(200);
      expect(lookOf(frames.at(-1)!.pose)).toBeCloseTo(20, 2);
    }
  });

  it('looks about where there is no point: never far, to another place every few seconds', () => {
    const frames = watch(() => undefined, 60);
    const looks = frames.map(({ pose }) => lookOf(pose));
    expect(Math.max(...looks.map(Math.abs))).toBeLessThan(25);
    const turns = looks.filter((look, i) => Math.abs(look - (looks[i - 1] ?? look)) > 2).length;
    expect(turns).toBeGreaterThan(8);
    expect(watch(() => undefined, 10, 2)).not.toEqual(frames.slice(0, 10 * FPS));
  });

  it('looks away now and then in longer phrases, and back before they end', () => {
    const text = 'I remember the winter of the great flood when nobody crossed that old bridge.';
    let away = 0;
    for (let seed = 0; seed < 40; seed++) {
      const gaze = new Gaze(seed);
      const phrasing = phrasingOf(text);
      const end = phrasing.phraseEnd[0]!;
      const sight = new Float64Array(SIGHT_LENGTH);
      const looks = Array.from({ length: Math.ceil(end * FPS) }, (_, frame) => {
        const moment = momentOf({ time: frame / FPS, playhead: frame / FPS, speaking: 1 });
        phrasing.follow(moment);
        const pose = createPose();
        gaze.turnHead(pose, moment, sight, 1);
        gaze.turnEyes(pose, moment, phrasing);
        return Math.abs(lookOf(pose));
      });
      if (Math.max(...looks) > 4) away++;
      expect(Math.max(...looks)).toBeLessThan(13);
      expect(looks.at(-1)).toBeLessThan(0.1);
      expect(looks.filter((look) => look > 2).length / FPS).toBeLessThan(1.6);
    }
    expect(away).toBeGreaterThan(10);
    expect(away).toBeLessThan(30);
  });
});
