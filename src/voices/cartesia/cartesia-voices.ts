import { checkText } from '../../speech/check-text.ts';
import { UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import type { TokenSource } from '../session/access.ts';
import { speakOnContext } from '../session/context-line.ts';
import { guardedAccess } from '../session/page-guard.ts';
import { Session } from '../session/session.ts';
import { SharedKeeper } from '../session/shared-keeper.ts';
import { type SharedLine, SharedSession } from '../session/shared-session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, type Timeouts } from '../session/socket-line.ts';
import { CartesiaLine } from './cartesia-line.ts';
import { type CartesiaMessage, readCartesiaMessage } from './cartesia-message.ts';
import {
  CARTESIA_RATES,
  CARTESIA_URL,
  CARTESIA_VERSION,
  type CartesiaVoiceOptions,
  cartesiaAsks,
  IDLE_SECONDS,
} from './cartesia-request.ts';

export interface CartesiaOptions extends CartesiaVoiceOptions {
  /** Address of the service, or of anything that speaks the same protocol. Default: {@link CARTESIA_URL}. */
  readonly url?: string | undefined;
  /** The service's key, unless `url` has it as `?api_key=`. Only for Node. */
  readonly apiKey?: string | undefined;
  /** Where the key goes: into the header `Authorization`, which pages cannot send, or into the query. Default: header. */
  readonly keyIn?: 'header' | 'query';
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** For pages: asks your own server for an access token with the grant `tts`, at each opening. It goes into the query. */
  readonly token?: TokenSource | undefined;
  /** Rate of the audio, Hz: 8,000, 16,000, 22,050, 24,000, 44,100 or 48,000. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /** Makes the sockets. Default: the platform's own, which sends no headers; in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines, each good for any number at a time. Default 1. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/** What the service's times of sounds are worth: made with the sound, and they are sounds. */
const SOUNDS = { origin: 'service', confidence: 0.95 } as const;

/** What letters spread over its times of words are worth: words are where they belong, the sounds in them about. */
const WORDS = { origin: 'words', confidence: 0.5 } as const;

/** An idle socket is not trusted to its last seconds, in which the service may be closing it. */
const IDLE_MARGIN = 10;

/**
 * Speaks through Cartesia, which tells when each sound and each word is spoken. All lines share a socket; a line is
 * cancelled by a message, after which the service may speak a few more clauses, which are dropped. A model or language
 * without sounds has its mouth made of words.
 *
 * The service speaks as many lines at a time as the account may have and refuses others with `refused` of kind `busy`:
 * `poolVoices` makes them wait instead.
 * Throws {@link InputError} for an address that is none, a rate that the service does not have, and in a page that holds
 * a key, or has neither key nor token for the service's own address.
 */
export function cartesiaVoices(options: CartesiaOptions = {}): VoiceSource {
  const { url = CARTESIA_URL, openSocket = openWebSocket } = options;
  const { token, keyIn = 'header', phonemes = true } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, CARTESIA_RATES);
  const access = guardedAccess(
    {
      url: withVersion(url),
      keyPlace: keyIn === 'header' ? { header: 'Authorization', scheme: 'Bearer' } : { query: 'api_key' },
      key: options.apiKey,
      tokenPlace: { query: 'access_token' },
      token,
    },
    {
      maker: 'cartesiaVoices',
      source: 'cartesia',
      domains: ['cartesia.ai'],
      options,
      grant: 'an access token',
    },
  );
  const { where } = access;
  const timeouts = fullTimeouts(options.timeouts);
  const connect = async (signal: AbortSignal) => {
    const session = await Session.connect(access, openSocket, timeouts.connect, signal);
    return new SharedSession(session, { read: readCartesiaMessage });
  };
  const keeper = new SharedKeeper<CartesiaMessage>(connect, {
    idleSeconds: IDLE_SECONDS - IDLE_MARGIN,
    kept: options.keptSockets,
  });

  return {
    name: 'cartesia',
    home: 'both',
    timing: phonemes ? SOUNDS : WORDS,
    traits: {
      gives: phonemes ? ['phones', 'words'] : ['words'],
      timesFrom: 'context',
      textIn: 'streaming',
      cancel: 'message',
      sampleRates,
    },
    // No document says whether times come before or after their sound.
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    async *speak(request, signal) {
      const { text } = request;
      checkText(text);
      cartesiaAsks(request, options, sampleRate, ''); // Before any socket is opened.
      const talk = ({ context, session: { endpoint } }: SharedLine<CartesiaMessage>) => {
        const asks = cartesiaAsks(request, options, sampleRate, context);
        return new CartesiaLine(text, sampleRate, endpoint, asks);
      };
      yield* speakOnContext({ keeper, where, timeouts, talk }, signal);
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** The address with the form of the protocol, unless it has its own say. */
function withVersion(url: string): string {
  if (!URL.canParse(url)) return url; // Endpoint tells what is wrong with it.
  const address = new URL(url);
  if (!address.searchParams.has('cartesia_version'))
    address.searchParams.set('cartesia_version', CARTESIA_VERSION);
  return address.href;
}
