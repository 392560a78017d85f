import { randomBytes } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { InputError } from '../../speech/errors.ts';
import { SHARE_SECRET_BYTES } from '../lines/line-key.ts';
import { limiterOf, memoryLimiter } from './memory-store.ts';
import { redisCache } from './redis-cache.ts';
import { RedisLeases } from './redis-leases.ts';
import { RedisLink } from './redis-link.ts';
import { checkCachePolicy, checkStorePolicy } from './redis-policy.ts';
import { redisStarts } from './redis-starts.ts';
import { RedisStreams } from './redis-streams.ts';
import {
  type Limiter,
  type LimiterOptions,
  type Store,
  StoreAwayError,
  type StorePart,
  type StoreState,
} from './store.ts';

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
    const secret = new SharedSecret(link, `${prefix}:secret`);
    await Promise.all([leases.open(), lines.open(), secret.open()]);
    return storeOf(links, leases, lines, prefix, cacheLink && redisCache(cacheLink, name), secret);
  } catch (error) {
    for (const link of links) await link.close();
    throw unusable(error, links.at(-1)?.shown ?? '');
  }
}

/** What is wrong with a server that answers, and does not do what it is asked. */
function unusable(error: unknown, shown: string): unknown {
  const said = error instanceof StoreAwayError ? error.cause : error;
  if (!(said instanceof Error) || said.name !== 'ReplyError') return error;
  const expected =
    'one that takes what is written (no replica, not full, a user with the rights in docs/gateway.md)';
  return Object.assign(new InputError(`Redis at ${shown}`, expected, said.message), { cause: error });
}

function storeOf(
  links: readonly RedisLink[],
  leases: RedisLeases,
  lines: RedisStreams,
  prefix: string,
  cache: Store['cache'],
  secret: SharedSecret,
): RedisStore {
  const link = links[0]!;
  const parts: readonly StorePart[] = ['sharing', 'cache'];
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
    starts: redisStarts(link, prefix),
    cache,
    get secret() {
      return secret.bytes;
    },
    usedIds: {
      use: async (id, seconds) =>
        (await link.ask((client) =>
          client.set(`${prefix}:used:${id}`, '1', 'PX', Math.ceil(seconds * 1_000), 'NX'),
        )) === 'OK',
    },
    get state() {
      return told;
    },
    get away() {
      return parts.filter((_, at) => links[at] && links[at].state !== 'ok');
    },
    get why() {
      const [sharing, cache] = links.map((each) => each.why);
      return { ...(sharing && { sharing }), ...(cache && { cache }) };
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

/** The first gateway of a store makes the secret, all others take it; one that was lost is given back. */
class SharedSecret {
  #bytes: Uint8Array = randomBytes(SHARE_SECRET_BYTES);
  readonly #link: RedisLink;
  readonly #key: string;

  constructor(link: RedisLink, key: string) {
    this.#link = link;
    this.#key = key;
    link.onRecover(() => this.#settle());
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  open(): Promise<void> {
    return this.#link.ask(() => this.#settle());
  }

  async #settle(): Promise<void> {
    const { client } = this.#link;
    await client.set(this.#key, Buffer.from(this.#bytes), 'NX');
    const shared = await client.getBuffer(this.#key);
    if (shared?.length === SHARE_SECRET_BYTES) this.#bytes = new Uint8Array(shared);
  }
}

/** Counts in Redis; while it is away, each gateway counts for itself. */
function redisLimiter(link: RedisLink, prefix: string, options: LimiterOptions): Limiter {
  const { points, seconds, name } = options;
  const keyPrefix = `${prefix}:limit:${name}`;
  const counter = new RateLimiterRedis({ storeClient: link.client, keyPrefix, points, duration: seconds });
  const shared = limiterOf(counter, options);
  const own = limiterOf(memoryLimiter(options), options);
  const ask = async <T>(question: (limiter: Limiter) => Promise<T>): Promise<T> => {
    try {
      return await link.ask(() => question(shared));
    } catch (error) {
      if (!(error instanceof StoreAwayError)) throw error;
      return question(own);
    }
  };
  return {
    consume: (key, taken) => ask((limiter) => limiter.consume(key, taken)),
    refund: (key, given) => ask((limiter) => limiter.refund(key, given)),
    look: (key) => ask((limiter) => limiter.look(key)),
  };
}
