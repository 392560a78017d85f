import { InputError } from '../../speech/errors.ts';
import type { RedisLink } from './redis-link.ts';

/** What a server drops when it is full. */
interface Memory {
  readonly policy: string;
  /** Bytes; 0 is no bound. */
  readonly most: number;
}

async function memoryOf(link: RedisLink): Promise<Memory> {
  const info = await link.ask((client) => client.info('memory'));
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return { policy: field('maxmemory_policy'), most: Number(field('maxmemory')) };
}

/** Throws {@link InputError} for a store that would drop leases, used tickets or lines under way when it is full. */
export async function checkStorePolicy(link: RedisLink): Promise<void> {
  const { policy } = await memoryOf(link);
  if (policy === 'noeviction') return;
  throw new InputError(
    `Redis at ${link.shown}, which holds leases and used tickets`,
    'maxmemory-policy noeviction (CONFIG SET maxmemory-policy noeviction; a cache belongs on a server of its own)',
    policy || 'none that INFO tells of',
  );
}

/** Throws {@link InputError} for a cache that would not drop old lines: it would be full one day, and take no more. */
export async function checkCachePolicy(link: RedisLink): Promise<void> {
  const { policy, most } = await memoryOf(link);
  if (/^(allkeys|volatile)-(lru|lfu)$/.test(policy) && most > 0) return;
  throw new InputError(
    `Redis at ${link.shown}, which holds the cache of lines`,
    'maxmemory above 0 and maxmemory-policy allkeys-lru (a server of its own: that of --redis must not drop anything)',
    most > 0 ? policy : `${policy}, maxmemory 0`,
  );
}
