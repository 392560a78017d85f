import { checkText } from '../../speech/check-text.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import type { TokenSource } from '../session/access.ts';
import type { KeyPlace } from '../session/endpoint.ts';
import { SessionKeepers } from '../session/keepers.ts';
import { guardedAccess } from '../session/page-guard.ts';
import { sleep } from '../session/pause.ts';
import { pauseSeconds } from '../session/seconds.ts';
import { type Message, Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { standIns } from '../stand-ins.ts';
import { FLUSH_WINDOW } from './deepgram-error.ts';
import { readDeepgramMessage } from './deepgram-message.ts';
import { DeepgramTalk, SocketPast } from './deepgram-talk.ts';

/** Where the service listens. */
export const DEEPGRAM_URL = 'wss://api.deepgram.com/v1/speak';

/** Rates at which the service sends raw sound, Hz. */
const RATES = [24_000, 8_000, 16_000, 44_100, 48_000] as const;

/** Slowest and fastest rate of speaking that the service takes. */
const SLOWEST = 0.7;
const FASTEST = 1.5;

/** How often one line waits because of too many flushes; told so once more, it fails as one that is refused. */
const MOST_PAUSES = 3;

/** The voice of a request that names none, by its language: a model of the service speaks one language. */
const VOICES: Readonly<Record<string, string>> = {
  en: 'aura-2-thalia-en',
  es: 'aura-2-celeste-es',
  de: 'aura-2-viktoria-de',
  fr: 'aura-2-agathe-fr',
  it: 'aura-2-cinzia-it',
  nl: 'aura-2-rhea-nl',
};

/** Voices of the service that stand for the ten by which clients of a gateway ask. */
export const DEEPGRAM_STAND_INS = standIns(
  ['thalia', 'helena', 'andromeda', 'asteria', 'luna'].map((name) => `aura-2-${name}-en`),
  ['orion', 'apollo', 'arcas', 'zeus', 'hermes'].map((name) => `aura-2-${name}-en`),
);

export interface DeepgramOptions {
  /** Address of the service, or of anything that speaks the same protocol. Default: {@link DEEPGRAM_URL}. */
  readonly url?: string | undefined;
  /** The service's key, unless `url` has it as `?api_key=`. It goes into the header `Authorization`. Not in a page. */
  readonly apiKey?: string | undefined;
  /**
   * For pages: asks your own server for a short-lived token (Deepgram's `/v1/auth/grant`), at each opening of a socket.
   * It goes with the subprotocols, as the service documents.
   */
  readonly token?: TokenSource | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** Rate of the audio, Hz: 8,000, 16,000, 24,000, 44,100 or 48,000. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /** Makes the sockets; with a key it must send headers: in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines of each voice. Default 2. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
  /** Wait after the service has said that there were too many flushes, seconds. Default 60, the time over which it counts. */
  readonly flushPauseSeconds?: number;
}

/**
 * Speaks through Deepgram's Aura: sound alone, so wrap it in `timedVoices` for the mouth. A voice is a model of the
 * service and belongs to the address, so that each has sockets of its own; one line at a time on a socket, the end of
 * which is the confirmation of its flush. A line is cancelled by `Clear`, and the socket stays. A socket is replaced
 * after 20 flushes in a minute; should the service take no more even so, the line waits, three times at most.
 *
 * Throws {@link InputError} for an address that is none, a rate that the service does not have, and in a page that holds
 * a key or asks the service itself without a token.
 */
export function deepgramVoices(options: DeepgramOptions = {}): VoiceSource {
  const { url = DEEPGRAM_URL, openSocket = openWebSocket, token } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, RATES);
  const keyPlace: KeyPlace = options.allowKeyInPage
    ? { protocols: (key) => ['token', key] }
    : { header: 'Authorization', scheme: 'Token' };
  const accessAt = (address: string) =>
    guardedAccess(
      {
        url: address,
        keyPlace,
        key: options.apiKey,
        token,
        tokenPlace: { protocols: (given) => ['bearer', given] },
      },
      {
        maker: 'deepgramVoices',
        source: 'deepgram',
        domains: ['deepgram.com'],
        options,
        grant: 'a short-lived token',
      },
    );
  const { where } = accessAt(url);
  const timeouts = fullTimeouts(options.timeouts);
  const pasts = new WeakMap<Session, SocketPast>();
  const keepers = new SessionKeepers(
    (address, signal) =>
      Session.connect(accessAt(address), openSocket, timeouts.connect, signal, saysNothing),
    { kept: options.keptSockets },
  );
  let pausedUntil = 0;
  const flushPause = pauseSeconds('flushPauseSeconds', options.flushPauseSeconds ?? FLUSH_WINDOW);
  const disposed = new AbortController();

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { text } = request;
    checkText(text);
    const keeper = keepers.at(addressOf(url, request, sampleRate, where));
    let talking: DeepgramTalk | undefined;
    const talk = (session: Session) => {
      const past = pasts.get(session) ?? new SocketPast();
      pasts.set(session, past);
      if (past.flush(performance.now() / 1000)) session.retire();
      talking = new DeepgramTalk(text, sampleRate, session, past);
      return talking;
    };
    const over = AbortSignal.any([signal, disposed.signal]);
    for (let pauses = 0; ; pauses++) {
      await sleep(pausedUntil - performance.now() / 1000, over);
      if (over.aborted) throw SpeechError.aborted();
      talking = undefined;
      try {
        yield* speakOnSocket({ keeper, where, timeouts, talk }, signal);
        return;
      } catch (error) {
        // Said before any sound of the line. (An assertion, as the compiler does not see `talk` set it.)
        const refused = (talking as DeepgramTalk | undefined)?.tooManyFlushes ?? false;
        if (!refused || over.aborted || pauses >= MOST_PAUSES) throw error;
        pausedUntil = performance.now() / 1000 + flushPause;
      }
    }
  }

  return {
    name: 'deepgram',
    home: 'both',
    timing: { origin: 'audio', confidence: 0 },
    traits: {
      gives: [],
      timesFrom: 'stream',
      textIn: 'streaming',
      cancel: 'message',
      sampleRates,
    },
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    speak,
    prepare: () => keepers.at(addressOf(url, { text: '' }, sampleRate, where)).prepare(),
    dispose: () => {
      disposed.abort();
      keepers.dispose();
    },
  };
}

/** The service tells who it is when a socket opens. */
function saysNothing(message: Message): boolean {
  return readDeepgramMessage(message).type === 'other';
}

/** The voice in which a language is spoken when none is named; undefined for one that the service does not speak. */
export function deepgramVoiceOf(lang = 'en'): string | undefined {
  const code = lang.toLowerCase().split('-')[0]!;
  return Object.hasOwn(VOICES, code) ? VOICES[code] : undefined;
}

/** The address at which a voice is asked for. What `url` says itself is left as it is. */
function addressOf(url: string, { voice, lang, speed }: SpeechRequest, rate: number, where: string): string {
  const address = new URL(url);
  const model = voice ?? address.searchParams.get('model') ?? deepgramVoiceOf(lang);
  if (model === undefined) {
    const reason = `no voice speaks ${lang}; name one, or use ${Object.keys(VOICES).join(', ')}`;
    throw SpeechError.refused(where, reason, 'request');
  }
  if (speed !== undefined && !(speed >= SLOWEST && speed <= FASTEST)) {
    throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for Deepgram`, String(speed));
  }
  address.searchParams.set('model', model);
  address.searchParams.set('encoding', 'linear16');
  address.searchParams.set('sample_rate', String(rate));
  if (speed !== undefined && speed !== 1) address.searchParams.set('speed', String(speed));
  return address.href;
}
