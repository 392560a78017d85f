/**
 * A gateway's desk as a process of its own: `tsx line-process.ts REDIS UPSTREAM UNITS LINES NAME`. Speaks so many lines
 * through the shared account, all asked for at once, prints a line of JSON for each that ended, and ends.
 */
import { openLineDesk } from '../../src/gateway/lines/line-desk.ts';
import { WHOLE } from '../../src/gateway/lines/line-request.ts';
import { openRedisStore } from '../../src/gateway/stores/redis-store.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { poolVoices } from '../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';

const [redis, upstream, units, count, name] = process.argv.slice(2);
if (!redis || !upstream || !name) throw new Error('Expected REDIS UPSTREAM UNITS LINES NAME.');
const store = await openRedisStore({ url: redis });
const source = lightningVoices({ url: upstream, openSocket: openNodeSocket });
const pool = poolVoices({
  services: [{ source, units: Number(units), account: 'shared' }],
  leases: store.leases,
  coolDownSeconds: 0,
});
const desk = await openLineDesk({ source: pool, store });
await Promise.all(
  Array.from({ length: Number(count) }, async (_, at) => {
    const text = `${name} ${at}`;
    let samples = 0;
    const line = desk.open({ text, priority: 'player' });
    for await (const part of line.read(WHOLE, new AbortController().signal)) {
      if (part.type === 'audio') samples += part.samples.length;
    }
    console.log(JSON.stringify({ text, samples }));
  }),
);
await desk.dispose();
pool.dispose();
await store.close();
