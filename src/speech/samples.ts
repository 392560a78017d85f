/** Runs of 16-bit samples as one. */
export function joinSamples(runs: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    samples.set(run, at);
    at += run.length;
  }
  return samples;
}
