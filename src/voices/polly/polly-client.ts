import type { PollyClient } from '@aws-sdk/client-polly';
import { InputError } from '../../speech/errors.ts';
import type { PollyCredentials } from './polly-request.ts';

/** Where the service is asked, and as whom. */
export interface PollyPlace {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly credentials: PollyCredentials | undefined;
}

/** The vendor's client and what is asked with it. */
export interface LoadedPolly {
  readonly client: PollyClient;
  readonly Ask: typeof import('@aws-sdk/client-polly')['SynthesizeSpeechCommand'];
  /** What others said, fit to be shown: without keys, in one line, not too long. */
  quote(text: string): string;
}

const PACKAGE = '@aws-sdk/client-polly';

/** Longest part of another's words that is passed on, characters. */
const LONGEST_QUOTE = 300;

/** Names of keys and signatures in what the service or its client say of a request. */
const SIGNED = /\b(Credential|Signature|SecurityToken|X-Amz-Security-Token)=[^\s,&'"]+/gi;

/** Loads the vendor's client. Throws {@link InputError} where it is not installed. */
export async function loadPolly({ region, endpoint, credentials }: PollyPlace): Promise<LoadedPolly> {
  let sdk: typeof import('@aws-sdk/client-polly');
  try {
    sdk = await import('@aws-sdk/client-polly');
  } catch {
    throw new InputError('pollyVoices', `the package ${PACKAGE} (npm i ${PACKAGE})`, 'none');
  }
  const client = new sdk.PollyClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials: { ...credentials } }),
    maxAttempts: 1, // Whoever waits for a line decides whether it is asked for again.
  });
  const secrets: string[] = [];
  void client.config.credentials().then(
    ({ accessKeyId, secretAccessKey, sessionToken }) =>
      secrets.push(...[secretAccessKey, sessionToken ?? '', accessKeyId].filter((secret) => secret !== '')),
    () => {}, // Without them every line is refused, and says so.
  );
  const quote = (text: string) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
      .replace(SIGNED, '$1=***')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_QUOTE);
  return { client, Ask: sdk.SynthesizeSpeechCommand, quote };
}
