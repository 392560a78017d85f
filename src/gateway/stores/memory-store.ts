import { randomBytes } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { memoryLeases } from '../../voices/pool/lease-store.ts';
import { memoryStreams } from './memory-streams.ts';
import type { Allowance, Limiter, LimiterOptions, Store, UsedIds } from './store.ts';

/** The store of one process: all of it is gone with the process. It is never away. */
export function memoryStore(): Store {
  const limiters = new Map<string, Limiter>();
  return {
    leases: memoryLeases(),
    lines: memoryStreams(),
    starts: undefined,
    cache: undefined,
    usedIds: memoryIds(),
    secret: randomBytes(32),
    state: 'ok',
    away: [],
    limiter(options) {
      const there = limiters.get(options.name) ?? limiterOf(memoryLimiter(options), options);
      limiters.set(options.name, there);
      return there;
    },
    onState: () => () => {},
    close: async () => {},
  };
}

function memoryIds(): UsedIds {
  const endsMs = new Map<string, number>();
  let sweepMs = 0;
  return {
    async use(id, seconds) {
      const now = performance.now();
      if (now > sweepMs) {
        for (const [old, end] of endsMs) if (end <= now) endsMs.delete(old);
        sweepMs = now + 1_000;
      }
      if ((endsMs.get(id) ?? 0) > now) return false;
      endsMs.set(id, now + seconds * 1_000);
      return true;
    },
  };
}

/** A counter of this process. */
export function memoryLimiter({ name, points, seconds }: LimiterOptions): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
}

/** What a limiter of rate-limiter-flexible does, in our words. */
export interface PointCounter {
  consume(key: string, points: number): Promise<RateLimiterRes>;
  reward(key: string, points: number): Promise<RateLimiterRes>;
  get(key: string): Promise<RateLimiterRes | null>;
}

export function limiterOf(counter: PointCounter, { points }: LimiterOptions): Limiter {
  const allowance = (result: RateLimiterRes, granted: boolean): Allowance => ({
    granted,
    left: Math.max(0, points - result.consumedPoints),
    resetSeconds: result.msBeforeNext / 1_000,
  });
  return {
    async consume(key, taken = 1) {
      try {
        return allowance(await counter.consume(key, taken), true);
      } catch (result) {
        if (result instanceof RateLimiterRes) return allowance(result, false);
        throw result;
      }
    },
    async refund(key, given) {
      await counter.reward(key, given);
    },
    async look(key) {
      const result = await counter.get(key);
      return result
        ? allowance(result, result.consumedPoints < points)
        : { granted: points > 0, left: points, resetSeconds: 0 };
    },
  };
}
