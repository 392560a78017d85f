import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_STRENGTH } from '../../../src/lipsync/gesture.ts';
import {
  CHANNEL,
  CHANNEL_COUNT,
  CHANNELS,
  type Channel,
  createPose,
  FIRST_ANGLE,
} from '../../../src/pose/channels.ts';
import { EMOTION_NAMES, resolveEmotion } from '../../../src/pose/emotion.ts';
import { addVisemes, clearPose, createRoom, settleMouth } from '../../../src/pose/mix.ts';
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
  pose.set(expression);
  addVisemes(pose, visemes);
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

  it('lets contacts win over every emotion, and round and open shapes keep theirs', () => {
    for (const name of EMOTION_NAMES) {
      const emotion = resolveEmotion('test', name);
      const closed = speaking({ PP: CONTACT_STRENGTH }, emotion);
      const opens = /^(jaw(Open|Forward)|mouth(UpperUp|LowerDown|Shrug|Roll|Funnel|Press))/;
      for (const part of CHANNELS.filter((channel) => opens.test(channel))) {
        expect(closed[CHANNEL[part]], `${name} ${part}`).toBe(0);
      }
      const round = speaking({ O: 0.85 }, emotion);
      for (const part of ['mouthSmileLeft', 'mouthStretchLeft', 'mouthDimpleLeft'] as const) {
        expect(round[CHANNEL[part]], `${name} ${part}`).toBeLessThan(0.13);
      }
      const open = speaking({ aa: 0.85 }, emotion);
      for (const part of ['mouthPressLeft', 'mouthRollLower', 'mouthShrugLower', 'jawOpen'] as const) {
        expect(open[CHANNEL[part]], `${name} ${part}`).toBe(0);
      }
      for (const part of CHANNELS.filter((channel) => /^(brow|noseSneer)/.test(channel))) {
        expect(closed[CHANNEL[part]]).toBe(emotion[CHANNEL[part]]);
      }
    }
  });

  it('lets a lid close whatever holds it open', () => {
    const pose = poseOf({ eyeWideLeft: 0.9, eyeWideRight: 0.9, eyeBlinkLeft: 1, eyeSquintLeft: 0.5 });
    settleMouth(pose);
    expect(pose[CHANNEL.eyeWideLeft]).toBe(0);
    expect(pose[CHANNEL.eyeWideRight]).toBeCloseTo(0.9);
    expect(pose[CHANNEL.eyeSquintLeft]).toBeCloseTo(0.15);
  });

  it('leaves the animations of the game the same room', () => {
    const room = createRoom();
    settleMouth(poseOf({ PP: CONTACT_STRENGTH, eyeBlinkRight: 1 }), room);
    const at = (channel: Channel): number => room[CHANNEL[channel]]!;
    expect([at('jawOpen'), at('mouthUpperUpLeft'), at('aa'), at('eyeWideRight')]).toEqual([0, 0, 0, 0]);
    expect([at('browInnerUp'), at('eyeBlinkLeft'), at('eyeWideLeft'), at('headYaw')]).toEqual([1, 1, 1, 1]);
    settleMouth(createPose(), room);
    expect(room).toEqual(createRoom());
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
