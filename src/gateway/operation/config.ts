import * as v from 'valibot';
import { InputError } from '../../speech/errors.ts';
import { scrubber } from './scrub.ts';

const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const TEXT = v.pipe(v.string(), v.minLength(1));

const CONFIG = v.strictObject({
  port: v.optional(v.pipe(COUNT, v.maxValue(65_535))),
  host: v.optional(TEXT),
  source: v.optional(TEXT),
  upstream: v.optional(TEXT),
  lexicon: v.optional(TEXT),
  units: v.optional(v.pipe(COUNT, v.minValue(1), v.maxValue(1_000))),
  variants: v.optional(v.record(v.string(), v.string())),
  dialectKeys: v.optional(TEXT),
  origins: v.optional(v.array(TEXT)),
  trustProxy: v.optional(v.boolean()),
  maxConnections: v.optional(v.pipe(COUNT, v.minValue(1))),
  redis: v.optional(TEXT),
  redisCache: v.optional(TEXT),
  redisName: v.optional(v.pipe(TEXT, v.regex(/^[\w.-]{1,64}$/))),
  elected: v.optional(v.boolean()),
  whenStoreAway: v.optional(v.picklist(['refuse', 'accept'])),
  cache: v.optional(TEXT),
  cacheBytes: v.optional(v.pipe(COUNT, v.minValue(1))),
  memoryBytes: v.optional(v.pipe(COUNT, v.minValue(1))),
  baked: v.optional(TEXT),
  maxTextLength: v.optional(v.pipe(COUNT, v.minValue(1), v.maxValue(5_000))),
  budgets: v.optional(
    v.strictObject({
      account: v.optional(COUNT),
      user: v.optional(COUNT),
      address: v.optional(COUNT),
      upgradesPerMinute: v.optional(COUNT),
      socketsPerAddress: v.optional(COUNT),
    }),
  ),
  drainSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3_600))),
  log: v.optional(
    v.strictObject({
      level: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent'])),
      messages: v.optional(v.boolean()),
    }),
  ),
});

/** What `parley serve` goes by, as its file and environment say. No secret has a place in it. */
export type GatewayConfig = v.InferOutput<typeof CONFIG>;

/** How a variable is read: what follows `PARLEY_`, its place in the configuration, and its form. */
const VARIABLES: readonly (readonly [
  name: string,
  path: string,
  form: 'text' | 'number' | 'truth' | 'list',
])[] = [
  ['PORT', 'port', 'number'],
  ['HOST', 'host', 'text'],
  ['SOURCE', 'source', 'text'],
  ['UPSTREAM', 'upstream', 'text'],
  ['LEXICON', 'lexicon', 'text'],
  ['UNITS', 'units', 'number'],
  ['DIALECT_KEYS', 'dialectKeys', 'text'],
  ['ORIGINS', 'origins', 'list'],
  ['TRUST_PROXY', 'trustProxy', 'truth'],
  ['MAX_CONNECTIONS', 'maxConnections', 'number'],
  ['REDIS', 'redis', 'text'],
  ['REDIS_CACHE', 'redisCache', 'text'],
  ['REDIS_NAME', 'redisName', 'text'],
  ['ELECTED', 'elected', 'truth'],
  ['WHEN_STORE_AWAY', 'whenStoreAway', 'text'],
  ['CACHE', 'cache', 'text'],
  ['CACHE_BYTES', 'cacheBytes', 'number'],
  ['MEMORY_BYTES', 'memoryBytes', 'number'],
  ['BAKED', 'baked', 'text'],
  ['MAX_TEXT_LENGTH', 'maxTextLength', 'number'],
  ['BUDGET_ACCOUNT', 'budgets.account', 'number'],
  ['BUDGET_USER', 'budgets.user', 'number'],
  ['BUDGET_ADDRESS', 'budgets.address', 'number'],
  ['BUDGET_UPGRADES_PER_MINUTE', 'budgets.upgradesPerMinute', 'number'],
  ['BUDGET_SOCKETS_PER_ADDRESS', 'budgets.socketsPerAddress', 'number'],
  ['DRAIN_SECONDS', 'drainSeconds', 'number'],
  ['LOG_LEVEL', 'log.level', 'text'],
  ['LOG_MESSAGES', 'log.messages', 'truth'],
];

/** Checks a configuration file's content. Throws {@link InputError} that names the field, what was expected and what came. */
export function readConfig(what: string, given: unknown): GatewayConfig {
  if (Array.isArray(given)) throw new InputError(what, 'an object of fields', 'a list');
  const { success, output, issues } = v.safeParse(CONFIG, given);
  if (success) return output;
  const [issue] = issues;
  const path = v.getDotPath(issue);
  const { key } = issue.path?.at(-1) ?? {};
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    throw new InputError(what, `fields that there are (${FIELDS})`, `"${String(key)}"`);
  }
  throw new InputError(path ? `${what}, ${path}` : what, expectedOf(issue), shown(issue.input));
}

const FIELDS = Object.keys(CONFIG.entries).join(', ');

/** What the environment says, of `PARLEY_PORT`, `PARLEY_HOST` and so on. Throws as {@link readConfig}. */
export function configOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): GatewayConfig {
  let config: GatewayConfig = {};
  for (const [suffix, path, form] of VARIABLES) {
    const name = `PARLEY_${suffix}`;
    const value = environment[name];
    if (value === undefined || value === '' || isServiceLink(name, value)) continue;
    const [group, field] = path.split('.') as [string, string | undefined];
    const read = formed(value, form);
    const one = field === undefined ? { [group]: read } : { [group]: { [field]: read } };
    try {
      config = mergeConfig(config, readConfig(name, one));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw Object.assign(error, { message: error.message.replace(`${name}, ${path}`, name) });
    }
  }
  return config;
}

/**
 * What Kubernetes sets for a service whose name begins with parley, such as parley or parley-redis, which is no mistake of
 * anybody's: `…_SERVICE_HOST`, `…_PORT_8790_TCP_ADDR`, and `…_PORT` with the address of the service.
 */
const OF_KUBERNETES = /^PARLEY_(\w+_)?(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP|SCTP))/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/** Whether a variable is set by Kubernetes, whatever is called the same here. */
function isServiceLink(name: string, value = ''): boolean {
  return OF_KUBERNETES.test(name) || (/_PORT$/.test(name) && SERVICE_ADDRESS.test(value));
}

/** Of variables that are settings, those that Kubernetes has taken: they count as if they were not there. */
export function takenVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  return VARIABLES.map(([suffix]) => `PARLEY_${suffix}`).filter((name) =>
    isServiceLink(name, environment[name]),
  );
}

/** Variables that look like settings and are none, `known` aside: most are written wrong, and a limit is not there. */
export function strangeVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
  const names = new Set([...VARIABLES.map(([suffix]) => `PARLEY_${suffix}`), ...known]);
  return Object.keys(environment).filter(
    (name) => name.startsWith('PARLEY_') && !names.has(name) && !isServiceLink(name, environment[name]),
  );
}

/** Two configurations as one; what `over` says counts. Groups are put together, lists are not. */
export function mergeConfig(base: GatewayConfig, over: GatewayConfig): GatewayConfig {
  return {
    ...base,
    ...over,
    ...((base.budgets ?? over.budgets) && { budgets: { ...base.budgets, ...over.budgets } }),
    ...((base.log ?? over.log) && { log: { ...base.log, ...over.log } }),
    ...((base.variants ?? over.variants) && { variants: { ...base.variants, ...over.variants } }),
  };
}

/** A value as its form is; what has not that form stays text, which the check then shows. */
function formed(value: string, form: 'text' | 'number' | 'truth' | 'list'): unknown {
  if (form === 'number') return /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (form === 'truth') return value === 'true' ? true : value === 'false' ? false : value;
  return form === 'list' ? value.split(',').map((each) => each.trim()) : value;
}

function expectedOf({ type, requirement, expected }: v.InferIssue<typeof CONFIG>): string {
  if (type === 'min_value') return `${String(requirement)} or more`;
  if (type === 'max_value') return `up to ${String(requirement)}`;
  if (type === 'safe_integer') return 'a whole number';
  if (type === 'min_length') return 'a text that is not empty';
  if (type === 'regex') return 'up to 64 letters, digits, . _ -';
  return expected ?? 'another value';
}

/** A value without what looks like a secret: somebody may have written one into the wrong place. */
function shown(input: unknown): string {
  return scrubber()(JSON.stringify(input) ?? 'nothing').slice(0, 80);
}
