import { describe, expect, it, onTestFinished } from 'vitest';
import { READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import { createPhaseTable, type PhaseTable } from '../../../src/pcm/resampler.ts';
import type { AudioState, LineAudio } from '../../../src/playback/line-player.ts';
import { loadWorkletAsync, VoicePlayer } from '../../../src/playback/voice-player.ts';
import { FADE_IN_SECONDS, FADE_OUT_SECONDS } from '../../../src/playback/worklet/line-renderer.ts';
import { type PlayerMessage, PROCESSOR_NAME, type Receipt } from '../../../src/playback/worklet/messages.ts';
import { CONTEXT_RATE, difference, OfflineStage, peak, resampled, steepest, tone } from './offline.ts';

const FADE_IN = Math.ceil(FADE_IN_SECONDS * CONTEXT_RATE);
const FADE_OUT = Math.ceil(FADE_OUT_SECONDS * CONTEXT_RATE);

/** Steepest step of a line, with the slope of the shorter fade on top. */
function ownStep(line: Float32Array): number {
  return steepest(line) + peak(line) / FADE_IN;
}

function pushInPieces(line: LineAudio, samples: Int16Array<ArrayBuffer>, sizes: readonly number[]): void {
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    line.push(samples.slice(at, at + size));
    at += size;
  }
}

/** Frames of the context in which the line sounds, by its gap map: context frame, line frame, and how far the line goes on. */
function* playedFrames(
  line: ReturnType<VoicePlayer['begin']>,
  length: number,
): Generator<readonly [context: number, line: number, step: number]> {
  const reading = new Float64Array(READING_LENGTH);
  for (let frame = 0; frame < length; frame++) {
    line.gapMap.read((frame + 0.5) / CONTEXT_RATE, reading);
    if (reading[READING.silence]! > 0) continue;
    const now = line.gapMap.lineTimeAt(frame / CONTEXT_RATE) * CONTEXT_RATE;
    const next = line.gapMap.lineTimeAt((frame + 1) / CONTEXT_RATE) * CONTEXT_RATE;
    yield [frame, Math.round(now), Math.round(next - now)];
  }
}

describe('a voice in the worklet', () => {
  it.each([
    [8_000, [1, 3, 997]],
    [16_000, [320]],
    [24_000, [500, 1, 7_001]],
    [44_100, [1_023]],
    [48_000, [60_000]],
  ])('renders a line of %i Hz sample by sample, however it is cut into pieces', async (rate, sizes) => {
    const stage = await OfflineStage.create(1.2);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const samples = tone(1, rate);
    const line = player.begin({ sampleRate: rate });
    pushInPieces(line, samples, sizes);
    line.end();
    const heard = (await stage.render()).getChannelData(0);
    const wanted = resampled(samples, rate);

    expect(await line.ended).toEqual({ reason: 'finished', seconds: wanted.length / CONTEXT_RATE });
    const start = Math.round(line.gapMap.start! * CONTEXT_RATE);
    expect(peak(heard, 0, start)).toBe(0);
    expect(
      difference(heard, start + FADE_IN, wanted, FADE_IN, wanted.length - FADE_OUT),
      'between the fades',
    ).toBe(0);
    expect(peak(heard, start + wanted.length)).toBe(0);
    expect(steepest(heard)).toBeLessThanOrEqual(ownStep(wanted));
  });

  it('fades into a stall and out of it, and maps every frame to the one that is heard', async () => {
    const stage = await OfflineStage.create(2.5);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const rate = 24_000;
    const samples = tone(1, rate);
    const states: AudioState[] = [];
    const line = player.begin({ sampleRate: rate });
    line.onState = (state) => states.push(state);
    line.push(samples.slice(0, 7_200));
    const heard = (
      await stage.render([
        { atSeconds: 0.8, act: () => line.push(samples.slice(7_200, 14_400)) },
        {
          atSeconds: 1.5,
          act: () => {
            line.push(samples.slice(14_400));
            line.end();
          },
        },
      ])
    ).getChannelData(0);
    const wanted = resampled(samples, rate);

    expect(await line.ended).toEqual({ reason: 'finished', seconds: 1 });
    expect(states).toEqual(['playing', 'stalled', 'playing', 'stalled', 'playing', 'ended']);
    const gains: number[] = [];
    const silent = heard.slice();
    let last = -1;
    for (const [context, frame, step] of playedFrames(line, heard.length)) {
      silent[context] = 0;
      expect(frame).toBeGreaterThanOrEqual(last);
      last = frame;
      // Where periods are left out or repeated, two places sound together.
      if (step !== 1 || Math.abs(wanted[frame]!) < 1e-3) continue;
      gains.push(heard[context]! / wanted[frame]!);
    }
    expect(last).toBe(wanted.length - 1);
    expect(peak(silent), 'between the runs').toBe(0);
    expect(gains.length).toBeGreaterThan(wanted.length * 0.8);
    // Only the fades, 3 in and 3 out, differ from the line.
    expect(gains.filter((value) => Math.abs(value - 1) > 1e-6).length).toBeLessThanOrEqual(
      3 * (FADE_IN + FADE_OUT),
    );
    expect(Math.max(...gains)).toBeLessThanOrEqual(1 + 1e-6);
    expect(line.stalledMs).toBeGreaterThan(500);
    expect(steepest(heard)).toBeLessThanOrEqual(ownStep(wanted));
  });

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

  it('keeps a long line on the page and feeds it as it is heard, without a gap', async () => {
    const stage = await OfflineStage.create(21);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const samples = tone(20, 24_000);
    const line = player.begin({ sampleRate: 24_000 });
    line.push(samples.slice());
    line.end();
    const seconds = Array.from({ length: 20 }, (_, index) => ({ atSeconds: index + 1, act: () => {} }));
    const heard = (await stage.render(seconds)).getChannelData(0);
    const wanted = resampled(samples, 24_000);

    expect(await line.ended).toEqual({ reason: 'finished', seconds: 20 });
    expect(line.gapMap.pieces).toBe(1);
    const start = Math.round(line.gapMap.start! * CONTEXT_RATE);
    expect(difference(heard, start + FADE_IN, wanted, FADE_IN, wanted.length - FADE_OUT)).toBe(0);
  });

  it('plays lines of different rates one after the other', async () => {
    const stage = await OfflineStage.create(1.5);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const first = player.begin({ sampleRate: 16_000 });
    first.push(tone(0.5, 16_000));
    first.end();
    const begun: ReturnType<VoicePlayer['begin']>[] = [];
    const heard = (
      await stage.render([
        {
          atSeconds: 0.8,
          act: () => {
            first.push(tone(0.1, 16_000)); // Too late: not heard.
            const second = player.begin({ sampleRate: 44_100 });
            second.push(tone(0.5, 44_100, 333));
            second.end();
            begun.push(second);
          },
        },
      ])
    ).getChannelData(0);
    const [second] = begun;
    expect((await first.ended).seconds).toBe(0.5);
    expect((await second!.ended).seconds).toBe(0.5);
    const start = Math.round(second!.gapMap.start! * CONTEXT_RATE);
    const wanted = resampled(tone(0.5, 44_100, 333), 44_100);
    expect(start / CONTEXT_RATE).toBeCloseTo(0.8, 2);
    expect(difference(heard, start + FADE_IN, wanted, FADE_IN, wanted.length - FADE_OUT)).toBe(0);
  });

  it('tells of what it rendered at most 20 times a second, and at every change', async () => {
    const stage = await OfflineStage.create(2.5);
    const node = new AudioWorkletNode(stage.context, PROCESSOR_NAME, {
      numberOfInputs: 0,
      processorOptions: { capacity: 131_072 },
    });
    node.connect(stage.context.destination);
    const receipts: Receipt[] = [];
    node.port.onmessage = ({ data }: MessageEvent<Receipt>) => receipts.push(data);
    const post = (message: PlayerMessage) => node.port.postMessage(message);
    post({
      type: 'begin',
      line: 7,
      table: createPhaseTable(24_000, CONTEXT_RATE),
      targetFrames: 4_800,
      rate: 1,
    });
    post({ type: 'samples', line: 7, samples: tone(2, 24_000) });
    post({ type: 'end', line: 7 });
    await stage.render();

    expect(receipts.length).toBeGreaterThan(30);
    expect(receipts.length).toBeLessThanOrEqual(2 * 20 + 2);
    expect(receipts[0]!.state).toBe('playing');
    expect(receipts.at(-1)!.state).toBe('ended');
    expect(receipts.reduce((sum, { runs }) => sum + (runs[1] ?? 0), 0)).toBe(2 * CONTEXT_RATE);
  });

  it('is sent the filters of a rate once, and those of another when they are needed', async () => {
    const stage = await OfflineStage.create(1.2);
    const player = new VoicePlayer(stage.context);
    const other = new VoicePlayer(stage.context);
    const tables: (PhaseTable | undefined)[] = [];
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (message: PlayerMessage, ...rest: never[]) {
      if (message.type === 'begin') tables.push(message.table);
      postMessage.call(this, message, ...rest);
    };
    onTestFinished(() => {
      MessagePort.prototype.postMessage = postMessage;
    });
    const rates = [24_000, 24_000, 16_000, 24_000];
    const lines: LineAudio[] = [];
    player.tap.connect(stage.context.destination);
    const speak = (speaker: VoicePlayer, rate: number) => {
      const line = speaker.begin({ sampleRate: rate });
      line.push(tone(0.1, rate));
      line.end();
      lines.push(line);
    };
    const steps = rates.map((rate, index) => ({
      atSeconds: 0.25 * (index + 1),
      act: () => speak(player, rate),
    }));
    speak(other, 24_000);
    const heard = (await stage.render(steps)).getChannelData(0);
    const [ofOther, first, second, third, fourth] = tables;
    expect(ofOther).toMatchObject({ from: 24_000, to: CONTEXT_RATE });
    expect(first).toBe(ofOther);
    expect(second).toBeUndefined();
    expect(third).toMatchObject({ from: 16_000 });
    expect(fourth).toBe(first);
    for (const [index, rate] of rates.entries()) {
      const wanted = resampled(tone(0.1, rate), rate);
      const line = lines[index + 1] as ReturnType<VoicePlayer['begin']>;
      const start = Math.round(line.gapMap.start! * CONTEXT_RATE);
      expect(difference(heard, start + FADE_IN, wanted, FADE_IN, wanted.length - FADE_OUT)).toBe(0);
    }
  });

  it('tells how much it holds back, which may be less than what was asked for', async () => {
    const stage = await OfflineStage.create(0.2);
    const player = new VoicePlayer(stage.context);
    const line = player.begin({ sampleRate: 48_000, targetMs: 250 });
    expect(line.targetMs).toBe(250);
    line.setTarget(5_000);
    expect(line.targetMs).toBeCloseTo((1_000 * 131_072) / 2 / 48_000, 1);
    line.setTarget(80);
    expect(line.targetMs).toBe(80);
  });

  it('ends its line and refuses the next when the worklet crashes', async () => {
    const stage = await OfflineStage.create(0.3);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const line = player.begin({ sampleRate: 24_000 });
    const broken = { ...createPhaseTable(8_000, CONTEXT_RATE), coefficients: null as never };
    player.post({ type: 'begin', line: 1, table: broken, targetFrames: 0, rate: 1 });
    player.post({ type: 'samples', line: 1, samples: tone(0.1, 8_000) });
    await stage.render();
    expect(await line.ended).toMatchObject({ reason: 'lost', error: { code: 'worklet-crashed' } });
    expect(() => player.begin({ sampleRate: 24_000 })).toThrowError(
      expect.objectContaining({ code: 'worklet-crashed' }),
    );
  });

  it('ends a line without sound when nothing came', async () => {
    const stage = await OfflineStage.create(0.2);
    const player = new VoicePlayer(stage.context);
    player.tap.connect(stage.context.destination);
    const line = player.begin({ sampleRate: 24_000 });
    line.end();
    await stage.render();
    expect(await line.ended).toEqual({ reason: 'finished', seconds: 0 });
    expect(line.startedAtMs).toBeUndefined();
  });

  it('plays one line at a time, ends it when it is disposed, and takes none after that', async () => {
    const stage = await OfflineStage.create(0.2);
    const player = new VoicePlayer(stage.context);
    const line = player.begin({ sampleRate: 24_000 });
    const refused = expect.objectContaining({ code: 'invalid-input' });
    expect(() => player.begin({ sampleRate: 24_000 })).toThrowError(refused);
    player.dispose();
    player.dispose();
    expect((await line.ended).reason).toBe('stopped');
    expect(() => player.begin({ sampleRate: 24_000 })).toThrowError(refused);
  });
});

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
