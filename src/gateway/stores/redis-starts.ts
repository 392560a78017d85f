import type { RedisLink } from './redis-link.ts';
import type { LineStarts } from './store.ts';

/** How long a start is remembered, ms: longer than lines are. */
const KEEP_MS = 600_000;

/** When lines began to be heard, by the clock of Redis: how long a key has lived already. */
export function redisStarts(link: RedisLink, prefix: string): LineStarts {
  const name = (key: string) => `${prefix}:start:${key}`;
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await link.ask(question);
    } catch {
      return undefined; // Away: who joins begins at the start.
    }
  };
  const agoMs = async (key: string) => {
    const left = (await ask(() => link.client.pttl(name(key)))) ?? -1;
    return left < 0 ? undefined : KEEP_MS - left;
  };
  return {
    agoMs,
    async tell(key, seconds) {
      const first = await ask(() => link.client.set(name(key), '', 'PX', KEEP_MS, 'NX'));
      if (first === 'OK' || ((await agoMs(key)) ?? 0) <= seconds * 1_000) return;
      await ask(() => link.client.set(name(key), '', 'PX', KEEP_MS));
    },
  };
}
