import { InputError, SpeechError } from '../../speech/errors.ts';

/** How files are fetched. */
export interface FetchOptions {
  /** Longest time for one file, seconds. Default 15. */
  readonly timeoutSeconds?: number;
  /** Does the fetching, for a game that sends headers or credentials. Default: the page's own `fetch`. */
  readonly fetch?: (url: string, init: { signal: AbortSignal }) => Promise<Response>;
}

/** A file that was fetched. */
export interface FetchedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it was found in the end: what stands beside it is relative to this. */
  readonly url: string;
}

/**
 * Fetches one file.
 * Throws {@link SpeechError}: `connect-failed`, `refused` where the server says no, `connect-timeout`, `aborted`.
 */
export async function fetchFile(
  url: string,
  signal: AbortSignal,
  { timeoutSeconds = 15, fetch = globalThis.fetch }: FetchOptions,
): Promise<FetchedFile> {
  const where = shownUrl(url);
  const late = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
    if (!response.ok)
      throw SpeechError.refused(where, `HTTP ${response.status} ${response.statusText}`.trim());
    return { bytes: new Uint8Array(await response.arrayBuffer()), url: response.url || url };
  } catch (error) {
    if (error instanceof SpeechError) throw error;
    if (signal.aborted) throw SpeechError.aborted(error);
    if (late.aborted) throw SpeechError.connectTimeout(where, timeoutSeconds);
    throw SpeechError.connectFailed(where, error);
  }
}

/** An address as people may see it: without user and query, where secrets stand. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
}

/** SHA-256 of a file as the `integrity` of a web page writes it; undefined on pages that are not secure. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', bytes);
  return digest && `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

/** Throws {@link InputError} for a file that is not the one that was written down: of another length or hash. */
export async function checkFile(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  bytes: number,
  hash: string | undefined,
): Promise<void> {
  if (file.length !== bytes)
    throw new InputError(name, `${bytes} bytes, as the manifest says`, `${file.length}`);
  const found = hash && (await hashOf(file));
  if (found && found !== hash) throw new InputError(name, `content with the hash ${hash}`, found);
}
