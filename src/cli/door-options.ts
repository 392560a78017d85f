import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import {
  type Gateway,
  GatewayKeys,
  type GatewayOptions,
  readGatewayKeys,
  readGrant,
} from '../gateway/index.ts';
import { isLoopbackAddress } from '../gateway/loopback.ts';
import type { GatewayConfig } from '../gateway/operation/config.ts';
import { bearerOf } from '../gateway/tickets/credentials.ts';
import { InputError } from '../speech/errors.ts';
import { UnreadableError } from './exit.ts';

/** The secret that signs tickets; not on the command line, where other users of the machine could read it. */
export const SECRET_VARIABLE = 'PARLEY_TICKET_SECRET';

/** Reads the keys and what else says who may speak. Throws what says which option is wrong, and shows no key. */
export async function doorOptions(config: GatewayConfig): Promise<Partial<GatewayOptions>> {
  const { dialectKeys, origins, budgets, whenStoreAway = 'refuse', trustProxy = false } = config;
  const keys = dialectKeys === undefined ? undefined : await keysOf(dialectKeys);
  const secret = process.env[SECRET_VARIABLE];
  if (secret && !keys) {
    throw new InputError(
      SECRET_VARIABLE,
      '--dialect-keys FILE as well: with those keys, servers of the game ask for tickets',
      'none',
    );
  }
  return {
    trustProxy,
    ...(keys && { keys }),
    ...(origins && { origins }),
    ...(budgets && { budgets }),
    ...(secret && keys && { tickets: { secret, whenStoreAway, authenticate: byKey(keys) } }),
  };
}

/** What whoever starts the gateway should know of who may speak. */
export function noticesOf({ address, open }: Gateway): string[] {
  if (!open) return [];
  return isLoopbackAddress(address.host)
    ? ['DEVELOPMENT MODE: no tickets and no keys, so every program and page of this machine may speak.']
    : [
        'speech is refused while other machines can connect; give --dialect-keys, or listen on 127.0.0.1 to speak.',
      ];
}

async function keysOf(file: string): Promise<GatewayKeys> {
  const services = Object.entries(process.env).flatMap(([name, key]) =>
    /_API_KEY$/.test(name) && key ? [key] : [],
  );
  try {
    return new GatewayKeys(readGatewayKeys(await readFile(file, 'utf8')), services);
  } catch (error) {
    if (error instanceof InputError) throw new UnreadableError(`${file}: ${error.message}`, error);
    throw new UnreadableError(`cannot read the keys ${file}: ${(error as Error).message}.`, error);
  }
}

/** The game's own server has a key of the gateway, and says as JSON whom a ticket is for and what for. */
function byKey(keys: GatewayKeys): NonNullable<GatewayOptions['tickets']>['authenticate'] {
  return async (request) => {
    const key = bearerOf(request.headers.authorization);
    if (key === undefined || keys.ownerOf(key) === undefined) {
      const refusal = "Tickets are for who shows one of the gateway's own keys: Authorization: Bearer KEY.";
      return { refusal };
    }
    try {
      return readGrant('The body', JSON.parse(await bodyOf(request)));
    } catch (error) {
      const refusal =
        error instanceof InputError ? error.message : 'The body: expected JSON {"user", "scopes"}.';
      return { status: 400, refusal };
    }
  };
}

/** Largest request for a ticket, bytes. */
const MOST_BYTES = 16_384;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new InputError('The body', `up to ${MOST_BYTES} bytes`, 'more');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
