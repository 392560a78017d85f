import { describe, expect, it } from 'vitest';
import type { AudioState } from '../../../src/playback/line-player.ts';
import { loadWorkletAsync, VoicePlayer } from '../../../src/playback/voice-player.ts';
import { CONTEXT_RATE, tone } from './offline.ts';

describe('a voice in real time', () => {
  it('goes on speaking while the page is blocked, and tells of no stall', async () => {
    const context = new AudioContext({ sampleRate: CONTEXT_RATE, latencyHint: 'playback' });
    try {
      await loadWorkletAsync(context);
      const player = new VoicePlayer(context);
      player.output.connect(context.destination);
      const states: AudioState[] = [];
      const line = player.begin({ sampleRate: 24_000 });
      line.onState = (state) => states.push(state);
      line.push(tone(2, 24_000));
      line.end();
      await expect.poll(() => line.state).toBe('playing');
      const until = performance.now() + 1_000;
      while (performance.now() < until);
      expect(await line.ended).toEqual({ reason: 'finished', seconds: 2 });
      expect(states).toEqual(['playing', 'ended']);
      expect(line.gapMap.pieces).toBe(1);
      player.dispose();
    } finally {
      await context.close();
    }
  });

  it('keeps one piece of map while the page changes the audio graph, which makes the frame number stand still', async () => {
    const context = new AudioContext({ sampleRate: CONTEXT_RATE, latencyHint: 'playback' });
    try {
      await loadWorkletAsync(context);
      const player = new VoicePlayer(context);
      player.output.connect(context.destination);
      const line = player.begin({ sampleRate: 24_000 });
      line.push(tone(2, 24_000));
      line.end();
      while (line.state !== 'ended') {
        const busy = Array.from({ length: 200 }, () => new GainNode(context));
        for (const node of busy) player.output.connect(node).connect(context.destination);
        for (const node of busy) {
          player.output.disconnect(node);
          node.disconnect();
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
      expect(line.gapMap.pieces).toBe(1);
      player.dispose();
    } finally {
      await context.close();
    }
  });

  it('tells exactly how much of a stopped line was rendered', async () => {
    const context = new AudioContext({ sampleRate: CONTEXT_RATE, latencyHint: 'playback' });
    try {
      await loadWorkletAsync(context);
      const player = new VoicePlayer(context);
      player.output.connect(context.destination);
      const line = player.begin({ sampleRate: 24_000 });
      line.push(tone(5, 24_000));
      await expect.poll(() => line.state).toBe('playing');
      const before = line.gapMap.rendered;
      line.stop(60);
      const { reason, seconds } = await line.ended;
      expect(reason).toBe('stopped');
      expect(seconds).toBeGreaterThanOrEqual(before + 0.06);
      expect(seconds).toBeLessThan(4);
      expect(seconds).toBe(line.gapMap.rendered);
      player.dispose();
    } finally {
      await context.close();
    }
  });

  it('ends its line when the context is closed under it', async () => {
    const context = new AudioContext();
    await loadWorkletAsync(context);
    const player = new VoicePlayer(context);
    player.output.connect(context.destination);
    const line = player.begin({ sampleRate: 24_000 });
    line.push(tone(5, 24_000));
    await expect.poll(() => line.state).toBe('playing');
    await context.close();
    expect(await line.ended).toMatchObject({ reason: 'lost', error: { code: 'audio-lost' } });
    player.dispose();
  });

  it('ends a stopped line at once while the context is suspended', async () => {
    const context = new AudioContext();
    try {
      await loadWorkletAsync(context);
      const player = new VoicePlayer(context);
      player.output.connect(context.destination);
      const line = player.begin({ sampleRate: 24_000 });
      line.push(tone(5, 24_000));
      await expect.poll(() => line.state).toBe('playing');
      await context.suspend();
      line.stop(60);
      expect(line.state).toBe('ended');
      expect((await line.ended).reason).toBe('stopped');
      player.dispose();
    } finally {
      await context.close();
    }
  });
});
