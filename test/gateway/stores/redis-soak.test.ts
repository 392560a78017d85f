import { expect, it } from 'vitest';
import { toneVoices } from '../../kit/tone-voices.ts';
import { desk, digestOf, memoryInUse } from '../lines/desk-kit.ts';
import { redisForFile } from './store-kit.ts';

/** Lines of each round; about 35 kB of sound each. */
const LINES = process.env.PARLEY_LONG ? 4_000 : 150;

// It keeps the pieces of lines for a minute: full, it would be away, and each gateway would speak for itself.
const redis = redisForFile(['--maxmemory', '2gb', '--maxmemory-policy', 'noeviction']);

it('hundreds of lines over two gateways leave nothing behind', async () => {
  const source = toneVoices({ sampleRate: 24_000 });
  const open = async () => desk({ source, store: await redis.store(), memoryBytes: 200_000 });
  const gateways = [await open(), await open()];
  const round = async (name: string) => {
    for (let at = 0; at < LINES; at += 5) {
      const asked = [0, 1, 2, 3, 4].flatMap((nth) =>
        gateways.map((lines) => lines.open({ text: `${name} ${at + nth} wild`, priority: 'player' })),
      );
      await Promise.all(asked.map(digestOf));
      for (const line of asked) line.release();
    }
    source.requests.length = 0;
    return memoryInUse();
  };
  await round('warm');
  const before = await round('up');
  const grown = (await round('soak')) - before;
  expect(grown).toBeLessThan(LINES * 3_000); // A tenth of what was said.
  const counts = gateways.map((each) => each.counts);
  expect(counts.reduce((sum, { fresh }) => sum + fresh, 0)).toBe(3 * LINES);
  expect(counts.reduce((sum, { joined }) => sum + joined, 0)).toBe(3 * LINES);
});
