import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InStep } from '../../../src/npc/in-step.ts';
import { SilentPlayer } from '../../../src/playback/silent-player.ts';

const RATE = 24_000;
const FRAME_MS = 1_000 / 60;

/** A line of ten seconds, all there, played from `fromMs` on. */
function play(fromMs: number, zeroMs: number) {
  const player = new SilentPlayer();
  const audio = player.begin({ sampleRate: RATE, keep: true });
  audio.push(new Int16Array(10 * RATE));
  const schedule = { zeroMs };
  const step = new InStep(schedule);
  let nowMs = fromMs;
  const run = (seconds: number) => {
    for (const untilMs = nowMs + seconds * 1_000; nowMs < untilMs; nowMs += FRAME_MS) {
      player.update(nowMs);
      step.update(audio, nowMs);
    }
  };
  const behindMs = () => nowMs - schedule.zeroMs - audio.spokenAt(nowMs)! * 1_000;
  return { audio, schedule, run, behindMs };
}

describe('a line that others hear too', () => {
  it('catches up, or waits, until it is where they are, however far off it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -900, max: 2_500 }), (lateMs) => {
        const { audio, run, behindMs } = play(5_000, 5_000 - lateMs);
        run(4);
        expect(audio.state).toBe('playing');
        expect(Math.abs(behindMs())).toBeLessThan(9);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('does so by speed alone where little is to be made up for', () => {
    for (const lateMs of [-100, -20, 20, 100]) {
      const { audio, run, behindMs } = play(5_000, 5_000 - lateMs);
      const seeks: number[] = [];
      const rates: number[] = [];
      const { setRate } = audio;
      audio.seek = (seconds) => void seeks.push(seconds);
      audio.setRate = (rate) => {
        rates.push(rate);
        setRate.call(audio, rate);
      };
      run(4);
      expect(seeks).toEqual([]);
      expect(Math.abs(behindMs())).toBeLessThan(9);
      for (const rate of rates) expect(Math.abs(rate - 1)).toBeLessThan(0.0601);
      expect(rates.at(-1)).toBe(1);
    }
  });

  it('follows a clock that comes to be known better', () => {
    const { schedule, run, behindMs } = play(5_000, 5_000);
    run(1);
    schedule.zeroMs += 15;
    run(3);
    expect(Math.abs(behindMs())).toBeLessThan(9);
  });

  it('goes back to them after a pause', () => {
    const { audio, run, behindMs } = play(5_000, 5_000);
    run(1);
    audio.pause();
    run(2);
    audio.resume();
    run(2);
    expect(Math.abs(behindMs())).toBeLessThan(9);
  });
});
