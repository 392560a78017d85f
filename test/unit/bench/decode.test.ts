import { describe, expect, it } from 'vitest';
import { resampleAll } from '../../../src/pcm/resampler.ts';
import { decode } from '../../bench/sync/analysis/decode.ts';
import { resampleExactly } from '../../bench/sync/analysis/reference.ts';
import { burstLine } from '../../bench/sync/coded/coded-line.ts';
import { randomOf } from '../../kit/random.ts';
import { lay, RATE } from './recordings.ts';

const lines = [burstLine(3, 24_000, 1), burstLine(3, 24_000, 2)];
const references = lines.map(({ samples, sampleRate }) => resampleExactly(samples, sampleRate, RATE));
const whole = references[0]!.length;

describe('the exact resampler', () => {
  it.each([24_000, 44_100])('keeps tones of %i Hz to 90 dB and their place to the sample', (rate) => {
    const tone = (at: number, to: number) => Math.sin((2 * Math.PI * 3_000 * at) / to);
    const samples = Int16Array.from({ length: rate / 10 }, (_, at) => Math.round(30_000 * tone(at, rate)));
    const out = resampleExactly(samples, rate, RATE);
    expect(out.length).toBe(RATE / 10);
    for (let at = 500; at < out.length - 500; at++) {
      expect(Math.abs(out[at]! - (30_000 / 32_768) * tone(at, RATE))).toBeLessThan(4e-5);
    }
  });

  it('shares nothing with the player but the truth: both agree on coded sound', () => {
    const played = resampleAll(lines[0]!.samples, 24_000, RATE);
    for (let at = 100; at < played.length - 100; at += 7) {
      expect(Math.abs(played[at]! / 32_768 - references[0]![at]!)).toBeLessThan(2e-4);
    }
  });
});

describe('decoding', () => {
  it('tells a line that was played whole to the sample, wherever it begins', () => {
    for (const at of [0, 1, 12_345]) {
      const sound = lay(at + whole + 999, references, [{ line: 0, at, start: 0, frames: whole }]);
      const { pieces, unknown } = decode(sound, 7_000, references);
      expect(pieces).toEqual([{ line: 0, context: 7_000 + at, start: 0, frames: whole }]);
      expect(unknown).toBe(0);
    }
  });

  it('tells gaps between faded pieces, and one line after the other', () => {
    const sound = lay(500_000, references, [
      { line: 0, at: 1_000, start: 0, frames: 50_001, fadeIn: 144, fadeOut: 240 },
      { line: 0, at: 71_003, start: 50_001, frames: whole - 50_001, fadeIn: 144, fadeOut: 240 },
      { line: 1, at: 300_000, start: 0, frames: whole, fadeIn: 144, fadeOut: 240 },
    ]);
    const { pieces, silences } = decode(sound, 0, references);
    expect(pieces).toEqual([
      { line: 0, context: 1_000, start: 0, frames: 50_001 },
      { line: 0, context: 71_003, start: 50_001, frames: whole - 50_001 },
      { line: 1, context: 300_000, start: 0, frames: whole },
    ]);
    expect(silences).toHaveLength(4);
    expect(silences[1]).toEqual({ context: 51_001, frames: 20_002 });
  });

  it('finds the place after a seek, even in another line', () => {
    const sound = lay(200_000, references, [
      { line: 1, at: 500, start: 70_000, frames: 30_000, fadeIn: 144, fadeOut: 240 },
      { line: 0, at: 40_000, start: 12_000, frames: 30_000, fadeIn: 144, fadeOut: 240 },
    ]);
    const { pieces } = decode(sound, 0, references);
    expect(pieces.map(({ line, context, start }) => ({ line, lag: context - start }))).toEqual([
      { line: 1, lag: 500 - 70_000 },
      { line: 0, lag: 40_000 - 12_000 },
    ]);
  });

  it('tells periods that were repeated or left out, to the sample between the splices', () => {
    const random = randomOf(5);
    const between = (low: number, high: number) => Math.round(low + (high - low) * random());
    const laid = [{ line: 0, at: 0, start: 0, frames: 20_000, fadeIn: 0 }];
    for (let last = laid[0]!; last.start + last.frames < 120_000; last = laid.at(-1)!) {
      const period = between(120, 720);
      const jump = random() < 0.5 ? period : -period;
      const at = last.at + last.frames - period;
      const start = last.start + last.frames - period + jump;
      laid.push({ line: 0, at, start, frames: between(2_000, 9_000), fadeIn: period });
    }
    const last = laid.at(-1)!;
    const { pieces, unknown } = decode(lay(last.at + last.frames, references, laid), 0, references);
    expect(pieces.map(({ context, start }) => context - start)).toEqual(
      laid.map(({ at, start }) => at - start),
    );
    for (const [index, { context, frames }] of pieces.entries()) {
      const { at, frames: own, fadeIn } = laid[index]!;
      expect(context).toBeGreaterThanOrEqual(at);
      expect(context).toBeLessThanOrEqual(at + fadeIn + 48);
      expect(context + frames).toBeLessThanOrEqual(at + own);
    }
    expect(unknown).toBeLessThan(laid.reduce((sum, { fadeIn }) => sum + fadeIn + 96, 0));
  });

  it('says that it does not know what was never in a line', () => {
    const random = randomOf(9);
    const noise = Float32Array.from({ length: 30_000 }, () => 0.2 * (random() - 0.5));
    const { pieces, unknown } = decode(noise, 0, references);
    expect(pieces).toEqual([]);
    expect(unknown).toBe(30_000);
  });

  it('sees a shift by a single sample', () => {
    const sound = lay(whole + 2_000, references, [
      { line: 0, at: 1_000, start: 0, frames: 60_000, fadeOut: 240 },
      { line: 0, at: 61_501, start: 60_000, frames: whole - 60_000, fadeIn: 144 },
    ]);
    const { pieces } = decode(sound, 0, references);
    expect(pieces.map(({ context, start }) => context - start)).toEqual([1_000, 1_501]);
  });
});
