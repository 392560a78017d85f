import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { InputError } from '../../speech/errors.ts';
import { readGrant, type TicketGrant } from './scopes.ts';
import type { TicketKeys } from './ticket-keys.ts';

/** Longest time from the making of a ticket to the opening of its connection, seconds. */
export const MOST_OPEN_SECONDS = 60;

/** Clocks of machines may differ by so much, seconds. */
const SKEW_SECONDS = 5;

/** What a ticket is good for is told here, so that no other token of the same secret opens the gateway. */
const TYPE = 'parley-ticket+jwt';
const AUDIENCE = 'parley';

/** A ticket whose signature and times are right. Whether it was used before is not known yet. */
export interface Ticket extends TicketGrant {
  readonly id: string;
  /** How long its id is to be remembered, seconds. */
  readonly rememberSeconds: number;
}

/** Why a ticket opens nothing, in one line that shows nothing of it. */
export class TicketError extends Error {
  override readonly name = 'TicketError';
}

/** Signs a ticket that is good for `openSeconds`, 1 to 60. Throws `InputError` for a grant that is none. */
export async function signTicket(keys: TicketKeys, grant: TicketGrant, openSeconds: number): Promise<string> {
  const { user, scopes } = readGrant('A ticket', grant);
  checkOpenSeconds(openSeconds);
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ scopes })
    .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: keys.current.id })
    .setSubject(user)
    .setAudience(AUDIENCE)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + openSeconds)
    .sign(keys.current.secret);
}

export function checkOpenSeconds(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_OPEN_SECONDS) return;
  throw new InputError(
    'openSeconds of tickets',
    `a whole number from 1 to ${MOST_OPEN_SECONDS}`,
    `${seconds}`,
  );
}

/** Reads a ticket. Rejects with {@link TicketError} where it is forged, expired, or none. */
export async function readTicket(keys: TicketKeys, token: string): Promise<Ticket> {
  const { payload } = await jwtVerify(token, ({ kid }) => secretOf(keys, kid), {
    algorithms: ['HS256'],
    typ: TYPE,
    audience: AUDIENCE,
    clockTolerance: SKEW_SECONDS,
    requiredClaims: ['jti', 'sub', 'iat', 'exp'],
  }).catch((error: unknown) => {
    throw new TicketError(reasonOf(error));
  });
  const { jti = '', sub, iat = 0, exp = 0, scopes } = payload;
  const now = Date.now() / 1000;
  // Whoever signs elsewhere with the same secret is held to the same bounds.
  if (exp - iat > MOST_OPEN_SECONDS || iat > now + SKEW_SECONDS) throw new TicketError(TOO_LONG);
  if (!/^[\w-]{8,64}$/.test(jti)) throw new TicketError('the ticket has no id of 8 to 64 letters and digits');
  try {
    const rememberSeconds = Math.max(1, exp - now + 2 * SKEW_SECONDS);
    return { ...readGrant('The ticket', { user: sub, scopes }), id: jti, rememberSeconds };
  } catch (error) {
    throw new TicketError(error instanceof InputError ? error.message : 'the ticket cannot be read');
  }
}

const TOO_LONG = `the ticket is good for longer than ${MOST_OPEN_SECONDS} s, or begins later`;

function secretOf(keys: TicketKeys, id: string | undefined): Uint8Array {
  const secret = keys.secretOf(id);
  if (secret) return secret;
  throw new errors.JWSSignatureVerificationFailed();
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired)
    return 'the ticket has expired; fetch a new one for each connection';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the ticket was not signed by this gateway';
  if (error instanceof errors.JWTClaimValidationFailed) return 'the ticket was made for something else';
  return 'this is no ticket of this gateway';
}
