import { describe, expect, it } from 'vitest';
import { analyse, referencesOf } from '../../bench/sync/analysis/analyse.ts';
import { spreadOf } from '../../bench/sync/analysis/edges.ts';
import { plantDelay, plantDrift } from '../../bench/sync/analysis/planted.ts';
import { burstLine } from '../../bench/sync/coded/coded-line.ts';
import type { Recording } from '../../bench/sync/recording.ts';
import { lay, RATE, recordingOf } from './recordings.ts';

const line = burstLine(12, 24_000, 3);
const references = referencesOf([line], RATE);
const whole = references[0]!.length;

/** The line from 0.5 s of the recording on, with a gap of 0.4 s at 5 s of the line. */
const GAP_FRAME = 5 * RATE;
const sound = lay(14 * RATE, references, [
  { line: 0, at: RATE / 2, start: 0, frames: GAP_FRAME, fadeIn: 144, fadeOut: 240 },
  {
    line: 0,
    at: 0.9 * RATE + GAP_FRAME,
    start: GAP_FRAME,
    frames: whole - GAP_FRAME,
    fadeIn: 144,
    fadeOut: 240,
  },
]);

function heardAt(contextTime: number): number {
  if (contextTime < 0.5) return 0;
  if (contextTime < 5.5) return contextTime - 0.5;
  return Math.min(12, Math.max(5, contextTime - 0.9));
}

function judged(recording: Recording) {
  return analyse(recording, [line], references);
}

describe('the analysis', () => {
  it('finds nothing wrong where nothing is', () => {
    /** Every part 60 ms before it is played, but for a sender that stood still for 400 ms. */
    const arrivedMs = (lineTime: number) => 5_440 + 1000 * lineTime + (lineTime < 5 ? 0 : 400);
    const findings = judged(recordingOf(sound, 14, { line, heardAt, arrivedMs }));
    expect(findings.map).toMatchObject({ worst: 0, typical: 0, lost: 0 });
    expect(findings.map.count).toBeGreaterThan(40_000);
    expect(findings.unknownFrames).toBe(0);
    expect(findings.pose.p99Ms).toBeLessThan(0.01);
    expect(Math.abs(findings.pose.driftMs)).toBeLessThan(0.01);
    expect(findings.clicks.seams).toBe(4);
    expect(findings.clicks.worst).toBeLessThanOrEqual(1);
    expect(findings.gaps).toHaveLength(1);
    expect(findings.gaps[0]!.addedMs).toBeCloseTo(400, 0);
    expect(findings.gaps[0]!.stallMs).toBeCloseTo(400, 0);
    expect(findings.gaps[0]!.refilledMs).toBeCloseTo(340, -1); // One part of 20 ms is the refill.
    expect(findings.waits).toHaveLength(1);
    expect(findings.starts[0]!.renderedMs).toBeCloseTo(60, -1);
    expect(findings.edges.missed).toBe(0);
    expect(findings.edges.edges.some(({ afterStall }) => afterStall)).toBe(true);
    expect(Math.abs(spreadOf(findings.edges.edges.map(({ betweenMs }) => betweenMs)).median)).toBeLessThan(1);
  });

  it.each([-100, -30, 40])('tells by how much the face is early or late: %i ms', (offsetMs) => {
    const { pose, edges } = judged(recordingOf(sound, 14, { line, heardAt, offsetMs }));
    expect(pose.medianMs).toBeCloseTo(offsetMs, 1);
    const found = spreadOf(edges.edges.map(({ betweenMs }) => betweenMs));
    expect(Math.abs(found.median - offsetMs)).toBeLessThan(1);
    expect(found.inWindow).toBe(offsetMs === -30 ? 1 : 0);
  });

  it('finds a planted delay and a planted drift', () => {
    const recording = recordingOf(sound, 14, { line, heardAt });
    const delayed = judged(plantDelay(recording, 100));
    expect(delayed.pose.medianMs).toBeCloseTo(-100, 1);
    expect(delayed.map.typical).toBe(4_800);
    expect(judged(plantDrift(recording, 0.002)).pose.driftMs).toBeCloseTo(120, -1);
  });

  it('sees a map that is one sample off after the gap', () => {
    const mapAt = (contextTime: number) => heardAt(contextTime) + (contextTime > 6 ? 1 / RATE : 0);
    expect(judged(recordingOf(sound, 14, { line, heardAt, mapAt })).map.worst).toBe(1);
  });

  it('sees a map that goes on in the gap', () => {
    const mapAt = (contextTime: number) =>
      heardAt(contextTime) + (contextTime > 5.6 && contextTime < 5.8 ? 0.01 : 0);
    expect(judged(recordingOf(sound, 14, { line, heardAt, mapAt })).map.worst).toBeGreaterThan(400);
  });

  it('hears a click at a seam that was not faded, and calls none what is faded', () => {
    const at = 2 * RATE;
    let cut = at;
    while (Math.abs(references[0]![cut]!) < 0.3) cut++; // In the middle of a burst.
    const torn = lay(14 * RATE, references, [
      { line: 0, at: 0, start: 0, frames: cut },
      { line: 0, at: cut + 5_000, start: cut, frames: whole - cut },
    ]);
    const truth = (contextTime: number) => {
      const frame = contextTime * RATE;
      return (frame < cut ? frame : Math.max(cut, frame - 5_000)) / RATE;
    };
    const findings = judged(recordingOf(torn, 14, { line, heardAt: truth }));
    expect(findings.clicks.worst).toBeGreaterThan(1.2);
  });
});
