import { checkText } from '../../speech/check-text.ts';
import { InputError } from '../../speech/errors.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { Endpoint } from '../session/endpoint.ts';
import { Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { HEADTTS_RATE } from './headtts-line.ts';
import { readHeadTtsMessage } from './headtts-message.ts';
import { type HeadTtsSetup, HeadTtsTalk } from './headtts-talk.ts';

/** Where a HeadTTS server of one's own listens. */
export const HEADTTS_URL = 'ws://127.0.0.1:8882';

/** The voice of a request that names none: the server's own default. */
export const HEADTTS_VOICE = 'af_bella';

/** Voices of the model (Kokoro) that stand for the ten by which clients of a gateway ask. */
export const HEADTTS_STAND_INS: Readonly<Record<string, string>> = {
  F1: HEADTTS_VOICE,
  F2: 'af_heart',
  F3: 'af_nicole',
  F4: 'af_sarah',
  F5: 'bf_emma',
  M1: 'am_michael',
  M2: 'am_fenrir',
  M3: 'am_puck',
  M4: 'am_adam',
  M5: 'bm_george',
};

/** Slowest and fastest rate of speaking that the service takes. */
const SLOWEST = 0.25;
const FASTEST = 4;

/** A model that runs on a processor alone takes about as long as its sentence lasts, seconds. */
const PATIENCE = { firstAudio: 20, stall: 20 };

/** The server closes a socket on which it has heard nothing for 20 s; it is not trusted to the last two. */
const IDLE_SECONDS = 18;

/** What the service's times are worth: those of the synthesis itself, in steps of 25 ms. */
const CONFIDENCE = 0.95;

export interface HeadTtsOptions {
  /** Address of the server. Default: {@link HEADTTS_URL}. */
  readonly url?: string | undefined;
  /** Makes the sockets. Default: the platform's own; in Node before 22 `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines. Default 2. */
  readonly keptSockets?: number;
  /** Default: 5 s to connect, 20 s for the first sound and between parts. */
  readonly timeouts?: Timeouts;
}

/**
 * Speaks through HeadTTS, a free server for one's own machine that needs no key: visemes and words in time, sentence by
 * sentence, at most two asked for ahead. It knows English (`en`) and Finnish (`fi`). One line at a time on a socket; a
 * line is cancelled by closing its socket. Throws {@link InputError} for an address that is none.
 */
export function headTtsVoices(options: HeadTtsOptions = {}): VoiceSource {
  const { url = HEADTTS_URL, openSocket = openWebSocket } = options;
  const endpoint = new Endpoint(url, { header: 'Authorization', scheme: 'Bearer' });
  const timeouts = fullTimeouts({ ...PATIENCE, ...options.timeouts });
  const idle = (frame: string | Uint8Array) => readHeadTtsMessage(frame).type === 'other';
  const keeper = new SessionKeeper(
    (signal) => Session.connect(endpoint, openSocket, timeouts.connect, signal, idle),
    { idleSeconds: IDLE_SECONDS, kept: options.keptSockets },
  );
  const { where } = endpoint;
  return {
    name: 'headtts',
    home: 'both',
    timing: { origin: 'service', confidence: CONFIDENCE },
    traits: {
      gives: ['visemes', 'words'],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates: [HEADTTS_RATE],
    },
    async *speak(request, signal) {
      checkText(request.text);
      const setup = setupOf(request);
      const talk = (session: Session) => new HeadTtsTalk(request, setup, session);
      yield* speakOnSocket({ keeper, where, timeouts, talk }, signal);
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** A socket remembers what it was told, so all of it is told each time. */
function setupOf({ voice, lang, speed = 1 }: SpeechRequest): HeadTtsSetup {
  if (!(speed >= SLOWEST && speed <= FASTEST)) {
    throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for HeadTTS`, String(speed));
  }
  return { voice: voice ?? HEADTTS_VOICE, language: languageOf(lang), speed, audioEncoding: 'wav' };
}

/** The service's name of a language: it has one English. */
function languageOf(lang = 'en'): string {
  const [language = ''] = lang.toLowerCase().split(/[-_]/);
  return language === 'en' ? 'en-us' : language;
}
