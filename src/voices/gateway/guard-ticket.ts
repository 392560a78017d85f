import { InputError } from '../../speech/errors.ts';

/** Throws {@link InputError} in a page or one of its workers that holds a key of the gateway. */
export function guardTicket(secret: boolean): void {
  if (!secret || !inPage()) return;
  throw new InputError(
    'gatewayVoices',
    'a function `ticket` that asks your server for one, which it gets from the gateway (POST /v1/ticket)',
    'a key in a page, where everyone can read it',
  );
}

/** Whether this runs in a page or one of its workers. */
export function inPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}
