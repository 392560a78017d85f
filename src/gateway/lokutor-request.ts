import * as v from 'valibot';
import type { SpeechRequest } from '../speech/source.ts';

/** Longest text the dialect takes, Unicode code points. */
const MAX_CODE_POINTS = 5_000;

/** A request of the Lokutor dialect, checked and with its defaults filled in. */
export interface LokutorRequest extends SpeechRequest {
  readonly voice: string;
  readonly lang: string;
  readonly speed: number;
  /** Whether viseme messages are wanted. */
  readonly visemes: boolean;
}

const text = v.pipe(
  v.string('must be a string'),
  v.check((value) => value.trim() !== '', 'must not be empty'),
  v.check((value) => [...value].length <= MAX_CODE_POINTS, `must have at most ${MAX_CODE_POINTS} characters`),
);

/** Fields and defaults of Lokutor's streaming API. `steps` and `version` choose a model there; here they are only checked. */
const REQUEST = v.object({
  text,
  voice: v.optional(v.string('must be a string'), 'M1'),
  lang: v.optional(v.string('must be a string'), 'en'),
  speed: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.minValue(0.5, 'must be from 0.5 to 2'),
      v.maxValue(2, 'must be from 0.5 to 2'),
    ),
    1.05,
  ),
  steps: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be from 1 to 50'),
      v.maxValue(50, 'must be from 1 to 50'),
    ),
    5,
  ),
  version: v.optional(v.string('must be a string'), 'versa-1.0'),
  visemes: v.optional(v.boolean('must be true or false'), false),
});

/** Reads a request; a string is the reason why it is refused, fit to be sent to the client. */
export function parseLokutorRequest(message: string): LokutorRequest | string {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return 'the request is not JSON';
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return 'the request must be a JSON object';
  if (!('text' in json)) return 'the request has no "text"';
  const result = v.safeParse(REQUEST, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return `"${v.getDotPath(issue) ?? 'request'}" ${issue.message}`;
}
