import type { Field } from '../speech/field.ts';
import type { Condition, Point, Shot, Variable } from './script.ts';

/** What is left out is left out. */
export function optional<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === undefined ? undefined : read(field);
}

/** An object of those values that are there. */
export function present<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** Refuses fields that nobody reads: most are slips of the pen. */
export function demandFields(field: Field, known: readonly string[]): void {
  if (typeof field.value !== 'object' || field.value === null || Array.isArray(field.value))
    throw field.wrong('an object');
  const odd = Object.keys(field.value).find((name) => !known.includes(name));
  if (odd !== undefined) throw field.get(odd).wrong(`no such field, but ${known.join(', ')}`, `"${odd}"`);
}

export function textOf(field: Field): string {
  if (field.text().trim() === '') throw field.wrong('a text that is not empty');
  return field.text();
}

export function truthOf(field: Field): boolean {
  return field.oneOf([true, false] as unknown as readonly string[]) as unknown as boolean;
}

export function namesOf(field: Field): string | readonly string[] {
  if (typeof field.value === 'string') return textOf(field);
  const names = field.items().map(textOf);
  if (names.length === 0) throw field.wrong('a name, or several');
  return names;
}

export function pointOf(field: Field): Point {
  const numbers = field.items().map((item) => item.number());
  if (numbers.length !== 3) throw field.wrong('three numbers: x, y, z', `${numbers.length} of them`);
  return numbers as unknown as Point;
}

export function shotOf(field: Field): Shot {
  demandFields(field, ['position', 'target', 'fov']);
  return present<Shot>({
    position: pointOf(field.get('position')),
    target: pointOf(field.get('target')),
    fov: optional(field.get('fov'), (fov) => fov.number(1, 179)),
  });
}

export function variableOf(field: Field): Variable {
  const { value } = field;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number') throw field.wrong('a number, a string, true or false');
  return field.number();
}

export function recordOf<T>(field: Field, read: (field: Field) => T): Readonly<Record<string, T>> {
  const { value } = field;
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw field.wrong('an object');
  return Object.fromEntries(Object.keys(value).map((name) => [name, read(field.get(name))]));
}

const TESTS = ['is', 'not', 'above', 'below'] as const;

export function conditionOf(field: Field): Condition {
  demandFields(field, ['variable', ...TESTS]);
  const variable = textOf(field.get('variable'));
  const tests = TESTS.filter((test) => field.get(test).value !== undefined);
  const [test] = tests;
  if (tests.length !== 1 || !test) throw field.wrong(`one of ${TESTS.join(', ')}`, `${tests.length} of them`);
  const wanted = field.get(test);
  if (test === 'above') return { variable, above: wanted.number() };
  if (test === 'below') return { variable, below: wanted.number() };
  return test === 'is' ? { variable, is: variableOf(wanted) } : { variable, not: variableOf(wanted) };
}
