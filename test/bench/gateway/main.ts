/**
 * `npm run bench:gateway`: a gateway and a bare broadcast of the same bytes, in turn, to crowds that listen at once.
 * `--quick` is a short form, `--counts 100,500` are other crowds.
 */
import { cpus, loadavg } from 'node:os';
import type { Memory } from './part.ts';
import { redisHop } from './redis-hop.ts';
import { Bench, type Measured } from './round.ts';
import { quantile, row, table } from './table.ts';

const quick = process.argv.includes('--quick');
const given = process.argv.indexOf('--counts');
const COUNTS = given < 0 ? [100, 500, 1_500] : process.argv[given + 1]!.split(',').map(Number);
const SECONDS = quick ? 2 : 5;
const ROUNDS = quick ? 1 : 3;
const MEMORY = ['listeners', 'memory, kB each', 'bare `ws`', 'PCM', 'to bare', 'Opus', 'to bare'];
const KINDS = { resident: 'of the system', used: 'in use' } as const;

const bench = await Bench.open();
try {
  const machine = `${cpus().length} × ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)} before`;
  console.log(`Node ${process.version}, ${machine}; ${ROUNDS} rounds of ${SECONDS} s each.\n`);
  await warmUp();
  console.log(table(await delays()));
  console.log(`\n${table(await memories(), MEMORY)}`);
  console.log(`\n${await firstSounds()}`);
} finally {
  await bench.close();
}
console.log(`A piece of a line at another gateway, over Redis: ${await redisHop(quick ? 2 : 5)}.`);

/** The compiler does its part before anything counts. */
async function warmUp(): Promise<void> {
  for (const seconds of quick ? [1] : [1, 2]) {
    await bench.measure('bare', 'pcm', 200, seconds);
    await bench.measure('gateway', 'pcm', 200, seconds);
    await bench.measure('gateway', 'opus', 200, seconds);
  }
}

async function delays(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const count of COUNTS) {
    process.stderr.write(`${count} listeners …\n`);
    const bare: Measured[] = [];
    const pcm: Measured[] = [];
    const opus: Measured[] = [];
    const twice: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bench.measure('bare', 'pcm', count, SECONDS));
      pcm.push(await bench.measure('gateway', 'pcm', count, SECONDS));
      opus.push(await bench.measure('gateway', 'opus', count, SECONDS));
      twice.push(await bench.measure('gateway', 'opus', 2 * count, SECONDS));
    }
    rows.push(row(`${count}, bare \`ws\``, bare, bare));
    rows.push(row(`${count}, PCM`, pcm, bare));
    rows.push(row(`${count}, Opus`, opus, bare));
    rows.push(row(`${2 * count}, Opus`, twice, bare));
  }
  return rows;
}

async function memories(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const count of COUNTS) {
    const bare = await bench.memory('bare', 'pcm', count);
    const pcm = await bench.memory('gateway', 'pcm', count);
    const opus = await bench.memory('gateway', 'opus', count);
    for (const kind of ['resident', 'used'] as const) {
      const ratio = (each: Memory) => (each[kind] / bare[kind]).toFixed(2);
      const kilobytes = (each: Memory) => (each[kind] / 1_000).toFixed(1);
      const cells = [kilobytes(bare), kilobytes(pcm), ratio(pcm), kilobytes(opus), ratio(opus)];
      rows.push([String(count), KINDS[kind], ...cells]);
    }
  }
  return rows;
}

async function firstSounds(): Promise<string> {
  const { cold, cached } = await bench.first(quick ? 50 : 300);
  const told = (times: readonly number[]) =>
    `p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`;
  return `From asking to the first sound: new, from a source that has it at once, ${told(cold)}; kept, ${told(cached)}.`;
}
