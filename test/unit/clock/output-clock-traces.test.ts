import { describe, expect, it } from 'vitest';
import { OutputClock } from '../../../src/clock/output-clock.ts';
import { BREAKS_UNTIL_MS, brokenSink } from './broken-sink.ts';
import { type Answer, device, errorsOf, type Moment, play, quantile, recorded } from './device.ts';

function withoutTimestamps(trace: readonly Moment[]): Moment[] {
  return trace.map(({ reading, truth }) => ({ reading: { ...reading, outputTime: undefined }, truth }));
}

function expectForward(answers: readonly Answer[]): void {
  let last = 0;
  for (const { heard } of answers) {
    expect(heard).toBeGreaterThanOrEqual(last);
    last = heard;
  }
}

/** How far 99 of 100 frames are off the straight line through the trace, milliseconds. */
function p99OffLine(answers: readonly Answer[], trace: readonly Moment[]): number {
  const half = trace.length >> 1;
  const slopes = trace
    .slice(0, half)
    .map(
      (moment, i) =>
        (trace[i + half]!.truth - moment.truth) / (trace[i + half]!.reading.nowMs - moment.reading.nowMs),
    );
  const slope = quantile(
    slopes.sort((a, b) => a - b),
    0.5,
  );
  const starts = trace.map(({ truth, reading }) => truth - slope * reading.nowMs).sort((a, b) => a - b);
  const start = quantile(starts, 0.5);
  const off = answers.map(({ nowMs, heard }) => Math.abs(heard - start - slope * nowMs) * 1000);
  return quantile(
    off.sort((a, b) => a - b),
    0.99,
  );
}

describe('the output clock on recorded devices', () => {
  it.each([
    ['muted-interactive', 0.2],
    ['muted-playback', 0.2],
    ['muted-load', 0.2],
    ['sink-interactive', 0.3],
  ])('keeps to the straight line of %s within %f ms in 99 of 100 frames', (name, limit) => {
    const trace = recorded(name);
    const answers = play(new OutputClock(), trace);
    expectForward(answers);
    const steady = trace.findIndex(({ reading }) => reading.nowMs >= 2_500);
    expect(p99OffLine(answers.slice(steady), trace.slice(steady))).toBeLessThan(limit);
  });

  it('follows a sound server that wanders', () => {
    const answers = play(new OutputClock(), recorded('sink-playback'));
    expectForward(answers);
    const errors = errorsOf(answers, 2_500);
    expect(quantile(errors, 0.5)).toBeLessThan(0.2);
    expect(quantile(errors, 0.99)).toBeLessThan(0.8);
  });

  it.each(['muted-interactive', 'muted-playback', 'muted-load', 'sink-interactive', 'sink-playback'])(
    'is within 4 ms of the timestamps of %s without seeing them',
    (name) => {
      const answers = play(new OutputClock(), withoutTimestamps(recorded(name)));
      expectForward(answers);
      expect(quantile(errorsOf(answers, 3_000), 0.95)).toBeLessThan(4);
    },
  );

  it('is right within 50 ms of the first sound of a server that starts late', () => {
    for (const name of ['sink-interactive', 'sink-playback', 'sink-change']) {
      const trace = recorded(name);
      const begun = trace.find(({ reading, truth }) => truth > 0.05 && reading.outputMs! > 0)!.reading.nowMs;
      const errors = errorsOf(play(new OutputClock(), trace), begun + 50, begun + 1_000);
      expect(errors.at(-1)).toBeLessThan(2);
    }
  });

  it('stays with a sink that breaks, and is right again at once', () => {
    const trace = recorded('sink-load');
    const answers = play(new OutputClock(), trace);
    expectForward(answers);
    const errors = errorsOf(answers, 0);
    expect(quantile(errors, 0.5)).toBeLessThan(0.5);
    expect(quantile(errors, 0.95)).toBeLessThan(10);
    expect(errors.at(-1)).toBeLessThan(60);
  });

  it('is with another device at the second frame that tells of it', () => {
    const trace = recorded('sink-change');
    const changedMs = 4_031.4; // The first reading of the other device.
    let told = false;
    const clock = new OutputClock();
    const answers = play(clock, trace, (nowMs) => {
      if (told || nowMs < changedMs) return;
      told = true;
      clock.handleDeviceChange(nowMs);
    });
    expectForward(answers);
    expect(errorsOf(answers, changedMs + 20).at(-1)).toBeLessThan(0.5);
  });
});

describe('the output clock on a device that drifts', () => {
  it.each([300, -300])('leaves no standing error at %i millionths', (ppm) => {
    for (const noiseMs of [0.05, 0.5]) {
      const answers = play(new OutputClock(), device({ seconds: 40, ppm, noiseMs }));
      const settled = answers.filter(({ nowMs }) => nowMs > 11_000);
      const mean = settled.reduce((sum, { errorMs }) => sum + errorMs, 0) / settled.length;
      expect(Math.abs(mean)).toBeLessThan(0.05);
      expect(quantile(errorsOf(settled, 0), 0.99)).toBeLessThan(noiseMs === 0.05 ? 0.2 : 0.5);
    }
  });

  it('leaves none where it sees no timestamps', () => {
    for (const buffer of [0.0087, 0.0116, 0.0232]) {
      const trace = device({ seconds: 60, ppm: 300, buffer, timestamps: 'none' });
      const answers = play(new OutputClock(), trace).filter(({ nowMs }) => nowMs > 21_000);
      const mean = answers.reduce((sum, { errorMs }) => sum + errorMs, 0) / answers.length;
      expect(Math.abs(mean)).toBeLessThan(0.5);
      expect(quantile(errorsOf(answers, 0), 0.99)).toBeLessThan(1.5);
    }
  });

  it('reads ten times a second once it has settled, and no more than that', () => {
    const answers = play(new OutputClock(), device({ seconds: 20 }));
    const reads = answers.filter(({ nowMs, read }) => read && nowMs > 5_000);
    expect(reads.length).toBeGreaterThan(15 * 8);
    expect(reads.length).toBeLessThan(15 * 11);
  });
});

describe('the output clock on timestamps that move in steps', () => {
  it('smooths them', () => {
    for (const buffer of [0.0058, 0.0116, 0.0232]) {
      const answers = play(new OutputClock(), device({ seconds: 20, buffer, timestamps: 'stepped' }));
      expectForward(answers);
      // The mean of the steps is half a buffer late; that much nobody can know.
      const off = answers
        .filter(({ nowMs }) => nowMs > 5_000)
        .map(({ errorMs }) => Math.abs(errorMs + buffer * 500))
        .sort((a, b) => a - b);
      expect(quantile(off, 0.99)).toBeLessThan(1.5);
    }
  });
});

describe('the output clock at a change of device', () => {
  const changeAt = 6;
  const slower = (at: number) => (at < changeAt ? 0.04 : 0.22);
  const quicker = (at: number) => (at < changeAt ? 0.22 : 0.04);

  it.each([60, 20])('follows 180 ms more or less within 0.2 s at %i frames a second', (framesPerSecond) => {
    for (const latency of [slower, quicker]) {
      for (const timestamps of ['exact', 'none'] as const) {
        const trace = device({ seconds: 12, framesPerSecond, latency, timestamps });
        const answers = play(new OutputClock(), trace);
        expectForward(answers);
        const limit = timestamps === 'exact' ? 1 : 7;
        // What was shown before cannot be taken back: the map stands until the slower device has caught up.
        const from = changeAt * 1000 + (latency === slower ? 380 : 200);
        expect(errorsOf(answers, from).at(-1)).toBeLessThan(limit);
      }
    }
  });

  it('averages anew when it is told, where it sees no timestamps', () => {
    const latency = (at: number) => (at < changeAt ? 0.04 : 0.05); // Within the noise of the steps.
    const trace = device({ seconds: 12, latency, timestamps: 'none' });
    const clock = new OutputClock();
    let told = false;
    const answers = play(clock, trace, (nowMs) => {
      if (told || nowMs < changeAt * 1000) return;
      told = true;
      clock.handleDeviceChange(nowMs);
    });
    expect(quantile(errorsOf(answers, changeAt * 1000 + 500), 0.95)).toBeLessThan(2);
  });
});

describe('the output clock on a sink that breaks', () => {
  it('is bounded while it lasts, close 0.3 s after it, right 1.5 s after it, and never backwards', () => {
    for (let seed = 1; seed <= (process.env.PARLEY_LONG ? 300 : 30); seed++) {
      const answers = play(new OutputClock(), brokenSink(seed));
      expectForward(answers);
      const during = errorsOf(answers, 0, BREAKS_UNTIL_MS);
      expect(during.at(-1)).toBeLessThan(120);
      expect(quantile(during, 0.95)).toBeLessThan(60);
      expect(quantile(during, 0.5)).toBeLessThan(0.5);
      const endMs = BREAKS_UNTIL_MS + 150; // The longest dropout takes that long.
      expect(errorsOf(answers, endMs + 300).at(-1)).toBeLessThan(5);
      expect(errorsOf(answers, endMs + 1_500).at(-1)).toBeLessThan(seed <= 30 ? 1 : 1.2); // One in 300.
    }
  });
});
