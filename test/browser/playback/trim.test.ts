import { describe, expect, it, onTestFinished } from 'vitest';
import type { HeardClock } from '../../../src/clock/output-clock.ts';
import { CreateParleyAsync, TapMeter } from '../../../src/index.ts';
import { type AudioHost, createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { Metronome } from '../../../src/playback/metronome.ts';
import { localTrims, type TrimStore } from '../../../src/playback/trim-store.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { Stage } from '../stage.ts';

type ContextWithSink = AudioContext & { setSinkId(to: { type: 'none' }): Promise<void> };

async function openHost(trimStore?: TrimStore | 'none', displayLatencyMs?: number): Promise<AudioHost> {
  const host = await createAudioHostAsync({ trimStore, displayLatencyMs });
  onTestFinished(() => host.dispose());
  return host;
}

describe('the trim of a real device', () => {
  it('is kept in the browser and loaded by itself at the next visit', async () => {
    onTestFinished(() => localStorage.clear());
    const first = await openHost();
    first.setTrimMs(37.5);
    await expect
      .poll(() => Object.keys(localStorage).filter((key) => key.startsWith('parley.trim.')))
      .toHaveLength(1);
    first.dispose();
    const second = await openHost();
    await expect.poll(() => second.clock.trimMs).toBe(37.5);
    const third = await openHost('none');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(third.clock.trimMs).toBe(0);
  });

  it('changes with the device, and the clock goes on forwards', async () => {
    const kept = new Map([['none', 120]]);
    const store: TrimStore = {
      load: (device) => kept.get(device),
      save: (...trim) => void kept.set(...trim),
    };
    const host = await openHost(store);
    await host.unlockAsync();
    host.setTrimMs(10);
    await expect.poll(() => kept.size).toBe(2);
    const usual = [...kept.keys()].find((name) => name !== 'none')!;
    await (host.context as ContextWithSink).setSinkId({ type: 'none' });
    await expect.poll(() => host.clock.trimMs).toBe(120);
    expect(kept.get(usual)).toBe(10);
    let last = 0;
    for (let frame = 0; frame < 20; frame++) {
      await new Promise(requestAnimationFrame);
      const nowMs = performance.now();
      host.update(nowMs);
      expect(host.clock.contextTimeAt(nowMs)).toBeGreaterThanOrEqual(last);
      last = host.clock.contextTimeAt(nowMs);
    }
    expect(last).toBeGreaterThan(0);
  });

  it('tells nothing of devices after the host is disposed', async () => {
    const asked: string[] = [];
    const host = await openHost({ load: (device) => void asked.push(device) as undefined, save: () => {} });
    await expect.poll(() => asked).toHaveLength(1);
    const { context } = host;
    host.dispose();
    context.dispatchEvent(new Event('sinkchange'));
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked).toHaveLength(1);
  });

  it('stands beside the latency of the display, which must be one', async () => {
    const host = await openHost('none', 40);
    expect(host.clock.displayLatencyMs).toBe(40);
    await expect(createAudioHostAsync({ displayLatencyMs: -1 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(createAudioHostAsync({ displayLatencyMs: Number.NaN })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('is read back from localStorage as a number', () => {
    onTestFinished(() => localStorage.clear());
    const store = localTrims();
    expect(store.load('speakers')).toBeUndefined();
    store.save('speakers', -12.25);
    expect(store.load('speakers')).toBe(-12.25);
    store.save('speakers', 0);
    expect(store.load('speakers')).toBe(0);
  });
});

describe('the metronome', () => {
  it('clicks at the moments that it tells, on the frame', async () => {
    const context = new OfflineAudioContext(1, 48_000 * 4, 48_000);
    const clock: HeardClock = {
      synced: true,
      contextTimeAt: (performanceMs) => performanceMs / 1000 - 5,
      performanceMsAt: (contextTime) => (contextTime + 5) * 1000,
    };
    const metronome = new Metronome({ audioContext: context as unknown as AudioContext, outputClock: clock });
    const samples = (await context.startRendering()).getChannelData(0);
    const clicks = [...samples.keys()].filter((i) => samples[i]! > 0.45 && !(samples[i - 1]! > 0.4));
    expect(clicks.length).toBe(6);
    for (const frame of clicks) {
      const heardMs = (frame / 48_000 + 5) * 1000;
      expect(metronome.offsetMs(heardMs)).toBeCloseTo(0, 6);
      expect(metronome.offsetMs(heardMs + 100)).toBeCloseTo(100, 6);
      expect(metronome.offsetMs(heardMs - 30)).toBeCloseTo(-30, 6);
      expect(metronome.phaseAt(heardMs + 75)).toBeCloseTo(0.1, 6);
    }
    expect(metronome.periodMs).toBe(750);
    expect(metronome.phaseAt(5_000)).toBeLessThan(0);
    metronome.dispose();
    metronome.dispose();
  });

  it('is silent for those who only watch', async () => {
    const context = new OfflineAudioContext(1, 48_000, 48_000);
    const clock: HeardClock = { synced: true, contextTimeAt: () => 0, performanceMsAt: () => 0 };
    const metronome = new Metronome({ audioContext: context as unknown as AudioContext, outputClock: clock });
    metronome.setAudible(false);
    const samples = (await context.startRendering()).getChannelData(0);
    expect(Math.max(...samples.map(Math.abs))).toBeLessThan(1e-4);
  });

  it('wants a page with sound', () => {
    expect(() => new Metronome({ audioContext: undefined, outputClock: undefined })).toThrow(
      /a page with sound/,
    );
  });
});

describe('a Parley', () => {
  it('has its trim found by taps along a metronome', async () => {
    const stage = new Stage();
    const parley = await CreateParleyAsync(stage.scene, { voices: toneVoices(), trimStore: 'none' });
    onTestFinished(() => {
      parley.dispose();
      stage.dispose();
    });
    await parley.unlockAsync();
    expect(parley.trimMs).toBe(0);
    await expect.poll(() => parley.outputClock!.synced).toBe(true);
    const clicks = new Metronome(parley);
    onTestFinished(() => clicks.dispose());
    const taps = new TapMeter(clicks.periodMs);
    for (let tap = 0; tap < 8; tap++) {
      const nowMs = performance.now();
      const lateMs = 80 + (tap % 3) * 4;
      taps.handleTap(clicks.offsetMs(nowMs - clicks.offsetMs(nowMs) + lateMs));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    parley.setTrimMs(parley.trimMs + taps.result!.offsetMs);
    expect(Math.abs(parley.trimMs - 84)).toBeLessThan(2);
    expect(() => parley.setTrimMs(9_999)).toThrow(/2500/);
  });
});
