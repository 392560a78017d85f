import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioState } from '../../../src/playback/line-player.ts';
import { SilentPlayer } from '../../../src/playback/silent-player.ts';
import { playheadAt } from '../../kit/playhead.ts';

const RATE = 24_000;

function seconds(length: number): Int16Array<ArrayBuffer> {
  return new Int16Array(Math.round(length * RATE));
}

/** Steps the player frame by frame, 60 times a second, from `fromMs` for `forMs`. */
function run(player: SilentPlayer, fromMs: number, forMs: number): number {
  const untilMs = fromMs + forMs;
  for (let nowMs = fromMs; nowMs < untilMs; nowMs += 1000 / 60) player.update(nowMs);
  player.update(untilMs);
  return untilMs;
}

describe('the silent player', () => {
  it('plays a line at its own pace and ends it once', async () => {
    const player = new SilentPlayer();
    const line = player.begin({ sampleRate: RATE });
    const states: AudioState[] = [];
    line.onState = (state) => states.push(state);
    line.push(seconds(1));
    line.end();
    player.update(5_000);
    expect(line.startedAtMs).toBe(5_000);
    expect(playheadAt(line, 5_500)).toBeCloseTo(0.5, 9);
    run(player, 5_000, 1_100);
    expect(states).toEqual(['playing', 'ended']);
    expect(await line.ended).toEqual({ reason: 'finished', seconds: 1 });
    expect(playheadAt(line, 9_000)).toBe(1);
  });

  it('waits for its lead, holds the playhead while it is dry, and goes on with half the lead', () => {
    const player = new SilentPlayer();
    const line = player.begin({ sampleRate: RATE, targetMs: 200 });
    line.push(seconds(0.19));
    let nowMs = run(player, 0, 500);
    expect(line.state).toBe('buffering');
    line.push(seconds(0.01));
    nowMs = run(player, nowMs, 1_000);
    expect(line.state).toBe('stalled');
    expect(playheadAt(line, nowMs)).toBeCloseTo(0.2, 9);
    line.push(seconds(0.09));
    nowMs = run(player, nowMs, 100);
    expect(line.state).toBe('stalled');
    line.push(seconds(0.02));
    player.update(nowMs);
    expect(line.state).toBe('playing');
    expect(playheadAt(line, nowMs + 50)).toBeCloseTo(0.25, 9);
    expect(line.bufferedSeconds).toBeCloseTo(0.11, 9);
  });

  it('begins when it is due, in its middle where it comes late, and passes over what is too far ahead', () => {
    const begin = (dueMs: number) => {
      const player = new SilentPlayer();
      const line = player.begin({ sampleRate: RATE, dueMs });
      line.push(seconds(2));
      line.end();
      return { player, line };
    };
    const early = begin(1_300);
    run(early.player, 1_000, 290);
    expect(early.line.state).toBe('buffering');
    early.player.update(1_310);
    expect(early.line.spokenAt(1_310)).toBeCloseTo(0.01, 9);
    const late = begin(400);
    late.player.update(1_000);
    expect(late.line.spokenAt(1_100)).toBeCloseTo(0.7, 9);
    const wrong = begin(90_000);
    wrong.player.update(1_000);
    expect(wrong.line.spokenAt(1_100)).toBeCloseTo(0.1, 9);
  });

  it('stops at once, whether frames follow or not', async () => {
    const player = new SilentPlayer();
    const early = player.begin({ sampleRate: RATE });
    early.stop(60);
    expect(await early.ended).toEqual({ reason: 'stopped', seconds: 0 });

    const line = player.begin({ sampleRate: RATE });
    line.push(seconds(2));
    run(player, 0, 500);
    line.stop(60, 0.6);
    const end = await line.ended;
    expect(end.reason).toBe('stopped');
    expect(end.seconds).toBeCloseTo(0.5, 2);
  });

  it('plays one line at a time and none after its end', async () => {
    const player = new SilentPlayer();
    const line = player.begin({ sampleRate: RATE });
    expect(() => player.begin({ sampleRate: RATE })).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
    player.dispose();
    player.dispose();
    expect((await line.ended).reason).toBe('stopped');
    expect(() => player.begin({ sampleRate: RATE })).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  it('never goes backwards, never passes what it has, and plays all of it, whatever comes when', async () => {
    const arrival = fc.record({
      waitMs: fc.integer({ min: 0, max: 400 }),
      samples: fc.integer({ min: 0, max: 8_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 20 }), async (arrivals) => {
        const player = new SilentPlayer();
        const line = player.begin({ sampleRate: RATE });
        let [nowMs, received, heard] = [0, 0, 0];
        const step = () => {
          nowMs += 1000 / 60;
          player.update(nowMs);
          const playhead = playheadAt(line, nowMs + 8);
          expect(playhead).toBeGreaterThanOrEqual(heard);
          expect(playhead).toBeLessThanOrEqual(received / RATE);
          heard = playhead;
        };
        for (const { waitMs, samples } of arrivals) {
          for (let waited = 0; waited < waitMs; waited += 1000 / 60) step();
          line.push(new Int16Array(samples));
          received += samples;
        }
        line.end();
        while (line.state !== 'ended') step();
        expect(await line.ended).toEqual({ reason: 'finished', seconds: received / RATE });
      }),
      { seed: 31, numRuns: process.env.PARLEY_LONG ? 500 : 50 },
    );
  });
});
