import { InputError } from '../../speech/errors.ts';
import { Access, type AccessOptions } from './access.ts';

/**
 * Throws {@link InputError} in a page or one of its workers: `maker` is the function that was called, `source` the name
 * by which a gateway knows the service, `why` what a page cannot keep or send.
 */
export function refuseInPage(maker: string, source: string, why: string, wayOut = ''): void {
  if (!inPage()) return;
  throw new InputError(
    maker,
    `a gateway (\`parley serve --source ${source}\`) that holds the key, with lokutorVoices({ url }) in the page${wayOut}`,
    why,
  );
}

/** Who opens a source, and with what. */
export interface Opened {
  readonly maker: string;
  readonly source: string;
  /** Whether it holds a key. */
  readonly secret: boolean;
  /** Whether its address is the service's own. */
  readonly atService: boolean;
  readonly options: {
    readonly allowKeyInPage?: boolean;
    readonly token?: unknown;
    readonly openSocket?: unknown;
  };
  /** What its `token` asks for. */
  readonly grant: string;
}

/**
 * For services that take tokens in pages: throws {@link InputError} in a page that holds a key without leave, or that goes
 * to the service itself with neither key nor token nor sockets of its own.
 */
function guardPage({ maker, source, secret, atService, options, grant }: Opened): void {
  const { allowKeyInPage = false, token, openSocket } = options;
  const wayOut = `, or a function \`token\` that asks your server for ${grant}, or allowKeyInPage: true`;
  if (secret && !allowKeyInPage) {
    refuseInPage(maker, source, 'a key in a page, where everyone can read it', wayOut);
  }
  if (!secret && atService && !token && !openSocket) {
    refuseInPage(maker, source, 'a page with neither, at the service itself', wayOut);
  }
}

/** A service that is reached with a key or a token, and who opens it. */
export interface GuardedService extends Pick<Opened, 'maker' | 'source' | 'options' | 'grant'> {
  /** Its own domains. */
  readonly domains: readonly string[];
}

/** The way to a service. Throws {@link InputError} as {@link Access} does, and as {@link guardPage} in a page. */
export function guardedAccess(access: AccessOptions, { domains, ...opened }: GuardedService): Access {
  const made = new Access(access);
  const atService = domains.some((domain) => isWithin(access.url, domain));
  guardPage({ ...opened, secret: made.secret, atService });
  return made;
}

/** Whether an address is of a service's domain, or below it. */
export function isWithin(url: string, domain: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function inPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}
