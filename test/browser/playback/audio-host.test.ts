import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AudioHostOptions, createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { playheadAt } from '../../kit/playhead.ts';
import { tone } from './offline.ts';

async function openHost(options?: AudioHostOptions) {
  const host = await createAudioHostAsync(options);
  onTestFinished(() => host.dispose());
  return host;
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

describe('the audio host', () => {
  it('gives a playhead that follows what is heard, frame by frame, and never goes backwards', async () => {
    const host = await openHost({ latencyHint: 'playback' });
    const voice = await host.createVoiceAsync();
    const line = voice.player.begin({ sampleRate: 24_000 });
    line.push(tone(1.5, 24_000));
    line.end();
    const heard: [atMs: number, playhead: number][] = [];
    for (let playhead = 0; playhead < 1.5 && heard.length < 600; ) {
      const nowMs = await nextFrame();
      host.update(performance.now());
      playhead = playheadAt(line, nowMs);
      expect(playhead).toBeGreaterThanOrEqual(heard.at(-1)?.[1] ?? 0);
      if (playhead > 0) heard.push([nowMs, playhead]);
    }
    expect(heard.at(-1)?.[1]).toBe(1.5);
    const [first, middle] = [heard[2]!, heard[Math.floor(heard.length / 2)]!];
    const pace = (middle[1] - first[1]) / ((middle[0] - first[0]) / 1000);
    expect(Math.abs(pace - 1)).toBeLessThan(0.1);
    expect(Math.abs(line.startedAtMs! + first[1] * 1000 - first[0])).toBeLessThan(100);
    voice.dispose();
  });

  it('closes a context of its own and is disposed twice without harm', async () => {
    const host = await openHost();
    host.dispose();
    host.dispose();
    await expect.poll(() => host.context.state).toBe('closed');
    expect(host.state).toBe('closed');
  });

  it("leaves a game's engine and context running", async () => {
    const audioContext = new AudioContext();
    const audioEngine = await CreateAudioEngineAsync({ audioContext, disableDefaultUI: true });
    onTestFinished(() => audioEngine.dispose());
    const host = await openHost({ audioEngine, audioContext });
    expect(host.engine).toBe(audioEngine);
    host.dispose();
    expect(audioEngine.nodes.size).toBe(1); // The main bus of the game.
    await audioContext.resume();
    expect(audioContext.state).toBe('running');
  });

  it('wants an engine with its context', async () => {
    const audioContext = new AudioContext();
    onTestFinished(() => audioContext.close());
    await expect(createAudioHostAsync({ audioContext })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(audioContext.state).not.toBe('closed');
  });

  it('says what to do when the worklet cannot be loaded', async () => {
    await expect(createAudioHostAsync({ workletUrl: '/nowhere.js' })).rejects.toMatchObject({
      code: 'worklet-failed',
      message: expect.stringContaining('workletUrl'),
    });
  });

  it('takes the worklet from another address', async () => {
    const workletUrl = new URL('/src/playback/player.worklet.js', location.href);
    const host = await openHost({ workletUrl });
    const voice = await host.createVoiceAsync();
    voice.dispose();
  });

  it('is locked while the context is suspended, and tells of both changes', async () => {
    const host = await openHost();
    await host.unlockAsync();
    const states: string[] = [];
    host.onState = (state) => states.push(state);
    await (host.context as AudioContext).suspend();
    await expect.poll(() => states).toEqual(['locked']);
    document.dispatchEvent(new Event('keydown'));
    await expect.poll(() => host.state).toBe('running');
    await expect.poll(() => states).toEqual(['locked', 'running']);
  });
});
