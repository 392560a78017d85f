import { ParleyError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { closeError } from '../session/handshake.ts';
import { settled } from '../session/pause.ts';
import type { Timeouts } from '../session/socket-line.ts';
import { type PcmFormat, PcmLine } from './pcm-line.ts';

/** Longest answer of a server that says no that is read, bytes. */
const LONGEST_ANSWER = 4_096;

/** Statuses that send elsewhere. Pages are not shown them. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Bytes in runs of any length. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** The parts of a line whose sound comes as a stream of bytes, opened by `open`; `where` it comes from, for messages. */
export async function* streamedParts(
  open: (signal: AbortSignal) => Promise<ByteStream>,
  format: PcmFormat,
  where: string,
  { firstAudio, stall }: Required<Timeouts>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  if (signal.aborted) throw SpeechError.aborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const line = new PcmLine(format, where);
  let bytes: AsyncIterator<Uint8Array> | undefined;
  try {
    // Nobody tells when a connection is made: an answer comes with the first of its sound.
    const late = () => SpeechError.firstAudioTimeout(where, firstAudio);
    const until = performance.now() + firstAudio * 1000;
    bytes = (await within(open(either), firstAudio, late, signal))[Symbol.asyncIterator]();
    for (;;) {
      const next = bytes.next();
      const { done, value } =
        line.seconds > 0
          ? await within(next, stall, () => SpeechError.stalled(where, stall), signal)
          : await within(next, (until - performance.now()) / 1000, late, signal);
      yield* done ? line.end() : line.push(value);
      if (done) return;
    }
  } catch (error) {
    if (signal.aborted) throw SpeechError.aborted(error);
    if (error instanceof ParleyError) throw error;
    throw bytes ? SpeechError.closedEarly(where, error) : SpeechError.connectFailed(where, error);
  } finally {
    over.abort();
    void Promise.resolve(bytes?.return?.()).catch(() => {}); // What it says to being left is nobody's any more.
  }
}

/** The body of an answer to `init`. Throws what a server says that says no. */
export async function fetchBytes(
  endpoint: Endpoint,
  init: { readonly method: string; readonly body?: string | undefined },
  signal: AbortSignal,
): Promise<ByteStream> {
  const { method, body } = init;
  const response = await fetch(endpoint.url, {
    method,
    headers: { ...endpoint.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    signal,
    redirect: endpoint.secret ? 'manual' : 'follow', // Headers would go along, whoever is there.
    ...(body !== undefined && { body }),
  });
  if (endpoint.secret && (response.type === 'opaqueredirect' || REDIRECTS.has(response.status))) {
    await response.body?.cancel();
    const reason = 'it sends to another address, where the key is not taken; give that one';
    throw SpeechError.refused(endpoint.where, reason, 'retired');
  }
  if (response.ok && response.body) return bytesOf(response.body);
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const close = {
    code: 1006,
    reason: '',
    status: response.status,
    body: (await response.text()).slice(0, LONGEST_ANSWER),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  };
  throw closeError(close, endpoint, false);
}

/** Not every browser can iterate over a stream. */
async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {}); // It is over, or nobody wants the rest.
  }
}

/** What `promise` gives, unless it takes longer than `seconds` or `signal` aborts. */
async function within<T>(
  promise: Promise<T>,
  seconds: number,
  late: () => SpeechError,
  signal: AbortSignal,
): Promise<T> {
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), seconds * 1000);
  try {
    await settled(promise, AbortSignal.any([signal, time.signal]));
    if (signal.aborted) throw SpeechError.aborted();
    if (time.signal.aborted) throw late();
    return await promise;
  } finally {
    clearTimeout(timer);
    promise.catch(() => {}); // One that came too late is told by its lateness.
  }
}
