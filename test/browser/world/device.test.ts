import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { countingTrack } from '../heard.ts';
import { openSound } from '../open-sound.ts';
import { pause, until } from '../waiting.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

const LONG = countingTrack(36, 'a');
const WORDS = LONG.words.map(({ text }) => text);

type ContextWithSink = AudioContext & { setSinkId(to: string | { type: 'none' }): Promise<void> };

/** Starts a line and lets two seconds of it be seen. */
async function speaking(speaker: Speaker) {
  const line = speaker.say(LONG);
  await until(() => line.playhead > 2);
  return { line, before: speaker.watch.speakingFrames };
}

/** The frames from half a second after now on, once there are some of them. */
async function framesLater({ watch }: Speaker) {
  await pause(500); // A device that begins lies for a moment.
  const { length } = watch.speakingFrames;
  await until(() => watch.speakingFrames.length >= length + 15);
  return watch.speakingFrames.slice(length, length + 10); // Each is judged by those after it, too.
}

function neverBackwards({ watch }: Speaker): boolean {
  return watch.frames.every(({ playhead }, index) => playhead >= (watch.frames[index - 1]?.playhead ?? 0));
}

describe('sound that goes elsewhere in the middle of a line', () => {
  it('is followed to another sink', async () => {
    const speaker = await openSpeaker({ trimStore: 'none' });
    const { line, before } = await speaking(speaker);
    const context = speaker.parley.audioContext as ContextWithSink;
    await context.setSinkId({ type: 'none' }); // The only other one that every machine has.
    expect(speaker.manyWrongOf(await framesLater(speaker), before)).toEqual([]);
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: LONG.duration });
    expect(speaker.watch.words.map(({ text }) => text)).toEqual(WORDS);
    expect(neverBackwards(speaker)).toBe(true);
  });

  it('stays where it is when there is no such sink', async () => {
    const speaker = await openSpeaker({ trimStore: 'none' });
    const { line, before } = await speaking(speaker);
    const context = speaker.parley.audioContext as ContextWithSink;
    await expect(context.setSinkId('nowhere')).rejects.toThrow();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange')); // As when a headset is pulled out.
    expect(speaker.manyWrongOf(await framesLater(speaker), before)).toEqual([]);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(neverBackwards(speaker)).toBe(true);
  });

  it('may be thrown away from the start: a machine without a sound card', async () => {
    const context = new AudioContext({ sinkId: { type: 'none' } } as AudioContextOptions);
    const sound = await openSound({ audioContext: context });
    const speaker = await openSpeaker({ ...sound, trimStore: 'none' });
    const { line, before } = await speaking(speaker);
    expect(speaker.parley.audioState).toBe('running');
    expect(speaker.manyWrongOf(await framesLater(speaker), before)).toEqual([]);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    sound.audioEngine.dispose();
  });
});

describe('sound that stops in the middle of a line', () => {
  /** The line stalls, its mouth closes, and it stays so. */
  async function expectRest({ mouth, parley }: Speaker, line: ReturnType<Speaker['say']>) {
    await expect.poll(() => line.state).toBe('stalled');
    await pause(400);
    expect(mouth.furthest).toBeLessThan(0.001);
    expect(parley.audioState).toBe('locked');
    return line.playhead;
  }

  /** It goes on in time, and ends with every word told once. */
  async function expectOn(
    speaker: Speaker,
    line: ReturnType<Speaker['say']>,
    before: Speaker['watch']['frames'],
  ) {
    expect(speaker.manyWrongOf(await framesLater(speaker), before)).toEqual([]);
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: LONG.duration });
    expect(speaker.watch.words.map(({ text }) => text)).toEqual(WORDS);
    expect(neverBackwards(speaker)).toBe(true);
  }

  it('comes back at a gesture where the game suspended it', async () => {
    const speaker = await openSpeaker();
    const { line, before } = await speaking(speaker);
    await speaker.parley.audioContext!.suspend();
    const rested = await expectRest(speaker, line);
    await pause(700);
    expect(line.playhead).toBe(rested);
    await userEvent.keyboard('a');
    await expectOn(speaker, line, before);
  });

  it('comes back by itself when the device does', async () => {
    const speaker = await openSpeaker();
    const { line, before } = await speaking(speaker);
    const context = speaker.parley.audioContext!;
    // Pretended: a device that fails, which has Chromium send this event. Its first refusal too; the rest is real.
    vi.spyOn(context, 'resume').mockRejectedValueOnce(new DOMException('no device', 'InvalidStateError'));
    await context.suspend();
    context.dispatchEvent(new Event('error'));
    await expectRest(speaker, line);
    await expect.poll(() => speaker.parley.audioState, { timeout: 4_000 }).toBe('running');
    expect(context.resume).toHaveBeenCalledTimes(2);
    await expectOn(speaker, line, before);
  });
});
