import { expect, it } from 'vitest';
import { WHOLE } from '../../../src/gateway/lines/line-request.ts';
import { counted, ledVoices } from '../../kit/led-voices.ts';
import { desk, digestOf, memoryInUse, sleep, unbroken } from './desk-kit.ts';

it('a thousand readers that stand still cost nothing but the line itself, and hold up nobody', async () => {
  const source = ledVoices();
  const lines = await desk({ source, memoryBytes: 1 });
  const open = () => lines.open({ text: 'Long.', priority: 'player' });
  const first = open();
  const quick = digestOf(first);
  const spoken = await source.nth(0);
  const piece = 4_410;
  spoken.give(counted(0, piece, 44_100));
  await first.head;
  const stalled = Array.from({ length: 1_000 }, () => open().read(WHOLE, unbroken())[Symbol.asyncIterator]());
  for (const reader of stalled) await reader.next(); // One part each, and no more for ever.
  const before = await memoryInUse();
  for (let at = 1; at < 590; at++) {
    spoken.give(counted(at * piece, piece, 44_100));
    if (at % 50 === 0) await sleep(0);
  }
  spoken.give({ type: 'end' });
  expect(await quick).toMatch(/^2601900 /);
  const grown = (await memoryInUse()) - before;
  const line = 590 * piece * 2;
  expect(grown).toBeGreaterThan(line * 0.9); // They hold the line: 59 s, 5.2 MB …
  expect(grown).toBeLessThan(line * 1.3); // … once, not a thousand times.
  for (const reader of stalled) await reader.return?.();
});
