import { element, label, pathOf } from '../sync/report/svg.ts';
import type { Figures } from './figures.ts';

const [WIDTH, HEIGHT] = [740, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 560, 62, 350];

/** Least distance of two labels, one below the other. */
const LABEL_HEIGHT = 14;

/** Colours that are read on a light page and on a dark one; the page behind shows through. */
const STYLE = `
text { font: 13px system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: #3d444d; }
.title { font-size: 15px; font-weight: 600; }
.small { font-size: 11.5px; fill: #667080; }
.axis { stroke: #8b94a0; stroke-opacity: 0.35; stroke-width: 1; }
.without { fill: none; stroke: #c8641e; stroke-width: 2; }
.with { fill: none; stroke: #2d6cc0; stroke-width: 2; }
.node { stroke-dasharray: 5 4; stroke-width: 1.4; }
@media (prefers-color-scheme: dark) {
  text { fill: #d5dbe3; }
  .small { fill: #9aa5b3; }
  .without { stroke: #f09a57; }
  .with { stroke: #6aa6f2; }
}`;

/** Our part of a frame by the number of people, on scales that both grow tenfold, as an SVG file. */
export function pictureOf(all: readonly Figures[]): string {
  const counts = [...new Set(all.map(({ people }) => people))].sort((a, b) => a - b);
  const [fewest, most] = [counts[0]!, counts.at(-1)!];
  const costs = all.map(({ medianMs }) => medianMs);
  const [cheapest, dearest] = [10 ** Math.floor(Math.log10(Math.min(...costs))), Math.max(...costs) * 1.2];
  const along = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
  const x = (people: number) => LEFT + (RIGHT - LEFT) * along(people, fewest, most);
  const y = (ms: number) => BOTTOM - (BOTTOM - TOP) * along(ms, cheapest, dearest);
  const parts = [
    label(0, 16, 'What a crowd takes of a frame', 'title'),
    label(
      0,
      36,
      'Milliseconds of ours on the main thread, medians, by the number of people who walk and speak.',
      'small',
    ),
  ];
  for (const people of counts) {
    parts.push(element('line', { class: 'axis', x1: x(people), x2: x(people), y1: TOP, y2: BOTTOM }));
    parts.push(label(x(people), BOTTOM + 18, String(people), 'small', 'middle'));
  }
  for (let ms = cheapest; ms <= dearest; ms *= 10)
    for (const step of [1, 2, 5].map((digit) => digit * ms).filter((value) => value <= dearest)) {
      parts.push(element('line', { class: 'axis', x1: LEFT, x2: RIGHT, y1: y(step), y2: y(step) }));
      parts.push(label(LEFT - 8, y(step) + 4, String(Number(step.toPrecision(1))), 'small', 'end'));
    }
  const ends: { y: number; words: string }[] = [];
  for (const where of new Set(all.map((figures) => figures.where))) {
    for (const directed of [false, true]) {
      const row = all.filter((figures) => figures.where === where && figures.directed === directed);
      if (row.length === 0) continue;
      const points = row.map(({ people, medianMs }) => ({ x: x(people), y: y(medianMs) }));
      const kind = `${directed ? 'with' : 'without'}${where.startsWith('Node') ? ' node' : ''}`;
      parts.push(element('path', { class: kind, d: pathOf(points) }));
      const words = `${where}, ${directed ? 'director' : 'no director'}`;
      ends.push({ y: points.at(-1)!.y, words });
    }
  }
  for (const { y: end, words } of apart(ends)) parts.push(label(RIGHT + 8, end + 4, words, 'small'));
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': 'Milliseconds a frame against the number of people, with and without a director',
    },
    `<style>${STYLE}</style>${parts.join('\n')}`,
  )}\n`;
}

/** The same labels, none over another. */
function apart<Label extends { readonly y: number }>(labels: readonly Label[]): Label[] {
  let least = Number.NEGATIVE_INFINITY;
  return [...labels]
    .sort((one, other) => one.y - other.y)
    .map((each) => {
      least = Math.max(each.y, least + LABEL_HEIGHT);
      return { ...each, y: least };
    });
}
