import { describe, expect, it } from 'vitest';
import { FIRST_UNDERTONE, ROW, UNDERTONES } from '../../../src/lipsync/grid.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import { VISEME_COUNT } from '../../../src/speech/viseme.ts';
import { momentOf } from './moments.ts';

const row = new Float32Array(ROW);
UNDERTONES.forEach((_, index) => {
  row[FIRST_UNDERTONE + index] = 0.2 * (index + 1);
});

describe('undertones of a pose curve', () => {
  it('move the parts that stand for them, on top of the pose', () => {
    const pose = createPose();
    pose[CHANNEL.mouthPucker] = 0.1;
    new Undertones(() => true).add(pose, row, momentOf({ speaking: 0.5 }));
    expect(pose[CHANNEL.mouthPucker]).toBeCloseTo(0.2);
    expect(pose[CHANNEL.mouthStretchLeft]).toBeCloseTo(0.2);
    expect(pose[CHANNEL.jawOpen]).toBeCloseTo(0.3);
    expect(pose[CHANNEL.mouthClose]).toBeCloseTo(0.3);
  });

  it('lower no jaw on a face that cannot close its lips over it', () => {
    const pose = createPose();
    new Undertones((part) => part !== 'mouthClose').add(pose, row);
    expect(pose[CHANNEL.jawOpen]).toBe(0);
    expect(pose[CHANNEL.mouthPucker]).toBeGreaterThan(0);
  });

  it('are never more than a part can show, and none in a row of visemes alone', () => {
    const pose = createPose();
    pose[CHANNEL.mouthPucker] = 0.95;
    const undertones = new Undertones(() => true);
    undertones.add(pose, row);
    expect(pose[CHANNEL.mouthPucker]).toBe(1);
    const other = createPose();
    undertones.add(other, new Float32Array(VISEME_COUNT).fill(1));
    expect(other.every((weight) => weight === 0)).toBe(true);
  });
});
