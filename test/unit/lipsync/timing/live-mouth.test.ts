import { beforeAll, describe, expect, it } from 'vitest';
import { PoseCurve } from '../../../../src/lipsync/pose-curve.ts';
import { loadSoundModel } from '../../../../src/lipsync/timing/learned.ts';
import { LiveMouth } from '../../../../src/lipsync/timing/live-mouth.ts';
import { TimingMaker } from '../../../../src/lipsync/timing/timing-maker.ts';
import { VISEME_COUNT } from '../../../../src/speech/viseme.ts';
import { speakSentences } from '../../../bench/visemes/spoken.ts';

const DELAY = 0.12;
const CHUNK_SECONDS = 0.01;
const PAUSE_SECONDS = 1.5;
const LONG = 6;

let talk: Int16Array;
let rate: number;
/** Begins and ends of the pauses between sentences, seconds of the talk. */
let pauses: { start: number; end: number }[];

beforeAll(async () => {
  const lines = await speakSentences(4, 0, 11);
  rate = lines[0]!.sampleRate;
  const pieces: Int16Array[] = [];
  pauses = [];
  let length = 0;
  while (length < 18 * rate) {
    const { samples } = lines[pieces.length % lines.length]!;
    pieces.push(samples);
    pauses.push({
      start: (length + samples.length) / rate,
      end: (length + samples.length) / rate + PAUSE_SECONDS,
    });
    length += samples.length + PAUSE_SECONDS * rate;
  }
  talk = new Int16Array(length);
  for (const [index, piece] of pieces.entries())
    talk.set(piece, Math.round(pauses[index]!.start * rate) - piece.length);
});

/** What a frame each 10 ms shows, with the sound heard {@link DELAY} after it came. */
async function shownLive(delaySeconds: number, longSeconds: number): Promise<Float32Array[]> {
  const mouth = await LiveMouth.createAsync(() => ({
    sampleRate: rate,
    delaySeconds,
    longSeconds,
    skipped: 0,
  }));
  const chunk = Math.round(CHUNK_SECONDS * rate);
  const rows: Float32Array[] = [];
  const at = new Float64Array(1);
  for (let from = 0; from < talk.length; from += chunk) {
    mouth.push(talk.subarray(from, from + chunk));
    at[0] = (from + chunk) / rate - delaySeconds;
    const row = new Float32Array(VISEME_COUNT);
    mouth.sampleAt(at, 0, row);
    rows.push(row);
  }
  mouth.end();
  at[0] = talk.length / rate;
  mouth.sampleAt(at, 0, rows[0]!.fill(1));
  expect(rows[0]!.every((weight) => weight === 0)).toBe(true);
  rows[0]!.fill(0);
  return rows;
}

describe('the mouth of a live stream', () => {
  it('moves as that of a finished line does, stretch after stretch, and rests in its pauses', async () => {
    const maker = new TimingMaker(await loadSoundModel(), { sampleRate: rate });
    const whole = new PoseCurve();
    whole.addCues([...maker.push(talk), ...maker.end()]);
    whole.addSound(talk, rate);
    whole.end(talk.length / rate);
    const rows = await shownLive(DELAY, LONG);
    const [first, last] = [
      { sum: 0, count: 0 },
      { sum: 0, count: 0 },
    ];
    const wanted = new Float32Array(VISEME_COUNT);
    for (const [index, row] of rows.entries()) {
      const time = (index + 1) * CHUNK_SECONDS - DELAY;
      if (pauses.some(({ start, end }) => time > start + 0.3 && time < end - 0.1))
        expect(Math.max(...row)).toBeLessThan(0.05);
      whole.sample(time, wanted);
      const part = time < LONG ? first : last; // From there on in stretches of their own.
      part.sum += wanted.reduce((sum, weight, v) => sum + Math.abs(weight - row[v]!), 0) / 2;
      part.count++;
    }
    // Decided 25 ms sooner than that of a line, and told as late as can be. A mouth that does not move is off by 0.4.
    expect(first.sum / first.count).toBeLessThan(0.2);
    expect(last.sum / last.count).toBeLessThan(0.2);
  });

  it('closes a stretch that has no pause, and goes on', async () => {
    const mouth = await LiveMouth.createAsync(() => ({
      sampleRate: rate,
      delaySeconds: DELAY,
      longSeconds: 0.2,
      skipped: rate, // A second of silence before it.
    }));
    const at = new Float64Array(1);
    const row = new Float32Array(VISEME_COUNT);
    let moved = 0;
    for (let from = 0; from < 4 * rate; from += rate / 100) {
      mouth.push(talk.subarray(from, from + rate / 100));
      at[0] = 1 + from / rate - DELAY;
      mouth.sampleAt(at, 0, row);
      if (at[0] <= 1) expect(Math.max(...row)).toBe(0);
      for (const weight of row) expect(weight).toBeGreaterThanOrEqual(0);
      if (Math.max(...row) > 0.3) moved++;
    }
    mouth.end();
    mouth.end();
    expect(moved).toBeGreaterThan(80);
  });
});
