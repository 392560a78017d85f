import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/index.ts';
import { pause, until } from '../waiting.ts';
import { Caller, delayOf, mouthLag, Studio, spoken } from './studio.ts';

let speech: Int16Array;

beforeAll(async () => {
  speech = await spoken('Papa bought a map of the farm. My mother may open the window. Bob waves.');
});

describe('a live stream', () => {
  let studio: Studio;
  let caller: Caller;

  beforeEach(async () => {
    studio = await Studio.open();
    caller = new Caller();
  });
  afterEach(async () => {
    await caller.dispose();
    await studio.dispose();
  });

  it('is heard as it comes, later by the look-ahead to the sample, and seen with its sound', async () => {
    const finish = await studio.record();
    const line = studio.npc.speakFrom(caller.stream);
    await until(() => line.state === 'speaking');
    await pause(300);
    expect(studio.mouth).toBeLessThan(0.01);
    await caller.say(speech);
    await pause(400);
    expect(studio.mouth).toBeLessThan(0.01);
    const take = await finish();
    const { frames, difference } = delayOf(take);
    expect(frames).toBe(Math.round(0.12 * take.rate));
    expect(difference).toBeLessThan(1 / 32_768);
    const { lag, likeness } = await mouthLag(take, studio.shown);
    expect(likeness).toBeGreaterThan(0.8);
    expect(Math.abs(lag)).toBeLessThan(0.045);
    expect(line.stats.stalledMs).toBe(0);

    caller.track.stop();
    const result = await line.finished;
    expect(result.outcome).toBe('finished');
    await until(() => studio.mouth === 0);
    expect(studio.npc.speaking).toBe(false);
  });

  it('comes over a real connection', async () => {
    const stream = await caller.call();
    const finish = await studio.record();
    const line = studio.npc.speakFrom(stream, { lookAheadSeconds: 0.2 });
    await until(() => line.state === 'speaking');
    await caller.say(speech);
    await pause(500);
    const take = await finish();
    const { frames, difference } = delayOf(take);
    expect(frames).toBe(Math.round(0.2 * take.rate));
    expect(difference).toBeLessThan(1 / 32_768);
    const { lag, likeness } = await mouthLag(take, studio.shown);
    expect(likeness).toBeGreaterThan(0.8);
    expect(Math.abs(lag)).toBeLessThan(0.045);
    caller.hangUp();
    expect((await line.finished).outcome).toBe('finished');
    await until(() => studio.mouth === 0);
  });

  it('keeps its delay through a page that hangs, a context that stands, and pauses', async () => {
    const finish = await studio.record();
    const line = studio.npc.speakFrom(caller.stream);
    await until(() => line.state === 'speaking');
    const hangs = performance.now();
    while (performance.now() - hangs < 600);
    await studio.context.suspend();
    await pause(300);
    await studio.context.resume();
    for (let n = 0; n < 3; n++) {
      line.pause();
      await until(() => line.state === 'paused');
      await pause(200);
      line.resume();
      await until(() => line.state === 'speaking');
    }
    void caller.say(speech);
    await pause(1500);
    const take = await finish();
    const { frames } = delayOf(take);
    expect(frames).toBe(Math.round(0.12 * take.rate));
    expect(line.stats.bufferedSeconds).toBeLessThan(0.2);
  });

  it('leaves out what comes while it is paused, without a click', async () => {
    const finish = await studio.record();
    const line = studio.npc.speakFrom(caller.stream);
    await until(() => line.state === 'speaking');
    const tone = Int16Array.from({ length: 3 * 44_100 }, (_, i) =>
      Math.round(16_000 * Math.min(i / 4_410, 1) * Math.sin((2 * Math.PI * 300 * i) / 44_100)),
    );
    void caller.say(tone);
    await pause(600);
    line.pause();
    await until(() => line.state === 'paused');
    await pause(300); // What is rendered is heard, and shown.
    const at = line.playhead;
    await pause(400);
    expect(line.playhead - at).toBeLessThan(0.1);
    line.resume();
    await until(() => line.state === 'speaking');
    await pause(500);
    const { came, heard } = await finish();
    // A fade of 5 ms adds a corner of 0.002; what is cut would be many times as sharp.
    expect(largestCurve(heard)).toBeLessThan(largestCurve(came) + 0.005);
  });

  it('fades out when it is stopped, and frees the stream', async () => {
    const finish = await studio.record();
    const line = studio.npc.speakFrom(caller.stream);
    await until(() => line.state === 'speaking');
    void caller.say(speech);
    await pause(700);
    const heard = await line.stop({ fadeMs: 60 });
    expect(heard.seconds).toBeGreaterThan(0.5);
    expect(line.state).toBe('stopped');
    expect(line.rest).toBe('');
    expect(studio.npc.continue(line)).toBeUndefined();
    await pause(200);
    const take = await finish();
    const last = take.heard.findLastIndex((sample) => sample !== 0);
    const { frames } = delayOf(take);
    // Over the last 60 ms it is softer than what came, and falls to nothing.
    let [before, after] = [0, 0];
    for (let i = last - Math.round(0.015 * take.rate); i < last; i++) {
      before = Math.max(before, Math.abs(take.came[i - frames]!));
      after = Math.max(after, Math.abs(take.heard[i]!));
    }
    expect(after).toBeLessThan(0.3 * before + 1e-3);
    await until(() => studio.mouth === 0);
    expect(caller.track.readyState).toBe('live');
  });

  it('waits for its turn, and gives way', async () => {
    const first = studio.npc.speakFrom(caller.stream);
    const second = studio.npc.speakFrom(caller.track);
    await until(() => first.state === 'speaking');
    expect(second.state).toBe('queued');
    const third = studio.npc.speakFrom(caller.stream, { whileSpeaking: 'interrupt' });
    expect((await first.finished).outcome).toBe('stopped');
    expect((await second.finished).outcome).toBe('stopped');
    await until(() => third.state === 'speaking');
    await studio.npc.stop();
    expect(third.state).toBe('stopped');
  });

  it('follows tracks that come and go, and ends with the last', async () => {
    const stream = new MediaStream([caller.track]);
    const line = studio.npc.speakFrom(stream);
    await until(() => line.state === 'speaking');
    const other = new Caller();
    stream.addTrack(other.track);
    await until(() => studio.sources === 2);
    caller.track.stop();
    await pause(400);
    expect(line.state).toBe('speaking');
    void other.say(speech);
    await until(() => studio.mouth > 0.3);
    stream.removeTrack(other.track);
    stream.removeTrack(caller.track);
    expect((await line.finished).outcome).toBe('finished');
    await other.dispose();
  });

  it('refuses what has no sound, and what it cannot do', async () => {
    const { npc } = studio;
    expect(() => npc.speakFrom(new MediaStream())).toThrow(InputError);
    expect(() => npc.speakFrom('mic' as never)).toThrow(InputError);
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    const [video] = canvas.captureStream().getVideoTracks();
    expect(() => npc.speakFrom(video!)).toThrow(/video/);
    expect(() => npc.speakFrom(caller.stream, { lookAheadSeconds: 0.01 })).toThrow(/0.1 to 0.5/);
    const line = npc.speakFrom(caller.stream);
    expect(() => line.seek(1)).toThrow(InputError);
    expect(() => {
      line.rate = 2;
    }).toThrow(InputError);
    await expect(line.track()).rejects.toThrow(InputError);
    await line.stop();
  });
});

describe('a device of another rate', () => {
  it.each([16_000, 96_000])('hears a stream the same way: %i Hz', async (rate) => {
    const studio = await Studio.open({ rate });
    const caller = new Caller();
    const finish = await studio.record();
    const line = studio.npc.speakFrom(caller.stream);
    await until(() => line.state === 'speaking');
    void caller.say(speech);
    await until(() => studio.mouth > 0.3);
    await pause(800);
    const { frames } = delayOf(await finish());
    expect(frames).toBe(Math.round(0.12 * rate));
    await line.stop();
    await caller.dispose();
    await studio.dispose();
  });
});

describe('a page without sound yet', () => {
  it('lets a stream wait, and ends it there when the stream is over', async () => {
    const studio = await Studio.open({ suspended: true });
    const caller = new Caller();
    const over = studio.npc.speakFrom(caller.track.clone());
    await pause(200);
    expect(over.state).toBe('waiting');
    await studio.npc.stop();
    const stream = new MediaStream([caller.track.clone()]);
    const ended = studio.npc.speakFrom(stream);
    stream.getAudioTracks()[0]!.stop();
    expect((await ended.finished).outcome).toBe('finished');
    const line = studio.npc.speakFrom(caller.stream);
    await pause(100);
    expect(line.state).toBe('waiting');
    await studio.parley.unlockAsync();
    await until(() => line.state === 'speaking');
    await line.stop();
    await caller.dispose();
    await studio.dispose();
  });
});

/** Largest second difference. */
function largestCurve(signal: Float32Array): number {
  let most = 0;
  for (let i = 1; i + 1 < signal.length; i++)
    most = Math.max(most, Math.abs(signal[i + 1]! - 2 * signal[i]! + signal[i - 1]!));
  return most;
}
