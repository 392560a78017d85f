import { readFile } from 'node:fs/promises';
import { DEFAULT_PORT } from '../gateway/default-port.ts';
import {
  configOfEnvironment,
  type GatewayConfig,
  mergeConfig,
  readConfig,
} from '../gateway/operation/config.ts';
import { InputError } from '../speech/errors.ts';
import { UnreadableError, UsageError } from './exit.ts';
import { numberOption } from './numbers.ts';

/** Options of `parley serve`, as written. */
export interface ServeOptions {
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  readonly source?: string;
  readonly upstream?: string;
  readonly lexicon?: string;
  readonly units?: string;
  readonly variant: readonly string[];
  readonly dialectKeys?: string;
  readonly origins?: string;
  readonly trustProxy?: boolean;
  readonly redis?: string;
  readonly redisCache?: string;
  readonly elected?: boolean;
  readonly cache?: string;
  readonly baked?: string;
}

/** A configuration with what it does not say set to the defaults. */
export interface ServeConfig extends GatewayConfig {
  readonly port: number;
  readonly host: string;
  readonly source: string;
  readonly units: number;
  readonly drainSeconds: number;
}

/** What the gateway goes by: options count most, then the environment, the file, the defaults. */
export async function serveConfig(options: ServeOptions): Promise<ServeConfig> {
  const file = options.config === undefined ? {} : await configOfFile(options.config);
  const said = mergeConfig(mergeConfig(file, configOfEnvironment(process.env)), configOfOptions(options));
  checkStore(said);
  const { port = DEFAULT_PORT, host = '127.0.0.1', source = 'local', units = 1, drainSeconds = 15 } = said;
  return { ...said, port, host, source, units, drainSeconds };
}

/** Whole lines are shared by who shares the rest. */
function checkStore({ redis, redisCache }: GatewayConfig): void {
  if (redis !== undefined || redisCache === undefined) return;
  throw new InputError('redisCache', 'redis (--redis URL) as well, where gateways share the rest', 'none');
}

async function configOfFile(file: string): Promise<GatewayConfig> {
  try {
    const config = readConfig(file, JSON.parse(await readFile(file, 'utf8')));
    for (const [field, variable] of SECRET_ADDRESSES) {
      if (!holdsPassword(config[field])) continue;
      const expected = `an address without password; one with it belongs into ${variable}`;
      throw new InputError(`${file}, ${field}`, expected, 'one with it');
    }
    return config;
  } catch (error) {
    if (error instanceof InputError) throw new UnreadableError(error.message, error);
    const reason = error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
    throw new UnreadableError(`cannot read the configuration ${file}: ${reason}.`, error);
  }
}

/** Addresses that may hold a password, and where they may. */
const SECRET_ADDRESSES = [
  ['redis', 'PARLEY_REDIS'],
  ['redisCache', 'PARLEY_REDIS_CACHE'],
] as const;

function holdsPassword(address = ''): boolean {
  return URL.canParse(address) && new URL(address).password !== '';
}

function configOfOptions({ port, units, variant, origins, ...options }: ServeOptions): GatewayConfig {
  const {
    host,
    source,
    upstream,
    lexicon,
    dialectKeys,
    trustProxy,
    redis,
    redisCache,
    elected,
    cache,
    baked,
  } = options;
  const given = {
    port: port === undefined ? undefined : numberOption('--port', port, { min: 0, max: 65_535, whole: true }),
    units:
      units === undefined ? undefined : numberOption('--units', units, { min: 1, max: 1_000, whole: true }),
    variants: variant.length === 0 ? undefined : variantsOf(variant),
    origins: origins?.split(',').map((origin) => origin.trim()),
    ...{ host, source, upstream, lexicon, dialectKeys, trustProxy, redis, redisCache, elected, cache, baked },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Reads `name=choice` settings. */
function variantsOf(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    settings.map((setting) => {
      const [name, choice, ...rest] = setting.split('=');
      if (name && choice && rest.length === 0) return [name, choice];
      throw new UsageError(`--variant: expected name=choice, such as end=json, got "${setting}".`);
    }),
  );
}
