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

function inPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}
