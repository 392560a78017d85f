/** Waiting in tests that run in a page. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when `happened`, looking every few milliseconds, no frame needed. Fails after ten seconds. */
export async function until(happened: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!happened()) {
    if (performance.now() - begun > 10_000) throw new Error(`It never happened: ${happened}`);
    await pause(5);
  }
}
