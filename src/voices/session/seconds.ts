import { InputError } from '../../speech/errors.ts';

/** Longest wait that may be asked for, seconds: a day. Every wait ends, and timers do not count much further. */
const LONGEST_WAIT = 86_400;

/** A wait as it was given: above 0, up to a day. Throws {@link InputError}, which names it, for any other. */
export function waitSeconds(what: string, seconds: number): number {
  if (typeof seconds === 'number' && seconds > 0 && seconds <= LONGEST_WAIT) return seconds;
  throw new InputError(what, `seconds above 0, up to ${LONGEST_WAIT} (a day)`, String(seconds));
}

/** The same where there may be no wait at all: 0. */
export function pauseSeconds(what: string, seconds: number): number {
  return seconds === 0 ? 0 : waitSeconds(what, seconds);
}
