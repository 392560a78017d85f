import { FASTEST, SLOWEST } from '../pcm/stretcher.ts';
import { InputError } from '../speech/errors.ts';

/** `rate` where it is a speed at which speech can be played. Throws {@link InputError} otherwise. */
export function speedOf(what: string, rate: number): number {
  if (rate >= SLOWEST && rate <= FASTEST) return rate;
  throw new InputError(what, `a speed from ${SLOWEST} to ${FASTEST}`, String(rate));
}
