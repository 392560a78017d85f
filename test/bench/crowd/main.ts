/**
 * What a crowd costs: `npm run bench:crowd [-- --only node|chromium|sound|memory] [--people N …] [--out DIR]`.
 * Prints tables, and writes `crowd.json` and `crowd.svg` into DIR, by default `.cache/crowd`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figures, median } from './figures.ts';
import { VillagePage } from './in-chromium.ts';
import { heapOverMinutes, measureInNode } from './in-node.ts';
import { pictureOf } from './picture.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    people: { type: 'string', multiple: true },
    out: { type: 'string', default: '.cache/crowd' },
  },
});
const PARTS = ['node', 'chromium', 'sound', 'memory'];
const parts = options.only ?? PARTS;
for (const given of parts)
  if (!PARTS.includes(given)) throw new Error(`Expected --only ${PARTS.join('|')}, got ${given}.`);
const counts = options.people?.map(Number) ?? [10, 30, 100, 300];
/** Voices that are heard at once. */
const VOICES = [8, 16, 32, 64];
const ROUNDS = 3;
const MINUTES = 10;

console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()})\n`);
const figures: Figures[] = [];
const sound: object[] = [];
let heaps: number[] = [];
const page =
  parts.includes('chromium') || parts.includes('sound') ? await VillagePage.openAsync() : undefined;
try {
  if (parts.includes('node') || parts.includes('chromium')) await mainThread();
  if (parts.includes('sound')) await audioThread(page!);
  if (parts.includes('memory')) {
    heaps = await heapOverMinutes(100, MINUTES);
    console.log(
      `\nHeap of 100 people with a director after each of ${MINUTES} minutes, MiB: ${heaps.map((heap) => heap.toFixed(1)).join(', ')}`,
    );
  }
} finally {
  await page?.close();
}
await mkdir(options.out, { recursive: true });
await writeFile(join(options.out, 'crowd.json'), `${JSON.stringify({ figures, sound, heaps }, null, 1)}\n`);
if (figures.length > 0) await writeFile(join(options.out, 'crowd.svg'), pictureOf(figures));
console.log(`\nWritten: crowd.json and crowd.svg in ${options.out}`);
process.exit(0);

async function mainThread(): Promise<void> {
  console.log(
    '| where | people | director | ms median | p99 | with messages, mean | drawing, median | bytes a frame | and of messages | KiB each | rings | load |',
  );
  console.log(`|${' --- |'.repeat(12)}`);
  for (const people of counts) {
    for (const directed of [false, true]) {
      if (parts.includes('node')) tell(await measureInNode(people, directed));
      if (parts.includes('chromium')) tell(await page!.measure(people, directed));
    }
  }
}

function tell(found: Figures): void {
  figures.push(found);
  const { where, people, directed, medianMs, p99Ms, allMs, drawMs, bytes, messageBytes, kibEach, rings } =
    found;
  const cells = [
    where,
    people,
    directed ? 'yes' : 'no',
    medianMs.toFixed(3),
    p99Ms.toFixed(2),
    allMs?.toFixed(3) ?? '',
    drawMs?.toFixed(1) ?? '',
    bytes.toFixed(0),
    messageBytes.toFixed(0),
    kibEach.toFixed(0),
    rings,
    loadavg()[0]!.toFixed(1),
  ];
  console.log(`| ${cells.join(' | ')} |${bytes > 0 ? ` ${found.bytesWhere}` : ''}`);
}

async function audioThread(village: VillagePage): Promise<void> {
  console.log(
    '\n| voices | ms of work for a second, offline | ms passed | audio thread, live | lost in 8 s | load |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const voices of VOICES) {
    await village.clear();
    const times: { workMs: number; wallMs: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const ms = await village.renderMs(voices);
      if (round > 0) times.push(ms); // The first round warms up.
    }
    const { share, lostMs } = await village.live(voices, 8);
    sound.push({ voices, times, share, lostMs });
    const [work, wall] = [times.map(({ workMs }) => workMs), times.map(({ wallMs }) => wallMs)].map(spreadOf);
    console.log(
      `| ${voices} | ${work} | ${wall} | ${(100 * share).toFixed(1)} % | ${lostMs.toFixed(0)} ms | ${loadavg()[0]!.toFixed(1)} |`,
    );
  }
}

function spreadOf(values: readonly number[]): string {
  return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
}
