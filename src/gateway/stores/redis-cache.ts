import type { RedisLink } from './redis-link.ts';
import type { LineCache } from './store.ts';

/** How long a line is kept that nobody asks for, seconds: a week. */
const KEEP_SECONDS = 7 * 24 * 3600;

/** Whole lines in a Redis of their own, which drops those unused for longest when it is full. */
export function redisCache(link: RedisLink, prefix: string): LineCache {
  const name = (key: string) => `${prefix}:whole:${key}`;
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await link.ask(question);
    } catch {
      return undefined; // Away, or full: lines are spoken all the same, and `state` says so.
    }
  };
  return {
    async get(key) {
      return (await ask(() => link.client.getexBuffer(name(key), 'EX', KEEP_SECONDS))) ?? undefined;
    },
    async put(key, packed) {
      await ask(() => link.client.set(name(key), Buffer.from(packed), 'EX', KEEP_SECONDS));
    },
    async drop(key) {
      await ask(() => link.client.del(name(key)));
    },
  };
}
