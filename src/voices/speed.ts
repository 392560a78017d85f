import { InputError } from '../speech/errors.ts';

/**
 * For services that tell no range of speeds, or whose servers differ: throws {@link InputError} for what is no factor at
 * all.
 */
export function checkSpeed(speed: number | undefined): void {
  if (speed === undefined || (Number.isFinite(speed) && speed > 0)) return;
  throw new InputError('speed', 'a number above 0, where 1 is the usual pace', String(speed));
}
