/**
 * `npm run bench:gateway`: a gateway and a bare broadcast of the same bytes, in turn, to crowds that listen at once.
 * `--quick` is a short form, `--counts 100,500` are other crowds.
 */
import { cpus } from 'node:os';
import { redisHop } from './redis-hop.ts';
import { Bench, type Measured } from './round.ts';
import { quantile, row, spread, table } from './table.ts';

const quick = process.argv.includes('--quick');
const given = process.argv.indexOf('--counts');
const COUNTS = given < 0 ? [100, 500, 1_500] : process.argv[given + 1]!.split(',').map(Number);
const SECONDS = quick ? 2 : 4;
const ROUNDS = quick ? 1 : 3;

const bench = await Bench.open();
try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]!.model}; ${ROUNDS} rounds of ${SECONDS} s each.\n`,
  );
  await bench.measure('gateway', 'pcm', 100, 2); // The compiler warms up.
  await bench.measure('bare', 'pcm', 100, 2);
  await bench.measure('gateway', 'opus', 100, 2);
  const rows: string[][] = [];
  for (const count of COUNTS) {
    process.stderr.write(`${count} … `);
    const all: Record<'bare' | 'pcm' | 'opus' | 'twice', Measured[]> = {
      bare: [],
      pcm: [],
      opus: [],
      twice: [],
    };
    for (let round = 0; round < ROUNDS; round++) {
      all.bare.push(await bench.measure('bare', 'pcm', count, SECONDS));
      all.pcm.push(await bench.measure('gateway', 'pcm', count, SECONDS));
      all.opus.push(await bench.measure('gateway', 'opus', count, SECONDS));
      all.twice.push(await bench.measure('gateway', 'opus', 2 * count, SECONDS));
    }
    rows.push(row(`${count}, bare \`ws\``, all.bare, all.bare));
    rows.push(row(`${count}, gateway, PCM`, all.pcm, all.bare));
    rows.push(row(`${count}, gateway, Opus`, all.opus, all.bare));
    rows.push(row(`${2 * count}, gateway, Opus`, all.twice, all.bare));
  }
  console.log(table(rows));
  const { cold, cached } = await bench.first(quick ? 50 : 300);
  console.log(
    `\nFirst sound of a line, from a source that has it at once: new p50 ${quantile(cold, 0.5).toFixed(2)} ms, ` +
      `p99 ${quantile(cold, 0.99).toFixed(2)}; kept p50 ${quantile(cached, 0.5).toFixed(2)}, p99 ${quantile(cached, 0.99).toFixed(2)}.`,
  );
} finally {
  await bench.close();
}
const hops = await redisHop(quick ? 2 : 5);
console.log(`A piece of a line from the gateway that speaks it to another, over Redis: ${spread(hops)} ms.`);
