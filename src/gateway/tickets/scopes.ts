import * as v from 'valibot';
import { InputError } from '../../speech/errors.ts';

/** Longest time of a connection that is opened with a ticket, seconds, unless the ticket says otherwise. */
export const SESSION_SECONDS = 1_800;

/** What somebody may have spoken. What is not named is not limited by the ticket; the gateway's own budgets still hold. */
export interface Scopes {
  /** Whether any text may be spoken. Default false: lines of the game's own list alone, by their ids. */
  readonly freeText?: boolean | undefined;
  /** Ids of lines. Default: all of the list. */
  readonly lines?: readonly string[] | undefined;
  /** Voices. Default: all. */
  readonly voices?: readonly string[] | undefined;
  /** Characters that may be asked of the source; lines that are kept or shared cost none. */
  readonly characters?: number | undefined;
  /** Seconds of sound that may be heard. */
  readonly seconds?: number | undefined;
  /** Longest time of the connection, seconds. Default 1,800. */
  readonly sessionSeconds?: number | undefined;
}

/** Whom a ticket is for, and what it is good for. */
export interface TicketGrant {
  /** The game's own name of the player, up to 128 characters; budgets count by it. It appears in no log. */
  readonly user: string;
  readonly scopes: Scopes;
}

/** The operator's own check does not want this one to have a ticket. */
export interface TicketRefusal {
  /** HTTP status, 400 to 599. Default 401. */
  readonly status?: number;
  /** One line that the client is told. */
  readonly refusal: string;
}

const NAMES = v.optional(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(128))));
const COUNT = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)));

const SCOPES = v.strictObject({
  freeText: v.optional(v.boolean()),
  lines: NAMES,
  voices: NAMES,
  characters: COUNT,
  seconds: COUNT,
  sessionSeconds: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0), v.maxValue(86_400))),
});

const GRANT = v.strictObject({
  user: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  scopes: v.optional(SCOPES, {}),
});

/** Checks what an operator's hook, or a ticket, says. Throws {@link InputError} that names the field. */
export function readGrant(what: string, given: unknown): TicketGrant {
  const { success, output, issues } = v.safeParse(GRANT, given);
  if (success) return output;
  const [issue] = issues;
  const path = v.getDotPath(issue);
  const { key } = issue.path?.at(-1) ?? {};
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const fields = path?.startsWith('scopes') ? Object.keys(SCOPES.entries) : Object.keys(GRANT.entries);
    throw new InputError(what, `fields that there are (${fields.join(', ')})`, `"${String(key)}"`);
  }
  throw new InputError(path ? `${what}, ${path}` : what, expectedOf(issue), issue.received);
}

function expectedOf({ type, requirement, expected }: v.InferIssue<typeof GRANT>): string {
  if (type === 'min_length') return `${String(requirement)} character or more`;
  if (type === 'max_length') return `up to ${String(requirement)} characters`;
  if (type === 'min_value') return `${String(requirement)} or more`;
  if (type === 'gt_value') return `more than ${String(requirement)}`;
  if (type === 'max_value') return `up to ${String(requirement)}`;
  return type === 'strict_object' ? 'a value' : (expected ?? 'another value');
}
