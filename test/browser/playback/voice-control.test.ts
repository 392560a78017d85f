import { describe, expect, it } from 'vitest';
import type { AudioState } from '../../../src/playback/line-player.ts';
import { VoicePlayer } from '../../../src/playback/voice-player.ts';
import { CONTEXT_RATE, difference, OfflineStage, peak, resampled, steepest, tone } from './offline.ts';
import { FADE_IN, FADE_OUT, ownStep } from './voice-kit.ts';

describe('a voice that is told to', () => {
  it('pauses and goes on with the very next sample, faded', async () => {
    const stage = await OfflineStage.create(2);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const samples = tone(1, 24_000);
    const line = player.begin({ sampleRate: 24_000 });
    const states: AudioState[] = [];
    line.onState = (state) => states.push(state);
    line.push(samples.slice());
    line.end();
    const heard = (
      await stage.render([
        { atSeconds: 0.4, act: () => line.pause() },
        { atSeconds: 1, act: () => line.resume() },
      ])
    ).getChannelData(0);
    expect(await line.ended).toEqual({ reason: 'finished', seconds: 1 });
    expect(states).toEqual(['playing', 'paused', 'playing', 'ended']);
    expect(line.gapMap.pieces).toBe(2);
    expect(line.stalledMs).toBe(0);
    expect(peak(heard, 0.41 * CONTEXT_RATE, CONTEXT_RATE)).toBe(0);
    expect(steepest(heard)).toBeLessThanOrEqual(ownStep(resampled(samples, 24_000)));
  });

  it('seeks forwards and back in a line that keeps its sound, and to the frame', async () => {
    const stage = await OfflineStage.create(4);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const rate = 44_100;
    const samples = Int16Array.from({ length: 2 * rate }, (_, n) =>
      Math.round(12_000 * Math.sin((2 * Math.PI * (150 + (20 * n) / rate) * n) / rate)),
    );
    const line = player.begin({ sampleRate: rate, keep: true });
    line.push(samples);
    line.end();
    const heard = (
      await stage.render([
        { atSeconds: 0.3, act: () => line.seek(1.5) },
        { atSeconds: 0.32, act: () => {} }, // The page answers the receipt of the seek.
        { atSeconds: 0.6, act: () => line.seek(0.25) },
        { atSeconds: 0.62, act: () => {} },
      ])
    ).getChannelData(0);
    const wanted = resampled(samples, rate);
    expect(await line.ended).toEqual({ reason: 'finished', seconds: 2 });
    const end = Math.round(line.gapMap.contextTimeAt(2)! * CONTEXT_RATE);
    const from = Math.ceil(0.3 * CONTEXT_RATE);
    expect(
      difference(heard, end - wanted.length + from, wanted, from, wanted.length - FADE_OUT),
    ).toBeLessThan(1e-6);
    for (const seconds of [0.45, 0.55, 0.8, 1.2]) {
      const frame = Math.round(seconds * CONTEXT_RATE);
      const place = Math.round(line.gapMap.lineTimeAt(frame / CONTEXT_RATE) * CONTEXT_RATE);
      expect(difference(heard, frame, wanted, place, place + 480)).toBeLessThan(1e-6);
    }
    expect(line.gapMap.lineTimeAt(0.55)).toBeGreaterThan(1.5);
    expect(steepest(heard)).toBeLessThanOrEqual(ownStep(wanted));
    expect(() => player.begin({ sampleRate: rate }).seek(1)).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  it.each([0.5, 0.8, 1.25, 2])('lasts by its rate and keeps the pitch at rate %f', async (rate) => {
    const stage = await OfflineStage.create(3);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const line = player.begin({ sampleRate: 24_000, rate });
    line.push(tone(1, 24_000));
    line.end();
    const heard = (await stage.render()).getChannelData(0);
    expect((await line.ended).seconds).toBe(1);
    const seconds = line.gapMap.contextTimeAt(1)! - line.gapMap.start!;
    expect(seconds).toBeGreaterThan(1 / rate - 0.04);
    expect(seconds).toBeLessThan(1 / rate + 0.04);
    const start = line.gapMap.start! * CONTEXT_RATE;
    let crossings = 0;
    for (let n = Math.round(start) + 1; n < start + seconds * CONTEXT_RATE; n++) {
      if (heard[n - 1]! < 0 && heard[n]! >= 0) crossings++;
    }
    expect(Math.abs(crossings / seconds - 200)).toBeLessThan(6);
  });

  it('stops at a line time that is asked for', async () => {
    const stage = await OfflineStage.create(1);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const line = player.begin({ sampleRate: 24_000 });
    line.push(tone(3, 24_000));
    await stage.render([{ atSeconds: 0.3, act: () => line.stop(20, 0.36) }]);
    expect(await line.ended).toEqual({ reason: 'stopped', seconds: 0.36 });
  });

  it('fades out when it is stopped and tells what was rendered', async () => {
    const stage = await OfflineStage.create(1);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const samples = tone(3, 24_000);
    const line = player.begin({ sampleRate: 24_000 });
    line.push(samples.slice());
    const heard = (await stage.render([{ atSeconds: 0.5, act: () => line.stop(60) }])).getChannelData(0);
    const { reason } = await line.ended;
    const start = Math.round(line.gapMap.start! * CONTEXT_RATE);
    const last = heard.findLastIndex((sample) => sample !== 0);

    expect(reason).toBe('stopped');
    expect(last).toBeGreaterThan(0.55 * CONTEXT_RATE);
    expect(last).toBeLessThan(0.57 * CONTEXT_RATE);
    const wanted = resampled(samples, 24_000);
    const full = Math.floor(0.5 * CONTEXT_RATE) - start;
    expect(difference(heard, start + FADE_IN, wanted, FADE_IN, full)).toBe(0);
    expect(steepest(heard)).toBeLessThanOrEqual(ownStep(wanted));
  });
});
