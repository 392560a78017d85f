import { type Edge, WINDOW_MS } from '../analysis/edges.ts';
import { median } from '../analysis/statistics.ts';
import type { Run } from '../driver/run.ts';
import { element, label, type Point, pathOf } from './svg.ts';

/** A part of the picture. */
export interface Drawing {
  readonly drawing: string;
  readonly height: number;
}

const LEFT = 250;
const RIGHT = 700;
const TOP = 62;
const ROW = 62;
const BAR = 44;
/** What is shown, milliseconds, and the width of a bar. */
const FROM_MS = -77.5;
const TO_MS = 47.5;
const BIN_MS = 5;

/** One row for each network, with the edges of all rates. */
export function histogramsOf(runs: readonly Run[]): Drawing {
  const networks = [...new Map(runs.map(({ network }) => [network.name, network])).values()];
  const bottom = TOP + ROW * networks.length;
  const parts = [
    label(0, 16, 'Mouth against sound', 'title'),
    label(
      0,
      36,
      'Openings and closings at half height, milliseconds; left of 0 the mouth is first.',
      'small',
    ),
    label(
      0,
      53,
      'Filled: between frames. Line: the first frame beyond half height. Green: 45 ms before to 15 ms after the sound.',
      'small',
    ),
    element('rect', {
      class: 'window',
      x: xOf(WINDOW_MS.first),
      y: TOP,
      width: xOf(WINDOW_MS.last) - xOf(WINDOW_MS.first),
      height: bottom - TOP,
    }),
    element('line', { class: 'zero', x1: xOf(0), x2: xOf(0), y1: TOP, y2: bottom }),
  ];
  for (const [row, network] of networks.entries()) {
    const edges = runs
      .filter((run) => run.network.name === network.name)
      .flatMap(({ findings }) => findings.edges.edges);
    parts.push(rowOf(edges, TOP + ROW * row + ROW - 8, network.name, network.words));
  }
  for (let ms = -75; ms <= TO_MS; ms += 15)
    parts.push(label(xOf(ms), bottom + 14, signed(ms), 'small', 'middle'));
  return { drawing: parts.join('\n'), height: bottom + 20 };
}

function rowOf(edges: readonly Edge[], base: number, name: string, words: string): string {
  const between = edges.map(({ betweenMs }) => betweenMs);
  const byFrame = edges.map(({ frameMs }) => frameMs);
  const bins = [binned(between), binned(byFrame)] as const;
  const tallest = Math.max(...bins[0], ...bins[1], 1);
  const yOf = (count: number) => base - (BAR * count) / tallest;
  const bars = bins[0].map((count, index) =>
    count === 0
      ? ''
      : element('rect', {
          class: 'bars',
          x: xOf(FROM_MS + BIN_MS * index) + 0.5,
          y: yOf(count),
          width: xOf(BIN_MS) - xOf(0) - 1,
          height: base - yOf(count),
        }),
  );
  const line: Point[] = bins[1].flatMap((count, index) => [
    { x: xOf(FROM_MS + BIN_MS * index), y: yOf(count) },
    { x: xOf(FROM_MS + BIN_MS * (index + 1)), y: yOf(count) },
  ]);
  return [
    ...wrapped(words).map((text, index) => label(LEFT - 24, base - 8 + 14 * index, text, 'small', 'end')),
    label(LEFT - 24, base - 24, name, 'word', 'end'),
    element('line', { class: 'axis', x1: LEFT, x2: RIGHT, y1: base, y2: base }),
    ...bars,
    element('path', { class: 'steps', d: pathOf(line) }),
    label(RIGHT + 14, base - 20, `median ${signed(Math.round(median(between)))} ms`),
    label(
      RIGHT + 14,
      base - 4,
      `by frames ${signed(Math.round(median(byFrame)))} ms, n = ${edges.length}`,
      'small',
    ),
  ].join('\n');
}

/** How many lie in each bar; what lies outside is counted in the outermost ones. */
function binned(offsets: readonly number[]): number[] {
  const bins = new Array<number>((TO_MS - FROM_MS) / BIN_MS).fill(0);
  for (const ms of offsets) {
    const bin = Math.floor((ms - FROM_MS) / BIN_MS);
    bins[Math.min(Math.max(bin, 0), bins.length - 1)]!++;
  }
  return bins;
}

/** Words in up to two lines beside a row. */
function wrapped(words: string): string[] {
  const longest = 36;
  if (words.length <= longest) return [words];
  const cut = words.lastIndexOf(' ', longest);
  return [words.slice(0, cut), words.slice(cut + 1)];
}

function xOf(ms: number): number {
  return LEFT + ((ms - FROM_MS) / (TO_MS - FROM_MS)) * (RIGHT - LEFT);
}

function signed(ms: number): string {
  return ms < 0 ? `−${-ms}` : ms === 0 ? '0' : `+${ms}`;
}
