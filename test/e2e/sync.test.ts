import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { median } from '../bench/sync/analysis/statistics.ts';
import { burstLine } from '../bench/sync/coded/coded-line.ts';
import { CLEAN, EVERYTHING, type Network } from '../bench/sync/driver/networks.ts';
import { Bench, PLANTED_MS, type Run } from '../bench/sync/driver/run.ts';

/** The short form of `npm run bench:sync`: facts of the samples are strict, those of the machine's time are loose. */
let bench: Bench;

beforeAll(async () => {
  bench = await Bench.openAsync([burstLine(7, 44_100, 6), burstLine(11, 24_000, 5)]);
}, 100_000);
afterAll(() => bench.close());

const betweenMs = ({ edges }: Run['findings']) => median(edges.edges.map((edge) => edge.betweenMs));

describe.each([
  { network: CLEAN, rate: 44_100, kHz: 44.1 },
  { network: EVERYTHING, rate: 24_000, kHz: 24 },
] satisfies { network: Network; rate: number; kHz: number }[])(
  'ear and eye, $kHz kHz, network: $network.name',
  ({ network, rate }) => {
    let run: Run;

    beforeAll(async () => {
      run = await bench.runAsync(network, rate, 0);
    }, 100_000);

    it('maps every sample to its place in the line', () => {
      const { map } = run.findings;
      expect(map.count).toBeGreaterThan(20_000);
      expect(map.lost).toBeLessThan(0.1 * map.count);
      expect(map.worst).toBe(0);
    });

    it('clicks at no seam', () => {
      expect(run.findings.clicks.seams).toBeGreaterThanOrEqual(2);
      expect(run.findings.clicks.worst).toBeLessThan(1.01);
    });

    it('shows the moment that is heard', () => {
      const { pose, edges } = run.findings;
      expect(Math.abs(pose.medianMs)).toBeLessThan(5);
      expect(pose.count).toBeGreaterThan(20);
      expect(edges.edges.length).toBeGreaterThan(4);
      expect(betweenMs(run.findings)).toBeGreaterThan(-60);
      expect(betweenMs(run.findings)).toBeLessThan(30);
    });

    it('would find a face that is 100 ms early, and one that loses time', () => {
      const { findings, delayed, drifting } = run;
      expect(Math.abs(delayed.pose.medianMs - findings.pose.medianMs - PLANTED_MS)).toBeLessThan(1);
      expect(Math.abs(betweenMs(delayed) - betweenMs(findings) - PLANTED_MS)).toBeLessThan(1);
      expect(delayed.map.typical - findings.map.typical).toBe(
        (-PLANTED_MS * run.recording.sampleRate) / 1000,
      );
      expect(Math.abs(drifting.pose.driftMs - findings.pose.driftMs - 120)).toBeLessThan(30);
    });

    it('adds no more silence than the network made it', () => {
      for (const { addedMs, refilledMs } of run.findings.gaps) expect(addedMs - refilledMs).toBeLessThan(80);
      if (network === CLEAN) return;
      expect(run.findings.gaps.length).toBeGreaterThan(0);
    });
  },
);
