/** Resolves when `promise` is settled either way, or `signal` aborts. */
export function settled(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', finish);
    promise.then(finish, finish);
  });
}

/** Resolves after so many seconds, or when `signal` aborts. */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  if (seconds <= 0) return Promise.resolve();
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  return settled(passed, signal).finally(() => clearTimeout(timer));
}
