import { checkText } from '../../speech/check-text.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { Endpoint } from '../session/endpoint.ts';
import { refuseInPage } from '../session/page-guard.ts';
import { type Message, Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Talk, type Timeouts } from '../session/socket-line.ts';
import { checkSpeed } from '../speed.ts';
import { lokutorError } from './lokutor-error.ts';
import { LETTER_LOOK_AHEAD, LETTER_TIMING, LokutorLine } from './lokutor-line.ts';
import { readLokutorMessage } from './lokutor-message.ts';

/** Where the service itself listens. */
export const LOKUTOR_URL = 'wss://api.lokutor.com/ws';

/** Rates of audio that are read, Hz. */
const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 48_000;

export interface LokutorOptions {
  /** Address of the service, of a gateway (`parley serve`), or of anything that speaks the same protocol. */
  readonly url: string;
  /**
   * The service's key, unless `url` has it as `?api_key=`. Only for Node: a page that holds a key gives it to everyone
   * who opens it, so a page connects to a gateway instead, without any key.
   */
  readonly apiKey?: string | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /**
   * Where the key goes: into the query, as the service documents, or into the header `X-API-Key`, which proxies log
   * less often and pages cannot send. Default: query.
   */
  readonly keyIn?: 'query' | 'header';
  /** Steps of synthesis, fewer are faster, more sound better: 3 to 10 make sense. Default: the service's own, 5. */
  readonly steps?: number;
  /** The service's model, such as `versa-1.0`. Default: the service's own. */
  readonly version?: string;
  /** Ask for mouth shapes. Without them lines have no cues and no words. Default: true. */
  readonly visemes?: boolean;
  /** Rate of the audio that the service sends, Hz. Default: 44,100, as documented; 8,000 to 48,000. */
  readonly sampleRate?: number;
  /** Makes the sockets. Default: the platform's own; Node before 22 has none and needs `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines. Default 2; a server keeps as many as its account has units. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/**
 * Speaks through the Lokutor protocol: one request at a time on a socket, so several lines at once use several.
 * Sockets are opened as lines need them and kept for the next; a line is cancelled by closing its socket.
 * A request without `speed` is spoken at 1; voice and language are left to the service.
 * Throws {@link InputError} for an address that is none, a rate that is not read, and for a key in a page.
 */
export function lokutorVoices(options: LokutorOptions): VoiceSource {
  const { visemes = true, sampleRate = 44_100, openSocket = openWebSocket, keyIn = 'query' } = options;
  if (!(Number.isInteger(sampleRate) && sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE)) {
    const expected = `a whole number from ${LOWEST_RATE} to ${HIGHEST_RATE} (Hz)`;
    throw new InputError('sampleRate', expected, String(sampleRate));
  }
  const place = keyIn === 'query' ? { query: 'api_key' } : { header: 'X-API-Key' };
  const endpoint = new Endpoint(options.url, place, options.apiKey);
  if (endpoint.secret && !options.allowKeyInPage) {
    refuseInPage(
      'lokutorVoices',
      'lokutor',
      'a key in a page, where everyone can read it',
      ', or allowKeyInPage: true',
    );
  }
  const timeouts = fullTimeouts(options.timeouts);
  const { where } = endpoint;
  const keeper = new SessionKeeper(
    (signal) => Session.connect(endpoint, openSocket, timeouts.connect, signal),
    { kept: options.keptSockets },
  );

  function speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const ask = wireRequest(request, visemes, options);
    const talk = (session: Session) => new LokutorTalk(ask, request.text, sampleRate, endpoint, session);
    return speakOnSocket({ keeper, where, timeouts, talk }, signal);
  }

  return {
    name: 'lokutor',
    home: 'both',
    timing: visemes ? LETTER_TIMING : { origin: 'service', confidence: 0 },
    traits: {
      gives: visemes ? ['characters'] : [],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates: [sampleRate],
    },
    ...(visemes && { lookAheadSeconds: LETTER_LOOK_AHEAD }),
    async *speak(request, signal) {
      checkText(request.text);
      checkSpeed(request.speed);
      yield* speak(request, signal);
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** One request and what it brings. */
class LokutorTalk implements Talk {
  readonly asks: readonly string[];
  readonly #line: LokutorLine;
  readonly #endpoint: Endpoint;
  readonly #session: Session;

  constructor(ask: string, text: string, sampleRate: number, endpoint: Endpoint, session: Session) {
    this.asks = [ask];
    this.#line = new LokutorLine(text, sampleRate, session.spokenSeconds);
    this.#endpoint = endpoint;
    this.#session = session;
  }

  read(frame: Message): readonly SpeechPart[] {
    const message = readLokutorMessage(frame);
    const { where } = this.#endpoint;
    switch (message.type) {
      case 'audio':
        return this.#line.audio(message.bytes);
      case 'letters':
        return this.#line.letters(message.letters);
      case 'end':
        if (this.#line.seconds === 0) throw SpeechError.empty(where);
        this.#session.spokenSeconds += this.#line.seconds;
        return [...this.#line.end(), { type: 'end' }];
      case 'error':
        throw lokutorError(message, this.#endpoint);
      case 'garbage': {
        const expected = 'audio, visemes, EOS or an error';
        throw SpeechError.protocol(where, expected, this.#endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }
}

/** The request as the protocol has it. What is left out takes the service's default. */
function wireRequest(
  { text, voice, lang, speed = 1 }: SpeechRequest,
  visemes: boolean,
  { steps, version }: LokutorOptions,
): string {
  return JSON.stringify({ text, voice, lang, speed, visemes, steps, version });
}
