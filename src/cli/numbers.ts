import { UsageError } from './exit.ts';

/** What a number option may be. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** As people write numbers: no exponent, no hexadecimal. None that an option takes is below zero. */
const DECIMAL = /^(\d+\.?\d*|\.\d+)$/;

/** Reads a number option within its range; nothing where it is not given. Throws {@link UsageError}, which names it. */
export function numberOption(name: string, value: string, range: NumberRange): number;
export function numberOption(name: string, value: string | undefined, range: NumberRange): number | undefined;
export function numberOption(
  name: string,
  value: string | undefined,
  { min, max, whole = false }: NumberRange,
): number | undefined {
  if (value === undefined) return undefined;
  const number = DECIMAL.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(
    `${name}: expected ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}, got "${value}".`,
  );
}
