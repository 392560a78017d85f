import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPhaseTable } from '../../../src/pcm/resampler.ts';
import { LineRenderer } from '../../../src/playback/worklet/line-renderer.ts';

const RATE = 48_000;
const BLOCK = 128;
const same = createPhaseTable(RATE, RATE);
const up = createPhaseTable(16_000, RATE);

function renderer(): LineRenderer {
  return new LineRenderer(RATE, 131_072, same);
}

function sine(length: number, rate = RATE): Int16Array {
  return Int16Array.from({ length }, (_, index) =>
    Math.round(16_384 * Math.sin((2 * Math.PI * 200 * index) / rate)),
  );
}

/** Renders blocks until the line ends or `limit` blocks are done. */
function drain(from: LineRenderer, limit = 10_000): { out: Float32Array; frames: number } {
  const out = new Float32Array(limit * BLOCK);
  let [blocks, frames] = [0, 0];
  while (from.state !== 'ended' && blocks < limit) {
    frames += from.render(out.subarray(blocks * BLOCK, (blocks + 1) * BLOCK));
    blocks++;
  }
  return { out: out.subarray(0, blocks * BLOCK), frames };
}

function steepest(signal: Float32Array): number {
  let most = 0;
  for (let index = 1; index < signal.length; index++)
    most = Math.max(most, Math.abs(signal[index]! - signal[index - 1]!));
  return most;
}

/** Largest step of a 200 Hz tone at half scale, with the slope of a 3 ms fade on top. */
const OWN_STEP = 0.5 * ((2 * Math.PI * 200) / RATE) + 0.5 / (0.003 * RATE);

describe('a line on the audio thread', () => {
  it('is rendered sample by sample as it came, but for its faded ends', () => {
    const line = renderer();
    line.begin(same, 100);
    line.write(sine(9_600));
    line.end();
    const { out, frames } = drain(line);
    expect(frames).toBe(9_600);
    const samples = sine(9_600);
    for (let index = 144; index < 9_600 - 240; index++)
      expect(out[index]).toBeCloseTo(samples[index]! / 32_768, 6);
    expect(steepest(out)).toBeLessThanOrEqual(OWN_STEP);
  });

  it('waits for its lead, unless it is shorter', () => {
    const line = renderer();
    line.begin(same, 4_800);
    line.write(sine(4_700));
    line.render(new Float32Array(BLOCK));
    expect(line.state).toBe('buffering');
    line.end();
    line.render(new Float32Array(BLOCK));
    expect(line.state).toBe('playing');
  });

  it('has exactly its length whatever comes when, loses nothing, and never clicks', () => {
    const arrivals = fc.array(
      fc.record({ blocks: fc.integer({ min: 0, max: 60 }), samples: fc.integer({ min: 1, max: 3_000 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 0, max: 4_800 }),
        fc.constantFrom(same, up),
        (pieces, lead, table) => {
          const total = pieces.reduce((sum, piece) => sum + piece.samples, 0);
          const all = sine(total, table.from);
          const line = renderer();
          line.begin(table, lead);
          const heard: Float32Array[] = [];
          let [sent, frames] = [0, 0];
          const render = () => {
            const block = new Float32Array(BLOCK);
            frames += line.render(block);
            heard.push(block);
          };
          for (const { blocks, samples } of pieces) {
            for (let index = 0; index < blocks; index++) render();
            line.write(all.subarray(sent, sent + samples));
            sent += samples;
          }
          line.end();
          while (line.state !== 'ended') render();
          const out = Float32Array.from(heard.flatMap((block) => [...block]));
          expect(frames).toBe(Math.round((total * RATE) / table.from));
          expect(line.lineFrame).toBe(frames);
          expect(steepest(out)).toBeLessThanOrEqual(OWN_STEP * 1.02);
        },
      ),
      { seed: 21, numRuns: process.env.PARLEY_LONG ? 1_000 : 60 },
    );
  }, 120_000);

  it('fades before it runs dry, stalls, and goes on with the very next sample', () => {
    const line = renderer();
    line.begin(same, 100);
    line.write(sine(2_400));
    const first = drain(line, 40);
    expect(line.state).toBe('stalled');
    expect(first.frames).toBeLessThanOrEqual(2_400);
    line.write(sine(4_800).subarray(2_400));
    line.end();
    const rest = drain(line);
    expect(first.frames + rest.frames).toBe(4_800);
    expect(rest.out[200]).toBeCloseTo(sine(4_800)[first.frames + 200]! / 32_768, 6);
  });

  it('fades out within the asked time when it is stopped', () => {
    const line = renderer();
    line.begin(same, 100);
    line.write(sine(48_000));
    drain(line, 20);
    line.stop(2_880);
    const { frames } = drain(line);
    expect(frames).toBe(2_880);
    expect(line.stopped).toBe(true);
  });

  it('ends at once when it is stopped before its first sample', () => {
    const line = renderer();
    line.begin(same, 4_800);
    line.stop(2_880);
    expect(line).toMatchObject({ state: 'ended', stopped: true, lineFrame: 0 });
  });

  it('ends without a sample when nothing came', () => {
    const line = renderer();
    line.begin(same, 4_800);
    line.end();
    expect(drain(line).frames).toBe(0);
    expect(line).toMatchObject({ state: 'ended', stopped: false });
  });
});
