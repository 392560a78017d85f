import { InputError, SpeechError } from '../../speech/errors.ts';
import { Endpoint, type KeyPlace } from './endpoint.ts';

/** Asks the app's own server for a short-lived permission that a page may hold; called at each opening of a socket. */
export type TokenSource = () => Promise<string>;

/** How a service is told who asks. */
export interface AccessOptions {
  readonly url: string;
  /** Where its key goes, and the key, where there is one. */
  readonly keyPlace: KeyPlace;
  readonly key?: string | undefined;
  /** Where a short-lived token goes, and who gives it: it is used instead of a key. */
  readonly tokenPlace?: KeyPlace | undefined;
  readonly token?: TokenSource | undefined;
  /** The address at which tokens are taken, made of the other one. Default: the same. */
  readonly tokenUrl?: ((url: string) => string) | undefined;
}

/** The address of a service with what opens it: a key that stays, or a token that is asked for each time. */
export class Access {
  /** The address without secrets: for messages. */
  readonly where: string;
  /** Whether a key is held, which a page must not. */
  readonly secret: boolean;
  readonly #options: AccessOptions;
  readonly #endpoint: Endpoint;

  /** Throws `InputError` for anything but a ws: or wss: address. */
  constructor(options: AccessOptions) {
    this.#options = options;
    this.#endpoint = new Endpoint(options.url, options.keyPlace, options.token ? undefined : options.key);
    this.where = this.#endpoint.where;
    this.secret = this.#endpoint.secret;
  }

  /**
   * What the next socket is opened with. Throws `connect-failed` where no token is to be had, `connect-timeout` where not
   * within `seconds`, and `InputError` for one that cannot be sent.
   */
  async open(seconds: number, signal: AbortSignal): Promise<Endpoint> {
    const { url, keyPlace, tokenPlace = keyPlace, token, tokenUrl = (same) => same } = this.#options;
    if (!token) return this.#endpoint;
    let stop = () => {};
    const over = new Promise<never>((_, reject) => {
      const late = setTimeout(
        () => reject(SpeechError.connectTimeout(`whoever gives the token for ${this.where}`, seconds)),
        seconds * 1000,
      );
      const abort = () => reject(SpeechError.aborted());
      signal.addEventListener('abort', abort, { once: true });
      stop = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', abort);
      };
      if (signal.aborted) abort();
    });
    try {
      const given = await Promise.race([token(), over]);
      return new Endpoint(tokenUrl(url), tokenPlace, given);
    } catch (error) {
      if (error instanceof SpeechError || error instanceof InputError) throw error;
      throw SpeechError.noToken(this.where, error);
    } finally {
      stop();
    }
  }
}
