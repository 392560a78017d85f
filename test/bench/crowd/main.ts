/**
 * What a crowd costs the main thread: `npm run bench:crowd`. Milliseconds of ours in a frame, in Node on an engine
 * without pictures, with a director and without one.
 */
import { cpus } from 'node:os';
import { createScene } from '../../unit/face/rigs.ts';
import { FPS, openVillage } from './village.ts';

const COUNTS = [10, 30, 100, 300];
/** Frames until the machine code is settled, and those that are measured. */
const WARM = 1_500;
const FRAMES = 3_000;

console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()})\n`);
console.log('| people | director | ms median | ms p99 | rings |');
console.log('| --- | --- | --- | --- | --- |');
for (const people of COUNTS) {
  for (const directed of [false, true]) {
    const village = await openVillage(createScene({ textures: true }), people, directed);
    let ms = 0;
    const step = () => {
      ms += 1000 / FPS;
      return village.frame(ms);
    };
    for (let frame = 0; frame < WARM; frame++) step();
    const times = Float64Array.from({ length: FRAMES }, step).sort();
    const rings = Object.entries(village.rings).map(([ring, count]) => `${count} ${ring}`);
    const [median, p99] = [times[FRAMES >> 1]!, times[Math.floor(FRAMES * 0.99)]!];
    console.log(
      `| ${people} | ${directed ? 'yes' : 'no'} | ${median.toFixed(3)} | ${p99.toFixed(3)} | ${rings.join(', ')} |`,
    );
    village.dispose();
  }
}
process.exit(0);
