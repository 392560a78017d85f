import * as v from 'valibot';
import type { SpeechRequest } from '../speech/source.ts';

/** Longest text of one request, in code points. */
const MAX_CODE_POINTS = 5_000;

/** What the protocol takes for a rate of speaking. */
const MIN_SPEED = 0.5;
const MAX_SPEED = 2;

/** Synthesis steps as the service's own clients bound them. Taken and checked, but local voices have none. */
const MIN_STEPS = 1;
const MAX_STEPS = 50;

/** Longest part of a wrong value that is sent back. */
const SHOWN = 60;

/** Newer clients name the English voices en_f1 to en_m5. */
const PREFIXED_VOICE = /^en_([fm][1-5])$/i;

const number = v.number('a number');
const speedRange = `a number from ${MIN_SPEED} to ${MAX_SPEED}`;
const stepsRange = `a whole number from ${MIN_STEPS} to ${MAX_STEPS}`;

/** Fields and defaults as the service documents them; each message says what was expected. */
const wireRequest = v.object({
  text: v.pipe(
    v.string('a string'),
    v.check((text) => text.trim() !== '', 'something to say'),
    v.check((text) => codePoints(text) <= MAX_CODE_POINTS, `at most ${MAX_CODE_POINTS} characters`),
  ),
  voice: v.optional(v.string('a string'), 'M1'),
  lang: v.optional(v.string('a string')),
  /** Some clients say it so. */
  language: v.optional(v.string('a string'), 'en'),
  speed: v.optional(
    v.pipe(number, v.minValue(MIN_SPEED, speedRange), v.maxValue(MAX_SPEED, speedRange)),
    1.05,
  ),
  steps: v.optional(
    v.pipe(
      number,
      v.integer(stepsRange),
      v.minValue(MIN_STEPS, stepsRange),
      v.maxValue(MAX_STEPS, stepsRange),
    ),
    5,
  ),
  version: v.optional(v.string('a string'), 'versa-1.0'),
  visemes: v.optional(v.boolean('true or false'), false),
});

/** A request as the Lokutor protocol has it, its defaults filled in. */
export interface LokutorRequest {
  readonly speech: Required<Omit<SpeechRequest, 'priority'>>;
  /** Whether the client wants letters with times. */
  readonly visemes: boolean;
}

/** A request, or in words why it is none. */
export type Reading =
  | { readonly request: LokutorRequest; readonly problem?: undefined }
  | { readonly request?: undefined; readonly problem: string };

/** Reads the one text message that asks for a line. Never throws. */
export function readLokutorRequest(message: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return { problem: 'expected a JSON object such as {"text":"Hello."}, got text that is no JSON' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { problem: `expected a JSON object such as {"text":"Hello."}, got ${show(json)}` };
  }
  const { success, output, issues } = v.safeParse(wireRequest, json);
  if (!success) {
    const [issue] = issues;
    const field = v.getDotPath(issue) ?? 'request';
    const expected = field === 'text' && !('text' in json) ? 'a string' : issue.message;
    return { problem: `${field}: expected ${expected}, got ${show(issue.input)}` };
  }
  const { text, voice, language, lang = language, speed, visemes } = output;
  const name = PREFIXED_VOICE.exec(voice)?.[1]?.toUpperCase() ?? voice;
  return { request: { speech: { text, voice: name, lang, speed }, visemes } };
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
