import type { Findings } from '../analysis/analyse.ts';
import { spreadOf, WINDOW_MS } from '../analysis/edges.ts';
import type { Wait } from '../analysis/stalls.ts';
import { median, quantile } from '../analysis/statistics.ts';
import type { Network } from '../driver/networks.ts';
import { MOST_DROPOUTS, PLANTED_DRIFT, PLANTED_MS, type Run, SLOWEST_FRAME_MS } from '../driver/run.ts';

/** One fact of a run beside its aim. */
export interface Row {
  readonly fact: string;
  readonly aim: string;
  readonly value: string;
  /** Undefined for facts without an aim of their own. */
  readonly met: boolean | undefined;
}

/** How near a planted fault must be told. */
const PLANTED_TOLERANCE_MS = 1;
const PLANTED_TOLERANCE_DRIFT = 0.1;
const PLANTED_DRIFT_MS = PLANTED_DRIFT * 60_000;
/** Drift that cannot be told from none: three standard errors, and never under what the clock fit resolves. */
const DRIFT_ERRORS = 3;
const DRIFT_FLOOR_MS = 0.5;
/** The player's filter and the exact one differ by so much. */
const STEP_TOLERANCE = 1.01;
/** From the moment the sound could go on until it does, milliseconds. */
const RESUME_MS = 20;
/** From the first audio to the first sample, beyond the target, milliseconds. */
const START_MS = 30;

/** Everything that is promised of a run, and what was found. */
export function rowsOf(run: Run): Row[] {
  const { findings, delayed, drifting, network } = run;
  const { pose, map, clicks } = findings;
  const drift = Math.max(DRIFT_ERRORS * pose.driftErrorMs, DRIFT_FLOOR_MS);
  const foundMs = delayed.pose.medianMs - pose.medianMs;
  const foundDriftMs = drifting.pose.driftMs - pose.driftMs;
  const foundFrames = delayed.map.typical - map.typical;
  return [
    row('gap map error, frames', '0', String(map.worst), map.worst === 0),
    row('  places compared', '', String(map.count), undefined),
    row(
      '  places lost in splices',
      '<= 2 %',
      percent(map.lost, map.count + map.lost),
      map.lost <= 0.02 * map.count,
    ),
    row('face against sound, p99, ms', '<= 2', pose.p99Ms.toFixed(2), pose.p99Ms <= 2),
    row('  median, ms', '', pose.medianMs.toFixed(2), undefined),
    row(
      '  drift, ms a minute',
      '0 in noise',
      `${pose.driftMs.toFixed(2)} ± ${pose.driftErrorMs.toFixed(2)}`,
      Math.abs(pose.driftMs) <= drift,
    ),
    row(
      'planted: face 100 ms early, found',
      `${PLANTED_MS} ± 1`,
      foundMs.toFixed(2),
      Math.abs(foundMs - PLANTED_MS) <= PLANTED_TOLERANCE_MS,
    ),
    row('  the same by the mouth', `${PLANTED_MS} ± 1`, ...plantedEdges(findings, delayed)),
    row(
      '  the same in the gap map, frames',
      '4800',
      String(foundFrames),
      foundFrames === (-PLANTED_MS * run.recording.sampleRate) / 1000,
    ),
    row(
      'planted: drift 0.2 %, found, ms a minute',
      `${PLANTED_DRIFT_MS} ± 12`,
      foundDriftMs.toFixed(1),
      Math.abs(foundDriftMs - PLANTED_DRIFT_MS) <= PLANTED_TOLERANCE_DRIFT * PLANTED_DRIFT_MS,
    ),
    ...edgeRows(findings),
    row('largest step at a seam / own', '<= 1', clicks.worst.toFixed(3), clicks.worst <= STEP_TOLERANCE),
    ...gapRows(findings),
    ...waitRows(findings, network),
    ...startRows(findings, network.name === 'clean'),
    row(
      'frame, median ms',
      `<= ${SLOWEST_FRAME_MS}`,
      findings.medianFrameMs.toFixed(1),
      findings.medianFrameMs <= SLOWEST_FRAME_MS,
    ),
    row('  longer than 34 ms', '', `${(100 * findings.longFrames).toFixed(1)} %`, undefined),
    row(
      'dropouts of the device',
      `<= ${MOST_DROPOUTS}`,
      String(findings.dropouts.length),
      findings.dropouts.length <= MOST_DROPOUTS,
    ),
    row('made again', '', run.repeats > 0 ? `${run.repeats} x` : 'no', undefined),
  ];
}

function row(fact: string, aim: string, value: string, met: boolean | undefined): Row {
  return { fact, aim, value, met };
}

function plantedEdges(findings: Findings, delayed: Findings): [value: string, met: boolean] {
  const before = median(findings.edges.edges.map(({ betweenMs }) => betweenMs));
  const after = median(delayed.edges.edges.map(({ betweenMs }) => betweenMs));
  const found = after - before;
  return [found.toFixed(2), Math.abs(found - PLANTED_MS) <= PLANTED_TOLERANCE_MS];
}

function edgeRows({ edges }: Findings): Row[] {
  const stalled = edges.edges.some(({ afterStall }) => afterStall);
  const rows: Row[] = [];
  for (const [name, some] of [
    ['mouth against sound', edges.edges],
    ['  before stalls', stalled ? edges.edges.filter(({ afterStall }) => !afterStall) : []],
    ['  after stalls', edges.edges.filter(({ afterStall }) => afterStall)],
  ] as const) {
    if (some.length === 0) continue;
    rows.push(
      edgeRow(
        `${name}, between frames`,
        some.map(({ betweenMs }) => betweenMs),
      ),
    );
    rows.push(
      edgeRow(
        `${name}, by frames`,
        some.map(({ frameMs }) => frameMs),
      ),
    );
  }
  rows.push(
    row('  edges near gaps, left out', '', String(edges.nearGaps), undefined),
    row('  edges without frames, left out', '', String(edges.unseen), undefined),
    row('  edges without a movement', '0', String(edges.missed), edges.missed === 0),
  );
  return rows;
}

function percent(part: number, all: number): string {
  return `${((100 * part) / all).toFixed(1)} %`;
}

/** Median, and between what 95 of 100 lie. */
function edgeRow(fact: string, offsets: readonly number[]): Row {
  const { median: middle, low, high, inWindow, count } = spreadOf(offsets);
  return row(
    `${fact}, ms: median [95 %] (n)`,
    `-30..0 [${WINDOW_MS.first}..${WINDOW_MS.last}]`,
    `${middle.toFixed(1)} [${low.toFixed(0)}..${high.toFixed(0)}] (${count})`,
    middle >= -30 && middle <= 0 && inWindow >= 0.95,
  );
}

function gapRows({ gaps }: Findings): Row[] {
  if (gaps.length === 0) return [row('gaps', '', 'none', undefined)];
  const over = gaps.map(({ addedMs, refilledMs }) => addedMs - refilledMs);
  const worst = Math.max(...over);
  const added = gaps.map(({ addedMs }) => addedMs);
  return [
    row('gaps', '', String(gaps.length), undefined),
    row(
      '  silence added, ms, median and most',
      '',
      `${median(added).toFixed(0)}, ${quantile(added, 1).toFixed(0)}`,
      undefined,
    ),
    row('  over stall - buffered + refill, ms', `<= ${RESUME_MS}`, worst.toFixed(0), worst <= RESUME_MS),
  ];
}

/** Where late audio is made up for: waits that the target covers put no silence into the line. */
function waitRows({ waits }: Findings, { slowness }: Network): Row[] {
  if (!slowness.hiccupMs) return [];
  const covered = waits.filter(({ ms, targetMs }) => ms < targetMs);
  const stopped = covered.filter((wait) => wait.stopped).length;
  return [
    row(
      'stalls longer than the target: n, with silence',
      '',
      told(waits, (wait) => wait.ms >= wait.targetMs),
      undefined,
    ),
    row(
      '  shorter: n, with silence',
      '>0, 0',
      told(waits, (wait) => wait.ms < wait.targetMs),
      covered.length > 0 && stopped === 0,
    ),
  ];
}

function told(waits: readonly Wait[], which: (wait: Wait) => boolean): string {
  const some = waits.filter(which);
  return `${some.length}, ${some.filter(({ stopped }) => stopped).length}`;
}

function startRows({ starts }: Findings, clean: boolean): Row[] {
  const over = starts.map(({ renderedMs, targetMs }) => renderedMs - targetMs);
  const worst = quantile(over, 1);
  const spread = (values: readonly number[]) =>
    `${median(values).toFixed(0)}, ${quantile(values, 1).toFixed(0)}`;
  return [
    row(
      'first sample rendered after first audio, ms, median and most',
      '',
      spread(starts.map((start) => start.renderedMs)),
      undefined,
    ),
    row(
      '  over the target',
      clean ? `<= ${START_MS}` : '',
      spread(over),
      clean ? worst <= START_MS : undefined,
    ),
    row(
      'first sample heard after first audio, ms',
      '',
      spread(starts.map((start) => start.heardMs)),
      undefined,
    ),
  ];
}
