import { InputError } from '../../speech/errors.ts';

/** A secret that signs tickets, with the name by which tickets tell which one signed them. */
export interface TicketKey {
  /** 1 to 64 of letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  /** 32 bytes or more, as HS256 asks for (RFC 7518, section 3.2); text counts in UTF-8. */
  readonly secret: string | Uint8Array;
}

/** Bytes of the hash, below which a secret would be weaker than it. */
const LEAST_BYTES = 32;

const ID = /^[\w.-]{1,64}$/;

/** Secrets by id. The first one signs; all of them open, so that an old one can be left in until its tickets are gone. */
export class TicketKeys {
  readonly current: { readonly id: string; readonly secret: Uint8Array };
  readonly #secrets = new Map<string, Uint8Array>();

  /** Throws {@link InputError}, which shows no secret. */
  constructor(keys: readonly TicketKey[]) {
    for (const { id, secret } of keys) {
      if (!ID.test(id)) throw new InputError('Id of a ticket key', 'letters, digits, . _ -', `"${id}"`);
      if (this.#secrets.has(id))
        throw new InputError('Ticket keys', 'a different id for each', `"${id}" twice`);
      this.#secrets.set(id, bytesOf(id, secret));
    }
    const [first] = this.#secrets;
    if (!first) throw new InputError('Ticket keys', 'at least one', 'none');
    this.current = { id: first[0], secret: first[1] };
  }

  /** All secrets as texts, to be taken out of what is shown. */
  get secrets(): string[] {
    return [...this.#secrets.values()].map((bytes) => new TextDecoder().decode(bytes));
  }

  secretOf(id: string | undefined): Uint8Array | undefined {
    return id === undefined ? undefined : this.#secrets.get(id);
  }
}

function bytesOf(id: string, secret: string | Uint8Array): Uint8Array {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (bytes.length >= LEAST_BYTES) return bytes;
  throw new InputError(
    `Secret of the ticket key "${id}"`,
    `${LEAST_BYTES} bytes or more, such as of "openssl rand -base64 48"`,
    `${bytes.length} bytes`,
  );
}
