import type { Passed } from './proxy-record.ts';

/** Fields in which services tell times. */
const TIME_FIELD = /start(?!ed)|begin|offset|time|^t$/i;

/** A time below this part of the latest one begins anew, once they have come so far in the longest run. */
const ANEW = 0.3;
const FAR = 0.5;

/** Fewer in a line are no times of its sounds and words: a clock, a length. */
const SERIES = 3;

/** Times as messages have them, in whatever unit, in order; by the field that they stand in. */
export type ToldTimes = ReadonlyMap<string, readonly number[]>;

/** The times that the JSON of some messages tells: a guess, by the names of fields. */
export function timesIn(messages: readonly Passed[]): ToldTimes {
  const times = new Map<string, number[]>();
  const note = (field: string, time: number) => {
    const known = times.get(field) ?? [];
    times.set(field, known);
    known.push(time);
  };
  for (const { data, binary } of messages)
    if (!binary) for (const json of jsonIn(data.toString())) walk(json, '', note);
  return times;
}

/** How often times begin anew while they are told: in the field in which they do so the most. */
export function restartsIn(times: ToldTimes): number {
  return Math.max(0, ...[...times.values()].map(restarts));
}

/** Whether the times of a line go on where those of the line before it ended. */
export function goOn(before: ToldTimes, after: ToldTimes): boolean {
  const fields = [...after].filter(([field, times]) => times.length >= SERIES && before.has(field));
  return (
    fields.length > 0 && fields.every(([field, [first = 0]]) => first > ANEW * latest(before.get(field)!))
  );
}

function latest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), 0);
}

function restarts(times: readonly number[]): number {
  const longest = latest(times);
  let count = 0;
  let run = 0;
  for (const time of times) {
    const anew = run > FAR * longest && time < ANEW * run;
    if (anew) count++;
    run = anew ? time : Math.max(run, time);
  }
  return count;
}

/** A message that is JSON, has it after headers, or in its rows. */
function jsonIn(text: string): unknown[] {
  const begin = text.search(/[{[]/);
  if (begin < 0) return [];
  const whole = parsed(text.slice(begin));
  return whole === undefined ? text.split('\n').map(parsed) : [whole];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function walk(value: unknown, path: string, note: (field: string, time: number) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, note);
    return;
  }
  const kind = Object.entries(value).find(([name]) => /^type$/i.test(name))?.[1];
  const place = typeof kind === 'string' ? `${path}:${kind}` : path;
  for (const [name, inner] of Object.entries(value)) {
    const field = `${place}.${name}`;
    const times = [inner].flat().filter((item) => typeof item === 'number');
    if (times.length === 0) walk(inner, field, note);
    else if (TIME_FIELD.test(name)) for (const time of times) note(field, time);
  }
}
