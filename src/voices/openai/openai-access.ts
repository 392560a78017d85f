import type { Access, TokenSource } from '../session/access.ts';
import type { KeyPlace } from '../session/endpoint.ts';
import { guardedAccess } from '../session/page-guard.ts';

/** Where the service listens. */
export const OPENAI_URL = 'wss://api.openai.com/v1/realtime';

/** The model that is asked where nobody says. */
const MODEL = 'gpt-realtime';

/** How the service is reached. */
export interface OpenAiAccessOptions {
  /** Address of the service, or of anything that speaks the same protocol. Default: {@link OPENAI_URL}. */
  readonly url?: string | undefined;
  /** The service's model. Default: that of `?model=` in `url`, else `gpt-realtime`. */
  readonly model?: string | undefined;
  /** The service's key, unless `url` has it as `?api_key=`. It goes into the header `Authorization`. Not in a page. */
  readonly apiKey?: string | undefined;
  /**
   * For pages: asks your own server for an ephemeral key (OpenAI's `/v1/realtime/client_secrets`), at each opening of a
   * socket. It goes with the subprotocols, as the service documents.
   */
  readonly token?: TokenSource | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
}

const AS_PROTOCOL: KeyPlace = { protocols: (key) => ['realtime', `openai-insecure-api-key.${key}`] };

/**
 * The way to the service; `maker` is the function that was called. Throws `InputError` for an address that is none, and
 * in a page that holds a key or asks the service itself without a token.
 */
export function openAiAccess(maker: string, options: OpenAiAccessOptions): Access {
  const { url = OPENAI_URL, token, allowKeyInPage = false } = options;
  return guardedAccess(
    {
      url: withModel(url, options.model),
      keyPlace: allowKeyInPage ? AS_PROTOCOL : { header: 'Authorization', scheme: 'Bearer' },
      key: options.apiKey,
      tokenPlace: AS_PROTOCOL,
      token,
    },
    { maker, source: 'openai', domains: ['openai.com'], options, grant: 'an ephemeral key' },
  );
}

function withModel(url: string, model: string | undefined): string {
  if (!URL.canParse(url)) return url; // Told where it is opened.
  const address = new URL(url);
  if (model !== undefined || !address.searchParams.has('model')) {
    address.searchParams.set('model', model ?? MODEL);
  }
  return address.href;
}
