import { InputError } from '../speech/errors.ts';
import {
  able,
  anything,
  callable,
  checkOptions,
  named,
  type OptionChecks,
  oneOf,
  texts,
  truth,
} from '../speech/option-checks.ts';
import type { VoiceSource } from '../speech/source.ts';
import type { ServiceLoad } from '../voices/pool/pool-service.ts';
import { waitSeconds } from '../voices/session/seconds.ts';
import { SERVICE_VOICES } from './dialects/service-voices.ts';
import { checkVariants, type VariantSettings } from './dialects/variants.ts';
import { checkBounds, DESK_CHECKS, type LineDeskOptions } from './lines/desk-options.ts';
import type { LineDesk } from './lines/line-desk.ts';
import type { GatewayLog } from './operation/gateway-log.ts';
import type { Store } from './stores/store.ts';
import type { BudgetOptions } from './tickets/budgets.ts';
import type { GatewayKeys } from './tickets/gateway-keys.ts';
import type { TicketOptions } from './tickets/ticket-desk.ts';

/** How the gateway's own desk keeps lines. */
export type KeepingOptions = Omit<LineDeskOptions, 'source' | 'store' | 'nowMs' | 'onError'>;

export interface GatewayOptions {
  /** Where the speech comes from. It stays the caller's, to be disposed after the gateway. */
  readonly source: VoiceSource;
  /** Told of faults that are no client's doing. Default: they go to the log. */
  readonly onError?: (error: unknown) => void;
  /**
   * Where to log. Default: warnings and errors, in lines of JSON on standard error, without the gateway's own keys and
   * ticket secrets; see {@link createLog}, which a log of one's own is told them by.
   */
  readonly log?: GatewayLog | undefined;
  /** Most connections at a time; more are refused with 503. Default: 10,000, which is what one process is planned for. */
  readonly maxConnections?: number | undefined;
  /** Seconds between pings, above 0; a client that misses two is dropped. Default: 20. */
  readonly pingSeconds?: number;
  /**
   * Concurrency units of the account that the Lightning dialect keeps, 1 to 1,000: each has five sockets and one active
   * request, and what is more is rejected. Default: 1, as that service's own.
   */
  readonly units?: number;
  /** Forms of the dialects for connections whose address does not ask for one; see docs/gateway.md. Default: none. */
  readonly variants?: VariantSettings;
  /**
   * Names that clients of the Lightning dialect may use, and the source's voices that they mean. Default: for the local
   * voices and eSpeak NG {@link SERVICE_VOICES}; else none, since the source has names of its own.
   */
  readonly voices?: Readonly<Record<string, string>>;
  /**
   * How lines are kept that the own protocol shares: in memory, in a folder, in one that was baked. Its folders are opened
   * by `listen`, else at the first connection. Default: in memory, with texts of up to 500 characters.
   */
  readonly keeping?: KeepingOptions | undefined;
  /**
   * A desk of the caller's, which shares and keeps lines instead of one over `source` and `store`; what it asks of its
   * source is neither measured nor waited for at the end. It stays the caller's. Default: none.
   */
  readonly lines?: LineDesk | undefined;
  /**
   * Whether sound goes as Opus to clients of the own protocol that take it: a twentieth of the bytes. Default: true, where
   * the package `@evan/opus` is installed; where it is not, the log says so, and sound goes as PCM.
   */
  readonly opus?: boolean | undefined;
  /** How the services behind the source are doing, for `/healthz`. Default: nothing is said of them. */
  readonly services?: (() => readonly ServiceLoad[]) | undefined;
  /** Tickets for pages, made at `POST /v1/ticket`. Default: none, and off loopback only `keys` let anybody speak. */
  readonly tickets?: TicketOptions | undefined;
  /** The gateway's own keys, for programs. Default: none. */
  readonly keys?: GatewayKeys | undefined;
  /**
   * The pages that may speak, by exact origin (`https://game.example`, without a slash at its end). Default: those of this
   * machine while the gateway listens on loopback, else none.
   */
  readonly origins?: readonly string[] | undefined;
  /** Limits of what is spent. Default: no limit of characters. */
  readonly budgets?: BudgetOptions | undefined;
  /** What gateways share: tickets that were used, budgets. It stays the caller's. Default: memory, of this process alone. */
  readonly store?: Store | undefined;
  /**
   * Whether a proxy stands before the gateway, whose last `X-Forwarded-For` is the client. Then nobody counts as this
   * machine. Default: false, and who comes through a proxy has its address.
   */
  readonly trustProxy?: boolean | undefined;
}

const MOST_UNITS = 1_000;

export const MAX_CONNECTIONS = 10_000;

/** Sources that have the local voices, by name. */
const LOCAL: ReadonlySet<string> = new Set(['local', 'espeak']);

/** The names that clients of the Lightning dialect may use. */
export function dialectVoices({ source, voices }: GatewayOptions): Readonly<Record<string, string>> {
  return voices ?? (LOCAL.has(source.name) ? SERVICE_VOICES : {});
}

const { source: _source, store: _store, nowMs: _nowMs, onError: _onError, ...KEEPING_CHECKS } = DESK_CHECKS;

const TICKET_CHECKS: OptionChecks<TicketOptions> = {
  secret: anything,
  keys: anything,
  authenticate: callable,
  openSeconds: anything,
  whenStoreAway: oneOf('refuse', 'accept'),
};

const BUDGET_CHECKS: OptionChecks<BudgetOptions> = {
  account: anything,
  user: anything,
  address: anything,
  upgradesPerMinute: anything,
  socketsPerAddress: anything,
};

const CHECKS: OptionChecks<GatewayOptions> = {
  source: anything,
  onError: callable,
  log: able('a log such as createLog() makes', 'debug', 'info', 'warn', 'error'),
  maxConnections: anything,
  pingSeconds: anything,
  units: anything,
  variants: named,
  voices: named,
  keeping: ({ value }) => checkOptions('keeping', value, KEEPING_CHECKS, 'keeping.'),
  lines: able('a desk such as openLineDesk() opens', 'open', 'find', 'dispose'),
  opus: truth,
  services: callable,
  tickets: ({ value }) => checkOptions('tickets', value, TICKET_CHECKS, 'tickets.'),
  keys: able('keys such as new GatewayKeys([…])', 'ownerOf'),
  origins: texts,
  budgets: ({ value }) => checkOptions('budgets', value, BUDGET_CHECKS, 'budgets.'),
  store: able('a store such as memoryStore() or openRedisStore()', 'limiter', 'onState', 'close'),
  trustProxy: truth,
};

/** Throws {@link InputError} for names and kinds that are none, no source, numbers out of range, and variants that do not exist. */
export function checkGatewayOptions(options: GatewayOptions): void {
  checkOptions('createGateway', options, CHECKS);
  const { source, units = 1, variants = {}, maxConnections = 1, pingSeconds = 1, keeping = {} } = options;
  if (typeof source?.speak !== 'function') {
    throw new InputError('source', 'a voice source, such as localVoices()', String(source));
  }
  if (options.tickets && !options.tickets.authenticate) {
    throw new InputError('tickets.authenticate', 'a function that says who asks', 'nothing');
  }
  waitSeconds('pingSeconds', pingSeconds);
  checkBounds(keeping);
  if (!(Number.isSafeInteger(maxConnections) && maxConnections >= 1)) {
    throw new InputError('maxConnections', 'a whole number from 1', String(maxConnections));
  }
  if (!(Number.isInteger(units) && units >= 1 && units <= MOST_UNITS)) {
    throw new InputError('units', `a whole number from 1 to ${MOST_UNITS}`, String(units));
  }
  checkVariants(variants);
}
