/**
 * Shows that the ear and the eye agree: `npm run bench:sync [-- --network NAME] [--rate HZ] [--out DIR]`.
 * Prints a table, and writes `sync.txt`, `sync.json` and `sync.svg` into DIR, by default `.cache/sync`. Ends with 1 where
 * an aim is missed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NETWORKS } from './driver/networks.ts';
import { Bench, type Run } from './driver/run.ts';
import { benchLinesAsync, RATES } from './lines.ts';
import { brokenSinkRows } from './report/broken-sink-rows.ts';
import { pictureOf } from './report/picture.ts';
import { type Row, rowsOf } from './report/rows.ts';
import { listOf, tableOf } from './report/table.ts';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', multiple: true },
    rate: { type: 'string', multiple: true },
    out: { type: 'string', default: '.cache/sync' },
  },
});
const networks = NETWORKS.filter(({ name }) => options.network?.includes(name) ?? true);
const rates = RATES.filter((rate) => options.rate?.includes(String(rate)) ?? true);
if (networks.length === 0 || rates.length === 0) {
  throw new Error(
    `Expected --network ${NETWORKS.map(({ name }) => name).join('|')} and --rate ${RATES.join('|')}.`,
  );
}

const bench = await Bench.openAsync(await benchLinesAsync());
const runs: Run[] = [];
try {
  for (const rate of rates) {
    for (const network of networks) {
      console.log(`${rate} Hz, ${network.name}: ${network.words} …`);
      const run = await bench.runAsync(network, rate);
      runs.push(run);
      for (const miss of missedOf(rowsOf(run), '')) console.log(`  missed: ${miss}`);
    }
  }
} finally {
  await bench.close();
}

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), Chromium ${bench.browserVersion}, Node ${process.versions.node}`;
const sinkRows = brokenSinkRows();
const table = [machine, tableOf(runs), listOf('output clock', sinkRows)].join('\n\n');
const missed = [
  ...runs.flatMap((run) => missedOf(rowsOf(run), ` (${run.network.name}, ${run.rate} Hz)`)),
  ...missedOf(sinkRows, ''),
];
const verdict = missed.length === 0 ? 'Every aim is met.' : `Missed:\n${missed.join('\n')}`;
console.log(`\n${table}\n\n${verdict}`);

const told = runs.map(({ network, rate, seconds, repeats, findings, ...run }) => ({
  network: network.name,
  rate,
  seconds,
  repeats,
  rows: rowsOf({ network, rate, seconds, repeats, findings, ...run }),
  findings,
}));
await mkdir(options.out, { recursive: true });
await Promise.all([
  writeFile(join(options.out, 'sync.txt'), `${table}\n`),
  writeFile(
    join(options.out, 'sync.json'),
    `${JSON.stringify({ machine, runs: told, sinkRows }, null, 1)}\n`,
  ),
  writeFile(join(options.out, 'sync.svg'), pictureOf(runs)),
]);
console.log(`Written: sync.txt, sync.json and sync.svg in ${options.out}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function missedOf(rows: readonly Row[], where: string): string[] {
  return rows
    .filter(({ met }) => met === false)
    .map(({ fact, value, aim }) => `${fact.trim()}${where}: ${value}, aim ${aim}`);
}
