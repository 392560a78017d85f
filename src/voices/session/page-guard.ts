import { InputError } from '../../speech/errors.ts';

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
export function guardPage({ maker, source, secret, atService, options, grant }: Opened): void {
  const { allowKeyInPage = false, token, openSocket } = options;
  const wayOut = `, or a function \`token\` that asks your server for ${grant}, or allowKeyInPage: true`;
  if (secret && !allowKeyInPage) {
    refuseInPage(maker, source, 'a key in a page, where everyone can read it', wayOut);
  }
  if (!secret && atService && !token && !openSocket) {
    refuseInPage(maker, source, 'a page with neither, at the service itself', wayOut);
  }
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
