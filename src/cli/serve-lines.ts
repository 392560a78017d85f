import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type KeepingOptions, openRedisStore, type RedisStore } from '../gateway/index.ts';
import type { GatewayConfig } from '../gateway/operation/config.ts';

/** What this gateway shares with others; nothing where no Redis is named. Rejects with what is wrong with it. */
export async function storeOption(config: GatewayConfig): Promise<RedisStore | undefined> {
  const { redis: url, redisCache: cacheUrl, redisName: name, elected } = config;
  if (url === undefined) return undefined;
  return openRedisStore({ url, cacheUrl, ...(name && { name }), ...(elected && { elected }) });
}

/** How lines are kept: what they depend on beside their texts is what makes them others. */
export async function keepingOption(config: GatewayConfig): Promise<KeepingOptions> {
  const {
    source = 'local',
    upstream,
    lexicon,
    cache,
    cacheBytes,
    memoryBytes,
    baked,
    maxTextLength,
  } = config;
  const words =
    lexicon &&
    createHash('sha256')
      .update(await readFile(lexicon))
      .digest('hex');
  return {
    identity: { model: modelOf(source, upstream), lexicon: words },
    ...(memoryBytes && { memoryBytes }),
    ...(maxTextLength && { maxTextLength }),
    ...(cache && { disk: { folder: cache, ...(cacheBytes && { maxBytes: cacheBytes }) } }),
    ...(baked && { baked }),
  };
}

/** How the environment calls the services whose source has another name. */
const PREFIXES: Readonly<Record<string, string>> = { lightning: 'SMALLEST' };

/** Settings that change nothing of how a line sounds, and secrets. */
const SILENT = /_(API_KEY|KEY|TOKEN|SECRET|UNITS|REQUESTS_PER_MINUTE)$/;
const SECRET_FIELDS = ['api_key', 'token', 'key'];

/** All that says how this source sounds: its address and what the environment tells it, without keys. */
function modelOf(source: string, upstream: string | undefined): string {
  const prefix = `${PREFIXES[source] ?? source.toUpperCase()}_`;
  const settings = Object.entries(process.env)
    .filter(([name, value]) => name.startsWith(prefix) && value && !SILENT.test(name))
    .map(([name, value]) => `${name}=${value}`);
  return [source, addressOf(upstream), ...settings.sort()].join(' ');
}

function addressOf(upstream = ''): string {
  if (!URL.canParse(upstream)) return upstream;
  const { origin, pathname, searchParams } = new URL(upstream);
  for (const field of SECRET_FIELDS) searchParams.delete(field);
  return `${origin}${pathname}?${searchParams}`;
}
