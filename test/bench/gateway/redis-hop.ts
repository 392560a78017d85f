/** A line that one gateway speaks and another reads over Redis: how late each piece is there. */
import { openLineDesk } from '../../../src/gateway/lines/line-desk.ts';
import { WHOLE } from '../../../src/gateway/lines/line-request.ts';
import { openRedisStore } from '../../../src/gateway/stores/redis-store.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { startRedis } from '../../kit/redis.ts';
import { sharedMs } from './part.ts';
import { paced, SAMPLE_RATE } from './stream.ts';
import { quantile } from './table.ts';

/** p50 and p99 of the delay. */
export async function redisHop(seconds: number): Promise<string> {
  const redis = await startRedis();
  try {
    const stores = [await openRedisStore({ url: redis.url }), await openRedisStore({ url: redis.url })];
    const emittedMs: number[] = [];
    const source: VoiceSource = {
      name: 'bench',
      home: 'node',
      timing: { origin: 'text', confidence: 1 },
      async *speak() {
        const queue: SpeechPart[] = [];
        let wake = () => {};
        const told = paced(seconds, (samples) => {
          emittedMs.push(sharedMs());
          queue.push({ type: 'audio', samples, sampleRate: SAMPLE_RATE });
          wake();
        }).then(() => {
          queue.push({ type: 'end' });
          wake();
        });
        for (let over = false; !over; ) {
          const part = queue.shift();
          if (part) {
            over = part.type === 'end';
            yield part;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
        await told;
      },
      dispose: () => {},
    };
    const desks = await Promise.all(stores.map((store) => openLineDesk({ source, store })));
    const late: number[] = [];
    const signal = new AbortController().signal;
    const leader = (async () => {
      for await (const _part of desks[0]!.open({ text: 'hop', priority: 'player' }).read(WHOLE, signal));
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    let nth = 0;
    for await (const part of desks[1]!.open({ text: 'hop', priority: 'player' }).read(WHOLE, signal)) {
      if (part.type === 'audio') late.push(sharedMs() - emittedMs[nth++]!);
    }
    await leader;
    for (const desk of desks) await desk.dispose();
    for (const store of stores) await store.close();
    // The first pieces were there before it asked.
    const followed = late.slice(5);
    return `p50 ${quantile(followed, 0.5).toFixed(2)} ms, p99 ${quantile(followed, 0.99).toFixed(2)} ms`;
  } finally {
    await redis.close();
  }
}
