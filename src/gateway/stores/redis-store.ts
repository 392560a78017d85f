import { randomBytes } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { SHARE_SECRET_BYTES } from '../lines/line-key.ts';
import { limiterOf, memoryLimiter } from './memory-store.ts';
import { redisCache } from './redis-cache.ts';
import { RedisLeases } from './redis-leases.ts';
import { RedisLink } from './redis-link.ts';
import { checkCachePolicy, checkStorePolicy } from './redis-policy.ts';
import { RedisStreams } from './redis-streams.ts';
import type { Limiter, LimiterOptions, Store, StoreState } from './store.ts';

/** A store in Redis 7, or Valkey. */
export interface RedisStoreOptions {
  /** `redis://USER:PASSWORD@HOST:PORT`, or `rediss://` over TLS. Its policy must be `noeviction`. */
  readonly url: string;
  /** Another server, for whole lines, with a bound and `allkeys-lru`. Default: each gateway keeps its own lines. */
  readonly cacheUrl?: string | undefined;
  /** What all keys begin with; gateways of one game give the same. Default `parley`. */
  readonly name?: string;
  /**
   * Whether this gateway may use one unit of an account while Redis is away, where its share is less than one. One of
   * all gateways should. Default false.
   */
  readonly elected?: boolean;
}

/** A store that many gateways share. */
export interface RedisStore extends Store {
  /** Gateways there were at the last look. */
  readonly gateways: number;
}

/**
 * Opens a store in Redis. Rejects with `InputError` where the server does not answer, where its settings would lose
 * what must not be lost, and where the package `ioredis` is not installed. Once open, it may come and go.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<RedisStore> {
  const { url, cacheUrl, name = 'parley', elected = false } = options;
  // One hash tag for all that is written together.
  const prefix = `{${name}}`;
  const links: RedisLink[] = [];
  const open = async (where: string) => {
    const link = await RedisLink.open(where);
    links.push(link);
    return link;
  };
  try {
    const link = await open(url);
    await checkStorePolicy(link);
    const cacheLink = cacheUrl === undefined ? undefined : await open(cacheUrl);
    if (cacheLink) await checkCachePolicy(cacheLink);
    const leases = new RedisLeases(link, { prefix, elected });
    const lines = new RedisStreams(link, prefix);
    await Promise.all([leases.open(), lines.open()]);
    return storeOf(
      links,
      leases,
      lines,
      prefix,
      cacheLink && redisCache(cacheLink, name),
      await secretOf(link, prefix),
    );
  } catch (error) {
    for (const link of links) await link.close();
    throw error;
  }
}

function storeOf(
  links: readonly RedisLink[],
  leases: RedisLeases,
  lines: RedisStreams,
  prefix: string,
  cache: Store['cache'],
  secret: Uint8Array,
): RedisStore {
  const link = links[0]!;
  const limiters = new Map<string, Limiter>();
  const state = (): StoreState => (links.every((each) => each.state === 'ok') ? 'ok' : 'degraded');
  const listeners = new Set<(state: StoreState) => void>();
  let told = state();
  for (const each of links) {
    each.onState(() => {
      if (told === state()) return;
      told = state();
      for (const listener of [...listeners]) listener(told);
    });
  }
  return {
    leases,
    lines,
    cache,
    secret,
    usedIds: {
      use: async (id, seconds) =>
        (await link.ask((client) =>
          client.set(`${prefix}:used:${id}`, '1', 'PX', Math.ceil(seconds * 1_000), 'NX'),
        )) === 'OK',
    },
    get state() {
      return told;
    },
    get gateways() {
      return leases.gateways;
    },
    limiter(options) {
      const there = limiters.get(options.name) ?? redisLimiter(link, prefix, options);
      limiters.set(options.name, there);
      return there;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      lines.close();
      await leases.close();
      for (const each of links) await each.close();
    },
  };
}

/** The first gateway of a store makes the secret, all others take it. */
async function secretOf(link: RedisLink, prefix: string): Promise<Uint8Array> {
  const key = `${prefix}:secret`;
  await link.ask((client) => client.set(key, randomBytes(SHARE_SECRET_BYTES), 'NX'));
  const secret = await link.ask((client) => client.getBuffer(key));
  return new Uint8Array(secret!);
}

/** Counts in Redis; while it is away, each gateway counts for itself. */
function redisLimiter(link: RedisLink, prefix: string, options: LimiterOptions): Limiter {
  const counter = new RateLimiterRedis({
    storeClient: link.client,
    keyPrefix: `${prefix}:limit:${options.name}`,
    points: options.points,
    duration: options.seconds,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memoryLimiter(options),
  });
  return limiterOf(counter, options);
}
