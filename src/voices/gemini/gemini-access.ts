import type { Access, TokenSource } from '../session/access.ts';
import { guardedAccess } from '../session/page-guard.ts';

/** Where the service listens. */
export const GEMINI_URL =
  'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** The model that is asked where nobody says. */
const MODEL = 'gemini-3.8-live';

/** How the service is reached, and which model answers. */
export interface GeminiAccessOptions {
  /** Address of the service, or of anything that speaks the same protocol. Default: {@link GEMINI_URL}. */
  readonly url?: string | undefined;
  /** The service's model, one for the Live API. Default `gemini-3.8-live`. */
  readonly model?: string | undefined;
  /** The service's key, unless `url` has it as `?key=`. Not in a page. */
  readonly apiKey?: string | undefined;
  /**
   * For pages: asks your own server for an ephemeral token (the service's `auth_tokens.create`), at each opening of a
   * socket. With it the service is asked at its own address for tokens, `…BidiGenerateContentConstrained`.
   */
  readonly token?: TokenSource | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
}

/**
 * The way to the service; `maker` is the function that was called. Throws `InputError` for an address that is none, and
 * in a page that holds a key or asks the service itself without a token.
 */
export function geminiAccess(maker: string, options: GeminiAccessOptions): Access {
  const { url = GEMINI_URL, token } = options;
  return guardedAccess(
    {
      url,
      keyPlace: { query: 'key' },
      key: options.apiKey,
      tokenPlace: { query: 'access_token' },
      token,
      tokenUrl: constrained,
    },
    { maker, source: 'gemini', domains: ['googleapis.com'], options, grant: 'an ephemeral token' },
  );
}

/** The service's name of a model. */
export function geminiModel(model = MODEL): string {
  return model.includes('/') ? model : `models/${model}`;
}

function constrained(url: string): string {
  const address = new URL(url);
  address.pathname = address.pathname.replace(/BidiGenerateContent$/, 'BidiGenerateContentConstrained');
  return address.href;
}
