import { describe, expect, it, onTestFinished } from 'vitest';
import { createPhaseTable, type PhaseTable } from '../../../src/pcm/resampler.ts';
import type { AudioState, LineAudio } from '../../../src/playback/line-player.ts';
import { VoicePlayer } from '../../../src/playback/voice-player.ts';
import { type PlayerMessage, PROCESSOR_NAME, type Receipt } from '../../../src/playback/worklet/messages.ts';
import { CONTEXT_RATE, difference, OfflineStage, peak, resampled, steepest, tone } from './offline.ts';
import { FADE_IN, FADE_OUT, ownStep, playedFrames, pushInPieces } from './voice-kit.ts';

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
