import { checkText } from '../../speech/check-text.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import { Endpoint } from '../session/endpoint.ts';
import { isWithin, refuseInPage } from '../session/page-guard.ts';
import { type Message, Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Talk, type Timeouts } from '../session/socket-line.ts';
import {
  dialectOf,
  LIGHTNING_RATES,
  LIGHTNING_URL,
  type LightningVoiceOptions,
  lightningAsks,
} from './lightning-dialect.ts';
import { lightningError, withLightningCure } from './lightning-error.ts';
import { LightningLine } from './lightning-line.ts';
import { readLightningMessage } from './lightning-message.ts';

export { LIGHTNING_URL } from './lightning-dialect.ts';

export interface LightningOptions extends LightningVoiceOptions {
  /**
   * Address of the service, or of anything that speaks the same protocol. A path with `lightning-v2` in it is spoken to
   * in v2, any other in v3.1. Default: {@link LIGHTNING_URL}.
   */
  readonly url?: string | undefined;
  /** The service's key, unless `url` has it as `?api_key=`. It goes into the header `Authorization`. */
  readonly apiKey?: string | undefined;
  /** Rate of the audio, Hz: 8,000, 16,000, 24,000 or 44,100. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /**
   * Seconds for which the service shall keep an idle socket open, 1 to 60 (v2) or 3,600. Default: 60; an address with
   * `?timeout=` has its own say.
   */
  readonly idleSeconds?: number;
  /** Makes the sockets; it must send headers: in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines. Default 2; a server keeps as many as its account has units. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/** What letters spread over the service's word times are worth: words are where they belong, the sounds in them about. */
const CONFIDENCE = 0.5;

/** An idle socket is not trusted to its last second, in which the service may be closing it. */
const IDLE_MARGIN = 2;

/**
 * Speaks through Smallest.ai's Lightning: v2 as it was, and v3.1 as it is. One request at a time on a socket; a line
 * is cancelled by closing its socket. v3.1 tells the times of words for some voices in English and Hindi; without them,
 * and in v2, a line has sound alone.
 *
 * The service answers as many requests at a time as the account has units (1 by default) and refuses others with
 * `refused` of kind `busy`: `poolVoices` makes them wait instead. A line that asks a retired address is refused with kind
 * `retired`, and told which to use.
 * Throws {@link InputError} for an address that is none, a rate that the service does not have, and in a page that holds
 * a key or asks the service itself: the key goes into a header, which pages cannot send, and nobody should read it
 * there. A page may ask a gateway's address, which needs none.
 */
export function lightningVoices(options: LightningOptions = {}): VoiceSource {
  const { url = LIGHTNING_URL, openSocket = openWebSocket } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, LIGHTNING_RATES);
  const dialect = dialectOf(url);
  const place = { header: 'Authorization', scheme: 'Bearer' } as const;
  const { address, idleSeconds } = withIdle(url, options.idleSeconds ?? 60, dialect.longestIdle);
  const endpoint = new Endpoint(address, place, options.apiKey);
  if (endpoint.secret || (isWithin(url, 'smallest.ai') && !options.openSocket)) {
    const why = endpoint.secret
      ? 'a key in a page, where everyone can read it'
      : 'a page, which cannot send the header';
    refuseInPage('lightningVoices', 'lightning', why);
  }
  const timeouts = fullTimeouts(options.timeouts);
  const { where } = endpoint;
  const keeper = new SessionKeeper(
    (signal) => Session.connect(endpoint, openSocket, timeouts.connect, signal),
    { idleSeconds: Math.max(0, idleSeconds - IDLE_MARGIN), kept: options.keptSockets },
  );

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    checkText(request.text);
    const asks = lightningAsks(dialect, request, sampleRate, options);
    const talk = (session: Session) =>
      new LightningTalk(
        asks,
        new LightningLine(request.text, sampleRate, session.spokenSeconds),
        endpoint,
        session,
      );
    try {
      yield* speakOnSocket({ keeper, where, timeouts, talk }, signal);
    } catch (error) {
      throw error instanceof SpeechError ? withLightningCure(error, where) : error;
    }
  }

  return {
    name: 'lightning',
    home: 'both',
    timing: dialect.words ? { origin: 'words', confidence: CONFIDENCE } : { origin: 'audio', confidence: 0 },
    traits: {
      gives: dialect.words ? ['words'] : [],
      timesFrom: 'request',
      textIn: 'streaming',
      cancel: 'closing',
      sampleRates,
    },
    // Words may come after their sound, and most voices tell none.
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    speak,
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** The address with the idle time-out that is wanted, and the one that will hold. */
function withIdle(url: string, wanted: number, longest: number): { address: string; idleSeconds: number } {
  if (!(wanted >= 1 && wanted <= longest)) {
    throw new InputError('idleSeconds', `a number from 1 to ${longest}`, String(wanted));
  }
  if (!URL.canParse(url)) return { address: url, idleSeconds: wanted }; // Endpoint tells what is wrong with it.
  const address = new URL(url);
  const own = Number(address.searchParams.get('timeout') ?? Number.NaN);
  if (own > 0) return { address: url, idleSeconds: own };
  address.searchParams.set('timeout', String(Math.round(wanted)));
  return { address: address.href, idleSeconds: wanted };
}

/** One line and what it brings. */
class LightningTalk implements Talk {
  readonly asks: readonly string[];
  readonly #line: LightningLine;
  readonly #endpoint: Endpoint;
  readonly #session: Session;

  constructor(asks: readonly string[], line: LightningLine, endpoint: Endpoint, session: Session) {
    this.asks = asks;
    this.#line = line;
    this.#endpoint = endpoint;
    this.#session = session;
  }

  read(frame: Message): readonly SpeechPart[] {
    const message = readLightningMessage(frame);
    const { where } = this.#endpoint;
    switch (message.type) {
      case 'audio': {
        const parts = this.#line.audio(message.bytes, message.request);
        return message.last ? [...parts, ...this.#end()] : parts;
      }
      case 'word':
        return this.#line.word(message);
      case 'end':
        return this.#end();
      case 'error':
        throw lightningError(message, this.#endpoint);
      case 'idle':
        throw SpeechError.closedEarly(where, new Error(this.#endpoint.quote(message.reason)));
      case 'garbage': {
        const expected = 'JSON with a chunk, a word, the end or an error';
        throw SpeechError.protocol(where, expected, this.#endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #end(): SpeechPart[] {
    if (this.#line.seconds === 0) throw SpeechError.empty(this.#endpoint.where);
    this.#session.spokenSeconds += this.#line.seconds;
    return [...this.#line.end(), { type: 'end' }];
  }
}
