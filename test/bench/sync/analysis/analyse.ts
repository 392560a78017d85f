import type { CodedLine } from '../coded/coded-line.ts';
import type { Recording } from '../recording.ts';
import { type Clicks, findClicks } from './clicks.ts';
import { fitClock } from './clock-fit.ts';
import { type Decoded, decode } from './decode.ts';
import { type Edges, findEdges } from './edges.ts';
import { HeardMap } from './heard.ts';
import { type MapError, mapError } from './map-error.ts';
import { type PoseOffset, poseOffset } from './pose-offset.ts';
import { resampleExactly } from './reference.ts';
import { findGaps, findWaits, type Gap, type Wait } from './stalls.ts';
import { median } from './statistics.ts';

/** How a line began. */
export interface Start {
  /** From the arrival of the first audio to the first rendered sample, milliseconds. */
  readonly renderedMs: number;
  /** To the first sample that left the device, milliseconds. */
  readonly heardMs: number;
  /** What the player wanted to hold back, milliseconds. */
  readonly targetMs: number;
}

/** What a run showed. */
export interface Findings {
  readonly frames: number;
  readonly medianFrameMs: number;
  /** Part of the frames that took longer than two of a display at 60 Hz. */
  readonly longFrames: number;
  /** Frames of sound that were no piece of any line, and samples of lines that were not heard. */
  readonly unknownFrames: number;
  readonly unheardFrames: number;
  /** Part of the readings of the output's time stamp that lie on straight lines, and how far those are off them. */
  readonly clockInliers: number;
  readonly clockResidualMs: number;
  /** Steps of the device since the first line began, milliseconds: later is positive. */
  readonly dropouts: readonly number[];
  readonly map: MapError;
  readonly pose: PoseOffset;
  readonly edges: Edges;
  readonly clicks: Clicks;
  readonly gaps: readonly Gap[];
  readonly waits: readonly Wait[];
  readonly starts: readonly Start[];
}

/** The references of a run's lines, which cost the most and serve every analysis of it. */
export function referencesOf(lines: readonly CodedLine[], contextRate: number): Float32Array[] {
  return lines.map(({ samples, sampleRate }) => resampleExactly(samples, sampleRate, contextRate));
}

/** Judges a recording of `lines`, said one after the other. */
export function analyse(
  recording: Recording,
  lines: readonly CodedLine[],
  references: readonly Float32Array[],
): Findings {
  const { sampleRate, frames } = recording;
  const { heard: sound, first } = gather(recording);
  const decoded = decodeOnce(recording, sound, first, references);
  const heard = new HeardMap(decoded);
  const clock = fitClock(recording.pairs);
  const renderedAt = renderTimes(recording);
  const begun = (heard.pieces[0]?.context ?? 0) / sampleRate;
  const targetMs = (ms: number) => frames.findLast((frame) => frame.ms <= ms)?.targetMs ?? 0;
  const edges = lines.map((line, index) => findEdges(index, line.bursts, heard, clock, frames, sampleRate));
  const maps = lines.map((_, index) => mapError(index, recording.lines[index]!, heard, sampleRate));
  const rates = { line: lines[0]!.sampleRate, context: sampleRate };
  const gaps = lines.flatMap((_, line) =>
    findGaps(line, heard, recording.arrivals, renderedAt, rates, targetMs),
  );
  const lengths = frames.slice(1).map(({ ms }, index) => ms - frames[index]!.ms);
  return {
    frames: frames.length,
    medianFrameMs: median(lengths),
    longFrames: lengths.filter((ms) => ms > 34).length / lengths.length,
    unknownFrames: decoded.unknown,
    unheardFrames: lines.reduce((sum, _, line) => sum + unheard(heard, line, references[line]!.length), 0),
    clockInliers: clock.inliers,
    clockResidualMs: clock.residualMs,
    dropouts: clock.steps.filter(({ from }) => from >= begun).map(({ ms }) => ms),
    map: {
      count: maps.reduce((sum, { count }) => sum + count, 0),
      lost: maps.reduce((sum, { lost }) => sum + lost, 0),
      typical: median(maps.map(({ typical }) => typical)),
      worst: Math.max(...maps.map(({ worst }) => worst)),
    },
    pose: poseOffset(frames, heard, clock, sampleRate),
    edges: {
      edges: edges.flatMap((each) => each.edges),
      nearGaps: edges.reduce((sum, each) => sum + each.nearGaps, 0),
      unseen: edges.reduce((sum, each) => sum + each.unseen, 0),
      missed: edges.reduce((sum, each) => sum + each.missed, 0),
    },
    clicks: findClicks(sound, first, heard, references),
    gaps,
    waits: lines.flatMap((_, line) => findWaits(line, gaps, recording.arrivals, rates.line, targetMs)),
    starts: lines.flatMap((_, line) => {
      const arrival = recording.arrivals.find((each) => each.line === line);
      const piece = heard.of(line)[0];
      if (!arrival || !piece) return [];
      const renderedMs = renderedAt(piece.context);
      const heardMs = clock.msAt(piece.context / sampleRate);
      return [
        {
          renderedMs: renderedMs - arrival.ms,
          heardMs: heardMs - arrival.ms,
          targetMs: targetMs(renderedMs),
        },
      ];
    }),
  };
}

/** What was decoded of each sound, as if it began at 0: a copy with a planted fault has the same sound at other times. */
const decodedSounds = new WeakMap<Float32Array, Decoded>();

function decodeOnce(
  { samples }: Recording,
  sound: Float32Array,
  first: number,
  references: readonly Float32Array[],
): Decoded {
  const known = decodedSounds.get(samples) ?? decode(sound, 0, references);
  decodedSounds.set(samples, known);
  const shift = <T extends { readonly context: number }>(each: T): T => ({
    ...each,
    context: each.context + first,
  });
  return { ...known, pieces: known.pieces.map(shift), silences: known.silences.map(shift) };
}

/** The recorded runs in one array, silence where nothing was recorded. */
function gather({ sound, samples }: Recording): { heard: Float32Array; first: number } {
  const first = sound[0]?.frame ?? 0;
  const last = sound.at(-1);
  const heard = new Float32Array(last ? last.frame + last.count - first : 0);
  let at = 0;
  for (const { frame, count } of sound) {
    heard.set(samples.subarray(at, at + count), frame - first);
    at += count;
  }
  return { heard, first };
}

/** Performance time, milliseconds, at which the block with a context frame was rendered. */
function renderTimes({ sound, walls, timeOrigin }: Recording): (contextFrame: number) => number {
  const blocks = sound.flatMap(({ frame, count }) =>
    Array.from({ length: count / 128 }, (_, index) => frame + 128 * index),
  );
  return (contextFrame) => {
    const after = blocks.findIndex((frame) => frame > contextFrame);
    return walls[after < 0 ? blocks.length - 1 : Math.max(0, after - 1)]! - timeOrigin;
  };
}

/** Frames of a line that were never heard; its first and last sample may be silenced by their fades. */
function unheard(heard: HeardMap, line: number, length: number): number {
  const frames = heard.of(line).reduce((sum, piece) => sum + piece.frames, 0);
  return Math.max(0, length - frames);
}
