import type { HelloMessage } from '../../protocol/client-messages.ts';
import {
  type GatewayMessage,
  readGatewayMessage,
  type WelcomeMessage,
} from '../../protocol/gateway-messages.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { Session } from '../session/session.ts';
import { toldError } from './gateway-parts.ts';

interface GreetingOptions {
  /** The address, for messages. */
  readonly where: string;
  /** For the gateway's welcome, seconds. */
  readonly welcomeSeconds: number;
  readonly signal: AbortSignal;
}

/** Says hello on a new connection; resolves with the welcome, and rejects with the `SpeechError` of anything else. */
export async function greet(
  session: Session,
  hello: HelloMessage,
  { where, welcomeSeconds, signal }: GreetingOptions,
): Promise<WelcomeMessage> {
  const stop = () => session.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw SpeechError.aborted();
    session.send(JSON.stringify(hello));
    const message = await session.receive(welcomeSeconds);
    if (message === undefined) throw SpeechError.connectTimeout(where, welcomeSeconds);
    const told = typeof message === 'string' ? readTold(message, session, where) : undefined;
    if (told?.type === 'error') throw toldError(told, where);
    if (told?.type !== 'welcome') throw SpeechError.protocol(where, 'a welcome', 'another message');
    return told;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A text message of the gateway; what it says of an error shows no secret. Throws `protocol` for what is none. */
export function readTold(text: string, { endpoint }: Session, where: string): GatewayMessage {
  try {
    const told = readGatewayMessage(text);
    return told.type === 'error' ? { ...told, message: endpoint.quote(told.message) } : told;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw SpeechError.protocol(where, 'a message of its protocol', error.message);
  }
}
