/**
 * Shows that the ear and the eye agree: `npm run bench:sync [-- --network NAME] [--rate HZ] [--out DIR]`.
 * Prints a table, and writes `sync.json` and `sync.svg` into DIR where that is given. Ends with 1 where an aim is missed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NETWORKS } from './driver/networks.ts';
import { Bench, type Run } from './driver/run.ts';
import { benchLinesAsync, RATES } from './lines.ts';
import { rowsOf } from './report/rows.ts';
import { tableOf } from './report/table.ts';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', multiple: true },
    rate: { type: 'string', multiple: true },
    out: { type: 'string' },
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
      runs.push(await bench.runAsync(network, rate));
    }
  }
} finally {
  await bench.close();
}

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), Chromium ${bench.browserVersion}, Node ${process.versions.node}`;
console.log(`\n${machine}\n\n${tableOf(runs)}\n`);
const missed = runs.flatMap((run) =>
  rowsOf(run)
    .filter(({ met }) => met === false)
    .map(({ fact, value, aim }) => `${run.network.name} at ${run.rate}: ${fact.trim()} ${value}, aim ${aim}`),
);
console.log(missed.length === 0 ? 'Every aim is met.' : `Missed:\n${missed.join('\n')}`);
if (options.out) {
  await mkdir(options.out, { recursive: true });
  const told = runs.map((run) => ({
    network: run.network,
    rate: run.rate,
    seconds: run.seconds,
    repeats: run.repeats,
    rows: rowsOf(run),
    findings: run.findings,
  }));
  await writeFile(join(options.out, 'sync.json'), `${JSON.stringify({ machine, runs: told }, null, 1)}\n`);
}
process.exitCode = missed.length === 0 ? 0 : 1;
