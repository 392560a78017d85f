import { InputError } from '../speech/errors.ts';

/** The rate that is asked for, and all that a service has, Hz. */
export interface ChosenRate {
  readonly sampleRate: number;
  /** That one first: it is the default of this source. */
  readonly sampleRates: readonly number[];
}

/** The rate `wanted` among those of a service, of which the first is the default. Throws {@link InputError} for another. */
export function chosenRate(wanted: number | undefined, rates: readonly [number, ...number[]]): ChosenRate {
  const [usual] = rates;
  const sampleRate = wanted ?? usual;
  if (!rates.includes(sampleRate)) {
    throw new InputError('sampleRate', `one of ${rates.join(', ')} (Hz)`, String(sampleRate));
  }
  return { sampleRate, sampleRates: [sampleRate, ...rates.filter((rate) => rate !== sampleRate)] };
}
