import type { Run } from '../driver/run.ts';
import { histogramsOf } from './histograms.ts';
import { element } from './svg.ts';
import { timelineOf } from './timeline.ts';

export const WIDTH = 880;

/** Colours that are read on a light page and on a dark one; the page behind shows through. */
const STYLE = `
text { font: 13px system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: #3d444d; }
.title { font-size: 15px; font-weight: 600; }
.small { font-size: 11.5px; fill: #667080; }
.axis { stroke: #8b94a0; stroke-width: 1; }
.window { fill: #2f8f5b; fill-opacity: 0.13; }
.zero { stroke: #667080; stroke-width: 1; stroke-dasharray: 3 3; }
.bars { fill: #c8641e; fill-opacity: 0.85; }
.steps { fill: none; stroke: #667080; stroke-width: 1.4; }
.sound { fill: #2d6cc0; fill-opacity: 0.55; }
.mouth { fill: none; stroke: #c8641e; stroke-width: 1.8; stroke-linejoin: round; }
.frame { fill: #c8641e; }
.gap { fill: #8b94a0; fill-opacity: 0.2; }
@media (prefers-color-scheme: dark) {
  text { fill: #d5dbe3; }
  .small { fill: #9aa5b3; }
  .window { fill: #57c78a; fill-opacity: 0.15; }
  .zero, .steps { stroke: #9aa5b3; }
  .bars, .frame { fill: #f09a57; }
  .mouth { stroke: #f09a57; }
  .sound { fill: #6aa6f2; fill-opacity: 0.6; }
}`;

/** Where mouth and sound lay in all runs, and a few seconds of one of them, as an SVG file. */
export function pictureOf(runs: readonly Run[]): string {
  const histograms = histogramsOf(runs);
  const timeline = timelineOf(runs);
  const height = histograms.height + (timeline ? timeline.height + 24 : 0);
  const lower = timeline
    ? element('g', { transform: `translate(0 ${histograms.height + 24})` }, timeline.drawing)
    : '';
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-label': 'How far mouth and sound were apart in each network, and a few seconds around a stall',
    },
    `<style>${STYLE}</style>${histograms.drawing}${lower}`,
  )}\n`;
}
