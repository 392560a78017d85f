import type { IncomingMessage, ServerResponse } from 'node:http';
import { InputError } from '../../speech/errors.ts';
import type { RefusalCause } from '../refusal.ts';
import type { Budgets } from './budgets.ts';
import type { Door } from './door.ts';
import type { TicketGrant, TicketRefusal } from './scopes.ts';
import { checkOpenSeconds, signTicket } from './ticket.ts';
import { type TicketKey, TicketKeys } from './ticket-keys.ts';
import type { Visitor } from './visitor.ts';

/** How tickets are made, and who gets them. */
export interface TicketOptions {
  /** Signs tickets: 32 bytes or more. Instead of `keys`, where it is the only one. */
  readonly secret?: string | Uint8Array | undefined;
  /** Secrets by id, so that they can be changed: the first signs, all open. */
  readonly keys?: readonly TicketKey[] | undefined;
  /**
   * The game's own check: who asks (by its cookie, session or token), and what may they have spoken? It gives the user and
   * scopes, or why not. The body is left unread.
   */
  readonly authenticate: (
    request: IncomingMessage,
  ) => TicketGrant | TicketRefusal | Promise<TicketGrant | TicketRefusal>;
  /** Seconds until the connection must be opened, 1 to 60. Default 30. */
  readonly openSeconds?: number;
  /** While a shared store is away nobody knows whether a ticket was used. Default `refuse`. */
  readonly whenStoreAway?: 'refuse' | 'accept';
}

/** The keys of these options. Throws {@link InputError}. */
export function ticketKeysOf({ secret, keys }: TicketOptions): TicketKeys {
  if ((secret === undefined) === (keys === undefined)) {
    throw new InputError('tickets', 'either "secret" or "keys"', secret === undefined ? 'neither' : 'both');
  }
  return new TicketKeys(keys ?? [{ id: '1', secret: secret! }]);
}

interface TicketParts {
  readonly door: Door;
  readonly budgets: Budgets;
  readonly onError: (error: unknown) => void;
  /** Somebody was answered; `cause`: why there is no ticket. */
  readonly onAnswer: (request: IncomingMessage, status: number, cause?: RefusalCause) => void;
}

/** Answers `POST /v1/ticket`. */
export class TicketDesk {
  readonly #options: TicketOptions;
  readonly #keys: TicketKeys;
  readonly #door: Door;
  readonly #budgets: Budgets;
  readonly #openSeconds: number;
  readonly #onError: (error: unknown) => void;
  readonly #onAnswer: TicketParts['onAnswer'];

  constructor(options: TicketOptions, keys: TicketKeys, parts: TicketParts) {
    this.#options = options;
    this.#keys = keys;
    this.#door = parts.door;
    this.#budgets = parts.budgets;
    this.#onError = parts.onError;
    this.#onAnswer = parts.onAnswer;
    this.#openSeconds = options.openSeconds ?? 30;
    checkOpenSeconds(this.#openSeconds);
  }

  /** Never rejects: nobody is there to hear of it. */
  async answer(request: IncomingMessage, response: ServerResponse, visitor: Visitor): Promise<void> {
    try {
      await this.#answer(request, response, visitor);
    } catch (error) {
      this.#onError(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: FAULT }));
      this.#onAnswer(request, 500, 'fault');
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, visitor: Visitor): Promise<void> {
    const { origin } = request.headers;
    const end = (
      status: number,
      body: object,
      { cause, headers = {} }: { cause?: RefusalCause | undefined; headers?: Record<string, string> } = {},
    ) => {
      this.#onAnswer(request, status, cause);
      response
        .writeHead(status, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          ...cors(origin),
          ...headers,
        })
        .end(JSON.stringify(body));
    };
    if (!this.#door.allows(origin, visitor)) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'Pages of this origin get no tickets here.' }));
      this.#onAnswer(request, 403, 'origin');
    } else if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...cors(origin), ...PREFLIGHT }).end();
    } else if (request.method !== 'POST') {
      const headers = { allow: 'POST' };
      end(405, { error: 'A ticket is asked for with POST.' }, { cause: 'request', headers });
    } else {
      const counted = !visitor.local && !this.#door.knows(request);
      const seconds = counted ? await this.#budgets.come(visitor.address, 'ticket') : undefined;
      if (seconds !== undefined) {
        const headers = { 'retry-after': String(seconds) };
        end(429, { error: 'Too many tickets in a minute.' }, { cause: 'rate', headers });
        return;
      }
      const { status, body, cause } = await this.#make(request);
      end(status, body, { cause });
    }
  }

  async #make(
    request: IncomingMessage,
  ): Promise<{ status: number; body: object; cause?: RefusalCause | undefined }> {
    try {
      const decision = await this.#options.authenticate(request);
      if ('refusal' in decision) {
        const { status = 401, refusal } = decision;
        const told = status >= 400 && status <= 599 ? status : 401;
        return { status: told, body: { error: refusal }, cause: 'game' };
      }
      const ticket = await signTicket(this.#keys, decision, this.#openSeconds);
      return { status: 200, body: { ticket, openSeconds: this.#openSeconds } };
    } catch (error) {
      this.#onError(error);
      return { status: 500, body: { error: FAULT }, cause: 'fault' };
    }
  }
}

const FAULT = 'No ticket could be made; the log of the gateway says why.';

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
};

/** A page of an allowed origin may read the answer, and send its cookies. */
function cors(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    vary: 'origin',
  };
}
