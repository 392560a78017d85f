import { describe, expect, it } from 'vitest';
import { Playhead } from '../../../src/npc/playhead.ts';
import { SilentLine } from '../../../src/playback/silent-line.ts';
import type { WordMark } from '../../../src/speech/cue.ts';

const WORDS: WordMark[] = [0, 0.5, 0.9].map((start, index) => ({
  text: `${index}`,
  start,
  end: start + 0.1,
  from: index,
  to: index + 1,
}));

/** A second of a line without sound, stepped by the test, and its playhead. */
function playing() {
  const line = new SilentLine({ sampleRate: 8_000, targetMs: 0 });
  line.push(new Int16Array(8_000));
  line.end();
  line.update(0);
  const playhead = new Playhead();
  const step = (performanceMs: number) => {
    line.update(performanceMs);
    playhead.update(line, performanceMs);
  };
  return { playhead, step };
}

/** Whether a promise has settled by now. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setTimeout(resolve));
  return done;
}

describe('the end of a line', () => {
  it('is heard at the frame that shows it, however late that comes', async () => {
    const { playhead, step } = playing();
    step(900);
    const end = playhead.heardOut(1);
    step(990);
    expect(await settled(end)).toBe(false);
    step(60_000);
    expect(await settled(end)).toBe(true);
  });

  it('is not waited for longer than a device takes, where the sound stands', async () => {
    const { playhead, step } = playing();
    const end = playhead.heardOut(2); // More than there is to be heard.
    step(1_000);
    step(1_499);
    expect(await settled(end)).toBe(false);
    step(1_500);
    expect(await settled(end)).toBe(true);
  });

  it('is not waited for where no frame will come', async () => {
    const { playhead } = playing();
    const end = playhead.heardOut(1);
    playhead.giveUp();
    expect(await settled(end)).toBe(true);
  });

  it('leaves no word untold', () => {
    const { playhead, step } = playing();
    step(100);
    expect(playhead.enteredWord(WORDS)?.text).toBe('0');
    expect(playhead.enteredWord(WORDS)).toBeUndefined();
    expect([1, 1, 1].map((until) => playhead.enteredWord(WORDS, until)?.text)).toEqual(['1', '2', undefined]);
  });
});
