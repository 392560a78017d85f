import { type ClockFit, fitClock } from '../analysis/clock-fit.ts';
import type { Gap } from '../analysis/stalls.ts';
import type { Run } from '../driver/run.ts';
import type { Recording } from '../recording.ts';
import type { Drawing } from './histograms.ts';
import { element, label, type Point, pathOf } from './svg.ts';

const LEFT = 0;
const RIGHT = 880;
const TOP = 58;
const MIDDLE = 132;
const BOTTOM = 206;
/** What is shown around a gap, milliseconds. */
const BEFORE_MS = 1_700;
const AFTER_MS = 2_200;
/** Sound that makes one step of its envelope, frames: 4 ms. */
const STEP = 192;
/** A gap that is worth a picture, milliseconds, with so much of the line before it, seconds. */
const SHORTEST_MS = 100;
const EARLIEST_SECONDS = 2;

/** Sound and mouth around a stall of the worst network that has one in a line of bursts. */
export function timelineOf(runs: readonly Run[]): Drawing | undefined {
  for (const run of [...runs].reverse().sort((a, b) => rank(b) - rank(a))) {
    const [gap] = run.findings.gaps
      .filter(({ line, at }) => run.lines[line]!.bursts.length > 0 && at > EARLIEST_SECONDS)
      .sort((a, b) => Number(cutsBurst(run, b)) - Number(cutsBurst(run, a)) || b.addedMs - a.addedMs);
    if (gap && gap.addedMs >= SHORTEST_MS) return draw(run, gap);
  }
  return undefined;
}

/** Whether the sound stops while the mouth is open: that shows the most. */
function cutsBurst({ lines }: Run, { line, at, addedMs }: Gap): boolean {
  return (
    addedMs >= SHORTEST_MS &&
    lines[line]!.bursts.some(({ start, end }) => start + 0.1 < at && at < end - 0.05)
  );
}

function rank({ network }: Run): number {
  return ['everything', 'stalls', 'jitter'].reverse().indexOf(network.name);
}

function draw(run: Run, gap: Gap): Drawing {
  const { recording, network } = run;
  const clock = fitClock(recording.pairs);
  const startMs = clock.msAt(gap.from) - BEFORE_MS;
  const endMs = clock.msAt(gap.to) + AFTER_MS;
  const xOf = (ms: number) => LEFT + ((ms - startMs) / (endMs - startMs)) * (RIGHT - LEFT);
  const frames = recording.frames.filter(({ ms }) => ms >= startMs && ms <= endMs);
  const widest = Math.max(...frames.map(({ gapMm }) => gapMm), 1);
  const mouth = frames.map(({ ms, gapMm }) => ({
    x: xOf(ms),
    y: BOTTOM - (BOTTOM - MIDDLE - 8) * (gapMm / widest),
  }));
  const gaps = run.findings.gaps.filter(
    ({ to, from }) => clock.msAt(to) > startMs && clock.msAt(from) < endMs,
  );
  const parts = [
    label(0, 16, 'Four seconds around a stall', 'title'),
    label(
      0,
      36,
      `Network "${network.name}", ${run.rate / 1000} kHz. Above the sound that leaves the device, below the lips; a dot is a frame.`,
      'small',
    ),
    ...gaps.map(({ from, to }) =>
      element('rect', {
        class: 'gap',
        x: xOf(clock.msAt(from)),
        y: TOP - 8,
        width: xOf(clock.msAt(to)) - xOf(clock.msAt(from)),
        height: BOTTOM - TOP + 8,
      }),
    ),
    element('path', { class: 'sound', d: pathOf(envelopeOf(recording, clock, startMs, endMs, xOf), true) }),
    element('path', { class: 'mouth', d: pathOf(mouth) }),
    ...mouth.map(({ x, y }) => element('circle', { class: 'frame', cx: x, cy: y, r: 1.9 })),
    element('line', { class: 'axis', x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM }),
    label(xOf(clock.msAt((gap.from + gap.to) / 2)), TOP + 8, 'no sound', 'small', 'middle'),
  ];
  for (let second = 0; second * 1000 < endMs - startMs - 100; second += 0.5) {
    const x = xOf(startMs + 1000 * second);
    parts.push(element('line', { class: 'axis', x1: x, x2: x, y1: BOTTOM, y2: BOTTOM + 4 }));
    const anchor = second === 0 ? 'start' : 'middle';
    parts.push(label(x, BOTTOM + 17, `${second} s`, 'small', anchor));
  }
  return { drawing: parts.join('\n'), height: BOTTOM + 24 };
}

/** The outline of the sound, mirrored at its middle. */
function envelopeOf(
  { sound, samples, sampleRate }: Recording,
  clock: ClockFit,
  startMs: number,
  endMs: number,
  xOf: (ms: number) => number,
): Point[] {
  const outline: Point[] = [];
  const middle = (TOP + MIDDLE) / 2;
  const half = (MIDDLE - TOP) / 2 - 2;
  let at = 0;
  for (const { frame, count } of sound) {
    for (let from = 0; from < count; from += STEP) {
      const ms = clock.msAt((frame + from) / sampleRate);
      if (ms < startMs || ms > endMs) continue;
      let most = 0;
      for (let index = at + from; index < at + Math.min(from + STEP, count); index++) {
        most = Math.max(most, Math.abs(samples[index]!));
      }
      outline.push({ x: xOf(ms), y: middle - half * Math.min(1, most / 0.6) });
    }
    at += count;
  }
  return [...outline, ...outline.map(({ x, y }) => ({ x, y: 2 * middle - y })).reverse()];
}
