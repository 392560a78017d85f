import { InputError } from '../../speech/errors.ts';
import { isLoopbackOrigin } from '../loopback.ts';

/** The pages that may speak, by exact origin. */
export class Origins {
  readonly #listed: ReadonlySet<string> | undefined;

  /** Without a list: pages of this machine, on loopback alone. Throws {@link InputError} for what is no origin. */
  constructor(listed?: readonly string[]) {
    for (const origin of listed ?? []) checkOrigin(origin);
    this.#listed = listed && new Set(listed);
  }

  /** Whether a page may; `local` tells that nobody but this machine can connect. */
  allow(origin: string, local: boolean): boolean {
    return this.#listed ? this.#listed.has(origin) : local && isLoopbackOrigin(origin);
  }
}

/** Browsers send an origin as scheme, host and a port that is not the scheme's own, in lower case: so it must be listed. */
function checkOrigin(origin: string): void {
  const right = URL.canParse(origin) ? new URL(origin).origin : 'null';
  if (right === origin && /^https?:/.test(origin)) return;
  const expected = /^https?:/.test(right) ? `"${right}"` : 'one such as "https://game.example"';
  throw new InputError('An allowed origin', expected, `"${origin}"`);
}
