/**
 * What a frame of speaking faces costs, in Node and in Chromium: `npm run bench:face [-- --only node|chromium]`.
 * Prints a table: microseconds for each character in a frame, and bytes of ours by V8's sampling heap profiler.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { FacesPage } from './in-chromium.ts';
import { measureInNode } from './in-node.ts';
import { COUNTS, type Figures, LOADS, type Load } from './measure.ts';

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, load: { type: 'string' }, count: { type: 'string' } },
});
const loads = (Object.keys(LOADS) as Load[]).filter((load) => (options.load ?? load) === load);
const counts = COUNTS.filter((count) => (options.count ?? String(count)) === String(count));

function print(where: string, figures: Figures): void {
  const { load, count, changed, medianUs, p99Us, bytes } = figures;
  console.log(
    `| ${where} | ${load}, ${changed.toFixed(1)} | ${count} | ${medianUs.toFixed(1)} | ${p99Us.toFixed(1)} | ${bytes.toFixed(2)} |${figures.where ? ` ${figures.where}` : ''}`,
  );
}

console.log(`${cpus().length} cores (${cpus()[0]?.model.trim()})\n`);
console.log('| where | load, channels changed | characters | µs median | µs p99 | bytes |');
console.log('| --- | --- | --- | --- | --- | --- |');
const page = options.only === 'node' ? undefined : await FacesPage.openAsync();
try {
  for (const load of loads) {
    for (const count of counts) {
      if (options.only !== 'chromium')
        print(`Node ${process.versions.node}`, await measureInNode(load, count));
      if (page) print(`Chromium ${page.version}`, await page.measure(load, count));
    }
  }
} finally {
  await page?.close();
}
process.exit(0);
