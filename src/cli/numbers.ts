import { UsageError } from './exit.ts';

/** Reads a number option within its range. Throws {@link UsageError}, which names the option, for anything else. */
export function numberOption(
  name: string,
  value: string,
  range: { min: number; max: number; whole?: boolean },
): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const fits = number >= range.min && number <= range.max && (!range.whole || Number.isInteger(number));
  if (fits) return number;
  const kind = range.whole ? 'a whole number' : 'a number';
  throw new UsageError(`${name} must be ${kind} from ${range.min} to ${range.max}, not "${value}".`);
}
