const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does work that SIGINT and SIGTERM cancel: what it has begun is put in order, and then the process ends as the signal
 * would have ended it.
 */
export async function stoppable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    received = signal;
    abort.abort();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    if (received) process.kill(process.pid, received);
  }
}
