import { InputError } from './errors.ts';

/** Longest string that a message shows, characters. */
const LONGEST_QUOTE = 40;

/** A value of unknown shape with its place in a file: every reading checks it, and an error names the place. */
export class Field {
  readonly value: unknown;
  /** Where it stands in the file, such as `lines[3].text`; empty for all of it. */
  readonly path: string;
  readonly #file: string;
  readonly #lineOf: ((path: string) => number) | undefined;

  /** `lineOf`: the line of the file in which a path stands, where that is known. */
  constructor(value: unknown, file: string, path = '', lineOf?: (path: string) => number) {
    this.value = value;
    this.#file = file;
    this.path = path;
    this.#lineOf = lineOf;
  }

  /** File and place, for messages. */
  get place(): string {
    const line = this.#lineOf && `line ${this.#lineOf(this.path)}`;
    return [this.#file, line, this.path].filter(Boolean).join(', ');
  }

  /** A field of an object. */
  get(key: string): Field {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.wrong('an object');
    }
    const path = this.path ? `${this.path}.${key}` : key;
    // What an object inherits was not in the file.
    return new Field(
      Object.hasOwn(this.value, key) ? Reflect.get(this.value, key) : undefined,
      this.#file,
      path,
      this.#lineOf,
    );
  }

  /** The items of a list. */
  items(): Field[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list');
    const file = this.#file;
    return Array.from(
      this.value,
      (item, index) => new Field(item, file, `${this.path}[${index}]`, this.#lineOf),
    );
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('a string');
    return this.value;
  }

  /** A finite number from `min` to `max`. */
  number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max) {
      throw this.wrong(`a number${rangeOf(min, max)}`);
    }
    return value;
  }

  /** A whole number from `min` to `max`. */
  whole(min: number, max = Number.MAX_SAFE_INTEGER): number {
    const { value } = this;
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      throw this.wrong(`a whole number${rangeOf(min, max)}`);
    }
    return value as number;
  }

  oneOf<T extends string | number>(values: readonly T[]): T {
    const value = values.find((each) => each === this.value);
    if (value === undefined) {
      throw this.wrong(values.length > 1 ? `one of ${values.join(', ')}` : String(values[0]));
    }
    return value;
  }

  /** The error of a value that is not what was expected here. */
  wrong(expected: string, got = shown(this.value)): InputError {
    return new InputError(this.place, expected, got);
  }
}

function rangeOf(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY || max === Number.MAX_SAFE_INTEGER) {
    return min === Number.NEGATIVE_INFINITY ? '' : ` of ${min} or more`;
  }
  return ` from ${min} to ${max}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value);
  }
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
