import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { CHANNEL, createPose, FACE_PARTS, FIRST_PART } from '../../../src/pose/channels.ts';
import { EMOTION_NAMES, resolveEmotion } from '../../../src/pose/emotion.ts';
import { FACE_SHARE, FaceFrames, HEAD_ROLL_SHAPE } from '../../../src/pose/face-frames.ts';
import { FaceLayer } from '../../../src/pose/face-layer.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { createMoment, MOMENT } from '../../../src/pose/moment.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';
import { loadFace, type MeasuredFace } from '../../kit/character-file.ts';
import { syllables } from '../../kit/syllables.ts';

const FPS = 60;
const everything = () => true;

/** A face that is never at rest: each part swings by itself, all of them wide. */
function wildFrames(seconds: number): FaceFrames {
  const frames = Float32Array.from({ length: Math.ceil(seconds * FPS) * SHAPE_COUNT }, (_, index) => {
    const [frame, shape] = [Math.floor(index / SHAPE_COUNT), index % SHAPE_COUNT];
    return 0.4 + 0.3 * Math.sin(frame / (4 + (shape % 7)) + shape);
  });
  const face = new FaceFrames();
  face.add({ fps: FPS, from: 0, frames });
  face.end(seconds);
  return face;
}

describe.each(['mira', 'tomas'])('the lips of %s under frames of a face', (name) => {
  let character: MeasuredFace;

  beforeAll(async () => {
    character = await loadFace(name);
  }, 60_000);
  afterAll(() => character?.dispose());

  it.each(EMOTION_NAMES)('meet on every p b m whatever the frames do, feeling %s', (feeling) => {
    const emotion = resolveEmotion('test', { name: feeling, intensity: 1 });
    const pose = createPose();
    const row = new Float32Array(ROW);
    const undertones = new Undertones(everything);
    for (const speed of [0.5, 1, 2]) {
      const cues = syllables(speed);
      const duration = cues.at(-1)!.end;
      const curve = new PoseCurve();
      curve.addCues(cues);
      curve.end(duration);
      const frames = wildFrames(duration);
      const layer = new FaceLayer(everything, true);
      const moment = createMoment();
      moment[MOMENT.speaking] = 1;
      const widest = (time: number): number => {
        clearPose(pose);
        pose.set(emotion);
        curve.sample(time, row);
        frames.sampleAt(Float64Array.of(time), 0, layer.row);
        layer.begin(row, moment);
        addVisemes(pose, row, moment);
        settleMouth(pose, undefined, moment);
        undertones.add(pose, row, moment);
        layer.add(pose, moment);
        character.face.write(pose);
        return character.lips.widest();
      };
      let open = 0;
      for (const { viseme, start, end } of cues) {
        if (viseme === 'aa') open = Math.max(open, widest((start + end) / 2));
        if (viseme !== 'PP') continue;
        let narrowest = Number.POSITIVE_INFINITY;
        for (let time = start - 0.03; time <= end + 0.03; time += 1 / 60)
          narrowest = Math.min(narrowest, widest(time));
        expect(narrowest, `at ${start.toFixed(2)} s, speed ${speed}`).toBeLessThan(1);
      }
      expect(open).toBeGreaterThan(4);
    }
  });
});

describe('frames on a pose', () => {
  const row = new Float32Array(ROW);

  it('are there as they are, where nothing touches and nothing else moves', () => {
    const weights = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 55, maxLength: 55 });
    fc.assert(
      fc.property(weights, fc.float({ min: 0, max: 1, noNaN: true }), (frame, share) => {
        const layer = new FaceLayer(everything, true);
        layer.row.set(frame);
        layer.row[FACE_SHARE] = share;
        const pose = createPose();
        const moment = createMoment();
        moment[MOMENT.speaking] = 1;
        row.fill(0);
        layer.begin(row, moment);
        settleMouth(pose, undefined, moment);
        layer.add(pose, moment);
        for (let part = 0; part < FACE_PARTS.length; part++)
          expect(pose[FIRST_PART + part]).toBeCloseTo(frame[part]! * share, 5);
        expect(pose[CHANNEL.headRoll]).toBeCloseTo(Math.min(frame[HEAD_ROLL_SHAPE]! * share, 0.35), 5);
      }),
      { seed: 1 },
    );
  });

  it('are nothing on a face without ARKit’s mouth, and visemes are left alone', () => {
    for (const layer of [
      new FaceLayer((part) => /^eye|^brow|jawOpen/.test(part), true),
      new FaceLayer(everything, false),
    ]) {
      expect(layer.able).toBe(false);
      layer.row.fill(0.5);
      layer.row[FACE_SHARE] = 1;
      const moment = createMoment();
      moment[MOMENT.speaking] = 1;
      row.fill(0.3);
      layer.begin(row, moment);
      expect([...row]).toEqual(new Array(ROW).fill(Math.fround(0.3)));
      const pose = createPose();
      layer.add(pose, moment);
      expect(pose.every((weight) => weight === 0)).toBe(true);
    }
  });
});
