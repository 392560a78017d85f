import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { InputError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { askedRefusal, lightningBody, type Refusal } from '../refusal.ts';
import type { DialectRoute } from '../routes.ts';
import type { Account } from './account.ts';
import { serveLightning } from './lightning-dialect.ts';
import { serveLokutor } from './lokutor-dialect.ts';
import { LIGHTNING_VARIANTS, LOKUTOR_VARIANTS, readVariants, type VariantSettings } from './variants.ts';

/** What the dialects of a gateway have in common. */
export interface DialectSettings {
  readonly onError: (error: unknown) => void;
  readonly pingSeconds: number;
  readonly account: Account;
  readonly variants: VariantSettings;
  readonly voices: Readonly<Record<string, string>>;
}

/** Serves a connection with the source that its client may use. */
export type Speaker = (socket: WebSocket, source: VoiceSource) => void;

/** What serves a connection of this route, or why the emulated service does not take it. */
export function dialectSpeaker(
  route: DialectRoute,
  query: URLSearchParams,
  { headers }: IncomingMessage,
  { account, variants, voices, ...common }: DialectSettings,
): Speaker | Refusal {
  try {
    if (route.dialect === 'lokutor') {
      const chosen = readVariants(LOKUTOR_VARIANTS, query, variants);
      const status = statusOf(chosen.handshake, headers, query);
      if (status !== undefined) return askedRefusal(status, false);
      return (socket, source) => serveLokutor(socket, { ...common, source, variants: chosen });
    }
    const chosen = readVariants(LIGHTNING_VARIANTS, query, variants);
    const idleSeconds = idleSecondsOf(route, query);
    const status = statusOf(chosen.handshake, headers, query);
    if (status !== undefined) return askedRefusal(status, true);
    if (account.full) {
      const { units, mostSockets } = account;
      const reason = `too many connections: ${mostSockets} are allowed for ${units} concurrency unit${units > 1 ? 's' : ''}`;
      return { status: 429, reason, json: lightningBody(429, reason) };
    }
    const { version } = route;
    return (socket, source) =>
      serveLightning(socket, { ...common, source, version, account, voices, variants: chosen, idleSeconds });
  } catch (error) {
    if (error instanceof InputError) return { status: 400, reason: error.message };
    throw error;
  }
}

/** The status by which a handshake is to be refused; undefined where it is to be taken. */
function statusOf(
  choice: string,
  headers: IncomingMessage['headers'],
  query: URLSearchParams,
): number | undefined {
  if (choice === 'ok') return undefined;
  if (choice !== 'key') return Number(choice);
  const bearer = /^Bearer \S/.test(headers.authorization ?? '');
  return bearer || headers['x-api-key'] || query.get('api_key') || query.get('token') ? undefined : 401;
}

/** The idle time that a connection asks for by `timeout`, seconds. */
function idleSecondsOf(
  route: Extract<DialectRoute, { dialect: 'lightning' }>,
  query: URLSearchParams,
): number {
  const wanted = query.get('timeout');
  if (wanted === null) return route.idleSeconds;
  const seconds = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (seconds >= 1 && seconds <= route.longestIdleSeconds) return seconds;
  const most = route.longestIdleSeconds < Number.MAX_SAFE_INTEGER ? ` to ${route.longestIdleSeconds}` : '';
  throw new InputError('timeout', `a whole number of seconds from 1${most}`, JSON.stringify(wanted));
}
