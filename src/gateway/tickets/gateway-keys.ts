import { createHash, timingSafeEqual } from 'node:crypto';
import { InputError } from '../../speech/errors.ts';

/** A key of the gateway's own, for programs. */
export interface GatewayKey {
  /** Whose it is: letters, digits, `.`, `_`, `-`, up to 64. Budgets count by it, logs show it. */
  readonly name: string;
  /** The key, 24 characters or more without blanks, or `sha256:` and the 64 hexadecimal digits of its hash. */
  readonly key: string;
}

/** Below this, a key could be tried out. */
const LEAST_LENGTH = 24;

const NAME = /^[\w.-]{1,64}$/;
const HASHED = /^sha256:([0-9a-f]{64})$/i;

/** Keys of the gateway's own, compared as hashes. */
export class GatewayKeys {
  /** Those that were given in the clear, to be taken out of what is shown. */
  readonly secrets: readonly string[];
  readonly #hashes: readonly { readonly name: string; readonly hash: Buffer }[];

  /** `serviceKeys` are those of speech services, none of which may be one of ours. Throws {@link InputError}, which shows no key. */
  constructor(keys: readonly GatewayKey[], serviceKeys: readonly string[] = []) {
    this.secrets = keys.flatMap(({ key }) => (HASHED.test(key) ? [] : [key]));
    const services = serviceKeys.filter((key) => key !== '').map(hashOf);
    this.#hashes = keys.map(({ name, key }) => {
      if (!NAME.test(name))
        throw new InputError('Name of a gateway key', 'letters, digits, . _ -', 'other characters');
      const [, hex] = HASHED.exec(key) ?? [];
      if (hex === undefined && !(key.length >= LEAST_LENGTH && !/\s/.test(key))) {
        const expected = `${LEAST_LENGTH} characters or more, such as of "openssl rand -base64 32", or sha256: and its hash`;
        throw new InputError(`Gateway key "${name}"`, expected, `${key.length} characters`);
      }
      const hash = hex === undefined ? hashOf(key) : Buffer.from(hex, 'hex');
      if (services.some((service) => service.equals(hash))) {
        throw new InputError(
          `Gateway key "${name}"`,
          'a key of its own',
          "a speech service's key; those stay in here",
        );
      }
      return { name, hash };
    });
  }

  get size(): number {
    return this.#hashes.length;
  }

  /** Whose key it is; undefined where it is nobody's. All are compared, each in constant time. */
  ownerOf(key: string): string | undefined {
    const hash = hashOf(key);
    let owner: string | undefined;
    for (const each of this.#hashes) if (timingSafeEqual(each.hash, hash)) owner = each.name;
    return owner;
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/**
 * Reads keys, one a line: a name, blanks, and the key or `sha256:` with its hash. Empty lines and those with `#` are
 * passed over. Throws {@link InputError} with the number of the line, and nothing of the key.
 */
export function readGatewayKeys(text: string): GatewayKey[] {
  const keys = text.split(/\r?\n/).flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]!.startsWith('#')) return [];
    const [name, key, ...rest] = words;
    if (name && key && rest.length === 0) return [{ name, key }];
    throw new InputError(
      `Line ${index + 1} of the gateway keys`,
      'a name, a blank and a key',
      `${words.length} words`,
    );
  });
  if (keys.length === 0) throw new InputError('The gateway keys', 'at least one line "name key"', 'none');
  return keys;
}
