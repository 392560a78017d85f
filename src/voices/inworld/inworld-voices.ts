import { checkText } from '../../speech/check-text.ts';
import { InputError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import type { TokenSource } from '../session/access.ts';
import { speakOnContext } from '../session/context-line.ts';
import { guardedAccess } from '../session/page-guard.ts';
import { Session } from '../session/session.ts';
import { SharedKeeper } from '../session/shared-keeper.ts';
import { SharedSession } from '../session/shared-session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, type Timeouts } from '../session/socket-line.ts';
import { standIns } from '../stand-ins.ts';
import { InworldLine } from './inworld-line.ts';
import { type InworldMessage, readInworldMessage } from './inworld-message.ts';

/** Where the service listens. */
export const INWORLD_URL = 'wss://api.inworld.ai/tts/v1/voice:streamBidirectional';

/** The voice of a request that names none. */
export const INWORLD_VOICE = 'Ashley';

/** Voices of the service that stand for the ten by which clients of a gateway ask. */
export const INWORLD_STAND_INS = standIns(
  [INWORLD_VOICE, 'Olivia', 'Sarah', 'Wendy', 'Julia'],
  ['Dennis', 'Alex', 'Edward', 'Mark', 'Ronald'],
);

const MODEL = 'inworld-tts-1.5-max';

/** Rates at which the service sends raw sound, Hz. */
const RATES = [24_000, 8_000, 16_000, 22_050, 32_000, 44_100, 48_000] as const;

/** Slowest and fastest rate of speaking that the service takes. */
const SLOWEST = 0.5;
const FASTEST = 1.5;

/** Contexts that a socket takes at a time, as documented; an account has twenty sockets. */
const CONTEXTS = 5;

/** What its times are worth: the model's own, aligned with its sound. */
const CONFIDENCE = 0.9;

export interface InworldOptions {
  /** Address of the service, or of anything that speaks the same protocol. Default: {@link INWORLD_URL}. */
  readonly url?: string | undefined;
  /** The service's key (Base64, as its portal gives it), unless `url` has it as `?api_key=`. Not in a page. */
  readonly apiKey?: string | undefined;
  /**
   * For pages: asks your own server for a short-lived JWT, at each opening of a socket. It goes with the subprotocols, as
   * clients of the service do it.
   */
  readonly token?: TokenSource | undefined;
  /** Accepts a key in a page, where it goes into the query: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** The service's model. Default `inworld-tts-1.5-max`. */
  readonly model?: string | undefined;
  /** How freely the model speaks, above 0 to 2. Default: the service's own. */
  readonly temperature?: number | undefined;
  /** Rate of the audio, Hz: 8,000, 16,000, 22,050, 24,000, 32,000, 44,100 or 48,000. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /** Makes the sockets; with a key it must send headers: in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines, each good for five at a time. Default 1. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/**
 * Speaks through Inworld, which tells sounds and words in time: five lines at a time on a socket, told apart by their
 * contexts; a line is cancelled by closing its context. Where the service tells no sounds (its alignment knows English
 * and Spanish), the visemes that it hears in the sound are taken, else letters of its words.
 *
 * Throws {@link InputError} for an address that is none, a rate that the service does not have, and in a page that holds
 * a key or asks the service itself without a token.
 */
export function inworldVoices(options: InworldOptions = {}): VoiceSource {
  const { url = INWORLD_URL, openSocket = openWebSocket, token } = options;
  const { model = MODEL, temperature, allowKeyInPage = false } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, RATES);
  const access = guardedAccess(
    {
      url,
      keyPlace: allowKeyInPage
        ? { query: 'authorization', scheme: 'Basic' }
        : { header: 'Authorization', scheme: 'Basic' },
      key: options.apiKey,
      token,
      tokenPlace: { protocols: (given) => [`bearer_${given}`] },
    },
    { maker: 'inworldVoices', source: 'inworld', domains: ['inworld.ai'], options, grant: 'a JWT' },
  );
  const { where } = access;
  const timeouts = fullTimeouts(options.timeouts);
  const protocol = { read: readInworldMessage, places: CONTEXTS };
  const keeper = new SharedKeeper<InworldMessage>(
    async (signal) =>
      new SharedSession(await Session.connect(access, openSocket, timeouts.connect, signal), protocol),
    { kept: options.keptSockets },
  );

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { text, voice = INWORLD_VOICE, speed = 1 } = request;
    checkText(text);
    if (!(speed >= SLOWEST && speed <= FASTEST)) {
      throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for Inworld`, String(speed));
    }
    const manner = { model, voice, sampleRate, temperature };
    yield* speakOnContext(
      { keeper, where, timeouts, talk: (line) => new InworldLine(request, manner, line) },
      signal,
    );
  }

  return {
    name: 'inworld',
    home: 'both',
    timing: { origin: 'service', confidence: CONFIDENCE },
    traits: {
      gives: ['phones', 'words'],
      timesFrom: 'context',
      textIn: 'streaming',
      cancel: 'message',
      sampleRates,
    },
    // Times come with their sound; a word at the end of a chunk may be told again with the next.
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    speak,
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}
