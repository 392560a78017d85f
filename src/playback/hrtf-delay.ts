/** Length of the response that browsers use, samples at the rate at which they have it, Hz. */
const RESPONSE = 256;
const RESPONSE_RATE = 44_100;

/** What is left in the responses, seconds: where speech from all around adds up best with that of equal power. */
const ONSET = 0.001;

/**
 * How much later a voice is heard by HRTF than by equal power in a context of `sampleRate`, seconds; whole frames.
 * Browsers filter in blocks of the response's length at that rate, rounded down to a power of two, and sound is a block
 * late. From Chromium's source, which WebKit and Firefox share; Chromium's impulses from ahead come within 0.1 ms of it at
 * 16 to 96 kHz.
 */
export function hrtfDelayAt(sampleRate: number): number {
  const block = 2 ** Math.floor(Math.log2((RESPONSE * sampleRate) / RESPONSE_RATE));
  return (block + Math.round(ONSET * sampleRate)) / sampleRate;
}
