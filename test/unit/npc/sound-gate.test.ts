import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SoundGate, type SoundState, type WhenLocked } from '../../../src/npc/sound-gate.ts';

class Sound implements SoundState {
  state: SoundState['state'] = 'locked';
  readonly listeners = new Set<() => void>();
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  turn(state: SoundState['state']): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}

const wait: WhenLocked = { policy: 'wait', seconds: 30 };

describe('the gate before the page may make sound', () => {
  let sound: Sound;
  let signal: AbortSignal;
  let abort: AbortController;

  beforeEach(() => {
    vi.useFakeTimers();
    sound = new Sound();
    abort = new AbortController();
    signal = abort.signal;
  });
  afterEach(() => {
    vi.useRealTimers();
    expect(sound.listeners.size).toBe(0);
  });

  it('lets a line pass at once while sound runs', async () => {
    sound.state = 'running';
    expect(await new SoundGate(sound, wait).passAsync(signal)).toBe('sound');
  });

  it('lets it pass silently where there is no audio device', async () => {
    sound.state = 'none';
    expect(await new SoundGate(sound, wait).passAsync(signal)).toBe('silent');
  });

  it('waits for the gesture', async () => {
    const passed = new SoundGate(sound, wait).passAsync(signal);
    await vi.advanceTimersByTimeAsync(29_000);
    sound.turn('running');
    expect(await passed).toBe('sound');
  });

  it('plays silently when no gesture comes in time', async () => {
    const passed = new SoundGate(sound, wait).passAsync(signal);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await passed).toBe('silent');
  });

  it('waits for ever where it was told to', async () => {
    const passed = new SoundGate(sound, { policy: 'wait', seconds: Infinity }).passAsync(signal);
    await vi.advanceTimersByTimeAsync(1e7);
    sound.turn('running');
    expect(await passed).toBe('sound');
  });

  it('plays silently at once, or fails with a typed reason, where that was chosen', async () => {
    expect(await new SoundGate(sound, { policy: 'silent', seconds: 30 }).passAsync(signal)).toBe('silent');
    const failing = new SoundGate(sound, { policy: 'fail', seconds: 30 });
    await expect(failing.passAsync(signal)).rejects.toMatchObject({ code: 'locked' });
  });

  it('stops waiting when the line is cancelled', async () => {
    const passed = new SoundGate(sound, wait).passAsync(signal);
    abort.abort();
    await expect(passed).rejects.toMatchObject({ code: 'aborted' });
    await expect(new SoundGate(sound, wait).passAsync(signal)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('lets a live stream wait for sound for ever, under `silent` too', async () => {
    for (const policy of ['wait', 'silent'] as const) {
      sound.state = 'locked';
      const passed = new SoundGate(sound, { policy, seconds: 30 }).soundAsync(signal);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(sound.listeners.size).toBe(1);
      sound.turn('running');
      await passed;
      await new SoundGate(sound, { policy, seconds: 30 }).soundAsync(signal);
    }
  });

  it('tells a live stream that there is no sound, or will be none', async () => {
    sound.state = 'none';
    await expect(new SoundGate(sound, wait).soundAsync(signal)).rejects.toMatchObject({ code: 'no-audio' });
    sound.state = 'locked';
    const passed = new SoundGate(sound, wait).soundAsync(signal);
    sound.turn('none');
    await expect(passed).rejects.toMatchObject({ code: 'no-audio' });
    sound.state = 'locked';
    const failed = new SoundGate(sound, { policy: 'fail', seconds: 30 }).soundAsync(signal);
    await expect(failed).rejects.toMatchObject({ code: 'locked' });
    const left = new SoundGate(sound, wait).soundAsync(signal);
    abort.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
  });
});
