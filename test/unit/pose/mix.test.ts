import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_STRENGTH } from '../../../src/lipsync/gesture.ts';
import { CHANNEL, CHANNEL_COUNT, type Channel, createPose, FIRST_ANGLE } from '../../../src/pose/channels.ts';
import { addLayer, addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { VISEME_COUNT, VISEME_INDEX, type Viseme } from '../../../src/speech/viseme.ts';

function poseOf(weights: Partial<Record<Channel, number>>): Float32Array {
  const pose = createPose();
  for (const [name, weight] of Object.entries(weights)) pose[CHANNEL[name as Channel]] = weight;
  return pose;
}

function speaking(weights: Partial<Record<Viseme, number>>, expression: Float32Array): Float32Array {
  const visemes = new Float32Array(VISEME_COUNT);
  for (const [name, weight] of Object.entries(weights)) visemes[VISEME_INDEX[name as Viseme]] = weight;
  const pose = createPose();
  clearPose(pose);
  addLayer(pose, expression, 1);
  addVisemes(pose, visemes, 1);
  settleMouth(pose);
  return pose;
}

const grin = poseOf({
  mouthSmileLeft: 0.8,
  mouthSmileRight: 0.8,
  jawOpen: 0.3,
  mouthUpperUpLeft: 0.4,
  cheekSquintLeft: 0.5,
});

describe('mixing', () => {
  it('leaves an expression as it is while nobody speaks', () => {
    expect(speaking({}, grin)).toEqual(grin);
  });

  it('lets nothing open the lips while they are closed for p b m', () => {
    const pose = speaking({ PP: CONTACT_STRENGTH }, grin);
    expect(pose[CHANNEL.PP]).toBeCloseTo(CONTACT_STRENGTH);
    expect(pose[CHANNEL.jawOpen]).toBe(0);
    expect(pose[CHANNEL.mouthUpperUpLeft]).toBe(0);
  });

  it('softens a smile in speech but does not wipe it off, and leaves the cheeks alone', () => {
    const pose = speaking({ I: 0.75 }, grin);
    expect(pose[CHANNEL.mouthSmileLeft]).toBeGreaterThan(0.2);
    expect(pose[CHANNEL.mouthSmileLeft]).toBeLessThan(0.5);
    expect(pose[CHANNEL.cheekSquintLeft]).toBe(0.5);
  });

  it('brings every weight into 0 to 1 and leaves angles alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -2, max: 2, noNaN: true }), {
          minLength: CHANNEL_COUNT,
          maxLength: CHANNEL_COUNT,
        }),
        (values) => {
          const pose = Float32Array.from(values);
          const angles = pose.slice(FIRST_ANGLE);
          settleMouth(pose);
          expect(pose.subarray(0, FIRST_ANGLE).every((weight) => weight >= 0 && weight <= 1)).toBe(true);
          expect(pose.slice(FIRST_ANGLE)).toEqual(angles);
        },
      ),
      { seed: 1 },
    );
  });
});
