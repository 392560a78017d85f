import { InputError } from './errors.ts';
import { Field } from './field.ts';

/** Looks at the value of an option; throws {@link InputError} for one that cannot be. */
export type OptionCheck = (option: Field) => void;

/** A check for each option that there is, so that none can be forgotten. */
export type OptionChecks<Options> = { readonly [Name in keyof Required<Options>]: OptionCheck };

/**
 * Checks options by name and kind; those that are undefined are left out. `prefix` stands before their names in messages.
 * Throws {@link InputError} for what is no object, for a name that is no option (most are written wrong, and would do
 * nothing), and what a check throws.
 */
export function checkOptions<Options>(
  what: string,
  given: unknown,
  checks: OptionChecks<Options>,
  prefix = '',
): void {
  const all = new Field(given, what);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw all.wrong('an object of options');
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(checks, name)) {
      throw new InputError(
        what,
        `options that there are (${Object.keys(checks).join(', ')})`,
        JSON.stringify(name),
      );
    }
    checks[name as keyof Options](new Field(value, `${prefix}${name}`));
  }
}

/** Checked elsewhere, or by whoever it is for. */
export const anything: OptionCheck = () => {};

export const truth: OptionCheck = (option) => {
  if (typeof option.value !== 'boolean') throw option.wrong('true or false');
};

export const text: OptionCheck = (option) => void option.text();

export const texts: OptionCheck = (option) => {
  for (const item of option.items()) item.text();
};

export const callable: OptionCheck = (option) => {
  if (typeof option.value !== 'function') throw option.wrong('a function');
};

/** Texts by name. */
export const named: OptionCheck = (option) => {
  if (typeof option.value !== 'object' || option.value === null || Array.isArray(option.value))
    throw option.wrong('texts by name');
  for (const name of Object.keys(option.value)) option.get(name).text();
};

/** One of some texts. */
export function oneOf(...values: readonly string[]): OptionCheck {
  return (option) => void option.oneOf(values);
}

/** An object that can do something; `like` says what such a one is. */
export function able(like: string, ...methods: readonly string[]): OptionCheck {
  return (option) => {
    const { value } = option;
    const has = (name: string) =>
      typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
    if (!methods.every(has)) throw option.wrong(like);
  };
}
