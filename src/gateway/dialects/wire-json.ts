import * as v from 'valibot';

/** Longest text of one request, in code points. */
export const MAX_CODE_POINTS = 5_000;

/** Longest part of a wrong value that is sent back. */
const SHOWN = 60;

/** A request, or in words why it is none. */
export type Reading<T> =
  | { readonly request: T; readonly problem?: undefined }
  | { readonly request?: undefined; readonly problem: string };

/** What is told of a message that is bytes where text is expected. */
export const BINARY: Reading<never> = { problem: 'expected a JSON text message, got a binary one' };

/** Reads a JSON message by a schema whose messages say what was expected. Never throws. */
export function readWire<const S extends v.GenericSchema>(
  message: string,
  schema: S,
  example: string,
): Reading<v.InferOutput<S>> {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return { problem: `expected a JSON object such as ${example}, got text that is no JSON` };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { problem: `expected a JSON object such as ${example}, got ${show(json)}` };
  }
  const { success, output, issues } = v.safeParse(schema, json);
  if (success) return { request: output };
  const [issue] = issues;
  const field = v.getDotPath(issue) ?? 'request';
  const missing = !Object.hasOwn(json, field);
  return {
    problem: missing
      ? `${field}: expected a string, got nothing`
      : `${field}: expected ${issue.message}, got ${show(Reflect.get(json, field))}`,
  };
}

/** A text of at most {@link MAX_CODE_POINTS}. */
export const boundedText = v.pipe(
  v.string('a string'),
  v.check((text) => codePoints(text) <= MAX_CODE_POINTS, `at most ${MAX_CODE_POINTS} characters`),
);

/** A number from `min` to `max`. */
export function numberIn(min: number, max: number) {
  const range = `a number from ${min} to ${max}`;
  return v.pipe(v.number('a number'), v.minValue(min, range), v.maxValue(max, range));
}

/** A whole number from `min` to `max`. */
export function wholeIn(min: number, max: number) {
  const range = `a whole number from ${min} to ${max}`;
  return v.pipe(v.number('a number'), v.integer(range), v.minValue(min, range), v.maxValue(max, range));
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A wrong value in a few words. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const length = codePoints(value);
  return length > SHOWN ? `${length} characters` : JSON.stringify(value);
}
