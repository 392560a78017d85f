import { SpeechError } from './errors.ts';

/** `promise`, or a rejection with `aborted` as soon as `signal` aborts. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(SpeechError.aborted());
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * The same parts, which end with `aborted` as soon as `signal` aborts, whatever their maker does about it. It is told to
 * stop too, and waited for only where the reader has left by itself.
 */
export async function* partsUntilAborted<Part>(
  parts: AsyncIterable<Part>,
  signal: AbortSignal,
): AsyncGenerator<Part, void, void> {
  if (signal.aborted) throw SpeechError.aborted();
  const reader = parts[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.next(), signal);
      over = done === true;
      if (done) return;
      yield value;
      if (signal.aborted) throw SpeechError.aborted();
    }
  } finally {
    const left = over ? undefined : Promise.resolve(reader.return?.());
    if (signal.aborted)
      left?.catch(() => {}); // It may never answer, and nobody asks any more.
    else await left;
  }
}
