import { checkText } from '../../speech/check-text.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { checkSpeed } from '../speed.ts';
import { standIns } from '../stand-ins.ts';
import { type GeminiAccessOptions, geminiAccess, geminiModel } from './gemini-access.ts';
import { GEMINI_RATE } from './gemini-message.ts';
import { GeminiTalk } from './gemini-talk.ts';

/** The voice of a request that names none. */
export const GEMINI_VOICE = 'Kore';

/** Voices of the service that stand for the ten by which clients of a gateway ask. */
export const GEMINI_STAND_INS = standIns(
  [GEMINI_VOICE, 'Aoede', 'Leda', 'Zephyr', 'Callirrhoe'],
  ['Puck', 'Charon', 'Fenrir', 'Orus', 'Enceladus'],
);

export interface GeminiOptions extends GeminiAccessOptions {
  /** How lines shall be said, in words, such as "Tired, and a little hoarse." Default: as the voice has it. */
  readonly manner?: string | undefined;
  /** Makes the sockets. Default: the platform's own; Node before 22 has none and needs `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  readonly timeouts?: Timeouts;
}

/**
 * Speaks a given text through Google's Gemini Live API: sound alone, so wrap it in `timedVoices` for the mouth. The model
 * is told to read the text as it is; it is made for answering, and nothing can make sure that it does not change a word.
 * Each line is a conversation of its own, since the model remembers, and waits until a turn has been heard: it has a
 * socket of its own, and is cancelled by closing it. There is no setting for the pace: the model is asked in words.
 *
 * Throws {@link InputError} for an address that is none, and in a page that holds a key or asks the service itself
 * without a token.
 */
export function geminiVoices(options: GeminiOptions = {}): VoiceSource {
  const { openSocket = openWebSocket, manner } = options;
  const access = geminiAccess('geminiVoices', options);
  const timeouts = fullTimeouts(options.timeouts);
  const { where } = access;
  const model = geminiModel(options.model);
  const keeper = new SessionKeeper((signal) => Session.connect(access, openSocket, timeouts.connect, signal));

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { text, voice = GEMINI_VOICE } = request;
    checkText(text);
    checkSpeed(request.speed);
    const talk = (session: Session) => new GeminiTalk(request, { model, voice, manner }, session);
    yield* speakOnSocket({ keeper, where, timeouts, talk }, signal);
  }

  return {
    name: 'gemini',
    home: 'both',
    timing: { origin: 'audio', confidence: 0 },
    traits: {
      gives: [],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates: [GEMINI_RATE],
    },
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    speak,
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}
