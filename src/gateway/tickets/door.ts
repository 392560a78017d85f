import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';
import { type Store, StoreAwayError } from '../stores/store.ts';
import { Admission } from './admission.ts';
import type { Budgets } from './budgets.ts';
import { bearerOf, credentialsOf } from './credentials.ts';
import type { GatewayKeys } from './gateway-keys.ts';
import type { Origins } from './origins.ts';
import { readTicket, TicketError } from './ticket.ts';
import type { TicketKeys } from './ticket-keys.ts';
import type { Visitor } from './visitor.ts';

/** What the door goes by. */
export interface DoorOptions {
  readonly tickets: TicketKeys | undefined;
  readonly keys: GatewayKeys | undefined;
  readonly origins: Origins;
  readonly budgets: Budgets;
  readonly store: Store;
  /** What to do with tickets while nobody can tell whether they were used. */
  readonly whenStoreAway: 'refuse' | 'accept';
}

/** Says who may speak. */
export class Door {
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Whether the own protocol takes anybody of this machine: nothing that could be asked for was set up. */
  get open(): boolean {
    return this.#options.tickets === undefined && this.#options.keys === undefined;
  }

  /** Whether one of the gateway's own keys is shown: that of a server of the game, which asks for all its players. */
  knows({ headers }: IncomingMessage): boolean {
    const key = bearerOf(headers.authorization);
    return key !== undefined && this.#options.keys?.ownerOf(key) !== undefined;
  }

  /** Whether a page may be answered at all. */
  allows(origin: string | undefined, { local }: Visitor): boolean {
    return origin === undefined || this.#options.origins.allow(origin, local);
  }

  /**
   * Whether somebody may speak over this handshake. A ticket is used up by it, so it is asked once and last. Never rejects.
   * A wrong origin never comes in; none comes in with a ticket or key alone, but from this machine.
   */
  async admit(request: IncomingMessage, visitor: Visitor, dialect: boolean): Promise<Admission | Refusal> {
    const { budgets, keys, tickets } = this.#options;
    const { local, address } = visitor;
    if (!this.allows(request.headers.origin, visitor)) {
      const reason = local
        ? 'Only pages of this machine (http://localhost, http://127.0.0.1), or of the list of origins, may speak here.'
        : 'Pages of this origin may not speak here.';
      return { status: 403, reason, cause: 'origin' };
    }
    if (!local) {
      const seconds = await budgets.come(address, 'upgrade');
      if (seconds !== undefined) {
        const reason = 'Too many connections in a minute.';
        return { status: 429, reason, cause: 'rate', retryAfterSeconds: seconds };
      }
    }
    const refusal = local ? undefined : this.#enter(request, address);
    if (refusal) return refusal;
    const shown = credentialsOf(request, dialect);
    const owner = shown.key === undefined ? undefined : keys?.ownerOf(shown.key);
    // A player may be called as a key is: each has a budget of its own.
    if (owner !== undefined)
      return new Admission('key', { user: `key:${owner}`, address }, { freeText: true }, budgets);
    if (local && (dialect || this.open)) {
      return new Admission('loopback', { user: undefined, address }, { freeText: true }, budgets);
    }
    if (this.open) {
      const reason =
        'Without tickets or keys of its own, this gateway speaks only on loopback (127.0.0.1, ::1).';
      return { status: 403, reason, cause: 'closed' };
    }
    if (tickets && shown.ticket !== undefined) return this.#read(shown.ticket, tickets, address);
    const wanted = [...(tickets ? ['a ticket'] : []), ...(keys ? ["one of the gateway's own keys"] : [])];
    const came = shown.key === undefined ? 'none came' : 'this key is not known';
    return { status: 401, reason: `This needs ${wanted.join(' or ')}; ${came}.`, cause: 'key' };
  }

  /** Counts the connection until it is closed, admitted or not. */
  #enter({ socket }: IncomingMessage, address: string): Refusal | undefined {
    const leave = this.#options.budgets.enter(address);
    if (!leave)
      return { status: 429, reason: 'This address has too many connections already.', cause: 'sockets' };
    if (socket.destroyed) leave();
    else socket.once('close', leave);
    return undefined;
  }

  async #read(token: string, keys: TicketKeys, address: string): Promise<Admission | Refusal> {
    const { budgets, store, whenStoreAway } = this.#options;
    try {
      const { id, user, scopes, rememberSeconds } = await readTicket(keys, token);
      if (await isFirstUse(store, id, rememberSeconds, whenStoreAway)) {
        return new Admission('ticket', { user: `user:${user}`, address }, scopes, budgets);
      }
      const reason = 'The ticket was used before; fetch a new one for each connection.';
      return { status: 401, reason, cause: 'ticket' };
    } catch (error) {
      if (error instanceof TicketError)
        return { status: 401, reason: `No entry: ${error.message.replace(/\.$/, '')}.`, cause: 'ticket' };
      const reason = 'Whether the ticket was used cannot be known now; try again soon.';
      return { status: 503, reason, cause: 'store', retryAfterSeconds: 5 };
    }
  }
}

async function isFirstUse(
  store: Store,
  id: string,
  seconds: number,
  whenAway: 'refuse' | 'accept',
): Promise<boolean> {
  try {
    return await store.usedIds.use(id, seconds);
  } catch (error) {
    if (error instanceof StoreAwayError && whenAway === 'accept') return true;
    throw error;
  }
}
