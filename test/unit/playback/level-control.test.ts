import { beforeEach, describe, expect, it } from 'vitest';
import { LevelControl } from '../../../src/playback/worklet/level-control.ts';

const RATE = 48_000;
const TARGET = 4_800;

describe('the speed of a line by what is held back of it', () => {
  let control: LevelControl;
  beforeEach(() => {
    control = new LevelControl(RATE);
    control.target = TARGET;
  });

  it('is as asked while the chunks fill it to the target, however low it falls between them', () => {
    for (const level of [TARGET, TARGET / 2, TARGET * 0.3])
      expect(control.speedAt(level, TARGET, 0, false)).toBe(1);
    control.rate = 1.5;
    expect(control.speedAt(TARGET, TARGET, 0, false)).toBe(1.5);
  });

  it('is a tenth less from when chunks do not fill it to three quarters until they fill it whole', () => {
    expect(control.speedAt(TARGET / 2, TARGET * 0.76, 0, false)).toBe(1);
    expect(control.speedAt(TARGET / 2, TARGET * 0.74, 0, false)).toBe(0.9);
    expect(control.speedAt(TARGET / 2, TARGET * 0.99, 0, false)).toBe(0.9);
    expect(control.speedAt(TARGET / 2, TARGET, 0, false)).toBe(1);
  });

  it('is a tenth less while the next chunk is overdue, but not when none will come', () => {
    expect(control.speedAt(TARGET * 0.24, TARGET, 0, false)).toBe(0.9);
    expect(control.speedAt(TARGET * 0.24, TARGET, 0, true)).toBe(1);
    control.rate = 0.5;
    expect(control.speedAt(TARGET * 0.24, TARGET, 0, false)).toBe(0.5);
  });

  it('is a twentieth more while there is delay to give back and plenty to give it from', () => {
    const delay = 0.1 * RATE;
    expect(control.speedAt(TARGET + 0.08 * RATE, TARGET, delay, false)).toBe(1);
    expect(control.speedAt(TARGET + 0.09 * RATE, TARGET, delay, false)).toBe(1.05);
    expect(control.speedAt(TARGET + 0.03 * RATE, TARGET, delay, false)).toBe(1.05);
    expect(control.speedAt(TARGET + 0.01 * RATE, TARGET, delay, false)).toBe(1);
    expect(control.speedAt(TARGET + 0.09 * RATE, TARGET, 0, false)).toBe(1);
    expect(control.speedAt(100, TARGET, delay, true)).toBe(1.05);
  });
});
