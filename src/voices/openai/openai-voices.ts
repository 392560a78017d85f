import { checkText } from '../../speech/check-text.ts';
import { InputError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { SessionKeepers } from '../session/keepers.ts';
import { Session } from '../session/session.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { standIns } from '../stand-ins.ts';
import { type OpenAiAccessOptions, openAiAccess } from './openai-access.ts';
import { OPENAI_RATE, OpenAiTalk, openAiSmallTalk } from './openai-talk.ts';

/** The voice of a request that names none. */
export const OPENAI_VOICE = 'marin';

/** Voices of the service that stand for the ten by which clients of a gateway ask. */
export const OPENAI_STAND_INS = standIns(
  ['marin', 'coral', 'shimmer', 'sage', 'alloy'],
  ['cedar', 'ash', 'echo', 'verse', 'ballad'],
);

/** Slowest and fastest rate of speaking that the service takes. */
const SLOWEST = 0.25;
const FASTEST = 1.5;

export interface OpenAiOptions extends OpenAiAccessOptions {
  /** How lines shall be said, in words, such as "Tired, and a little hoarse." Default: as the voice has it. */
  readonly manner?: string | undefined;
  /** Makes the sockets; with a key it must send headers: in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines of each voice. Default 2. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/**
 * Speaks a given text through OpenAI's Realtime API: sound alone, so wrap it in `timedVoices` for the mouth. The model is
 * told to read the text as it is; it is made for answering, and nothing can make sure that it does not change a word. A
 * voice stays with its socket, so that each has sockets of its own; one line at a time on a socket. A line is
 * cancelled by a message, and the socket stays.
 *
 * Throws {@link InputError} for an address that is none, and in a page that holds a key or asks the service itself
 * without a token.
 */
export function openAiVoices(options: OpenAiOptions = {}): VoiceSource {
  const { openSocket = openWebSocket, manner } = options;
  const access = openAiAccess('openAiVoices', options);
  const timeouts = fullTimeouts(options.timeouts);
  const { where } = access;
  const keepers = new SessionKeepers(
    (_voice, signal) => Session.connect(access, openSocket, timeouts.connect, signal, openAiSmallTalk),
    { kept: options.keptSockets },
  );

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { text, voice = OPENAI_VOICE, speed = 1 } = request;
    checkText(text);
    if (!(speed >= SLOWEST && speed <= FASTEST)) {
      throw new InputError('speed', `a number from ${SLOWEST} to ${FASTEST} for OpenAI`, String(speed));
    }
    const talk = (session: Session) => new OpenAiTalk(request, { voice, manner }, session);
    yield* speakOnSocket({ keeper: keepers.at(voice), where, timeouts, talk }, signal);
  }

  return {
    name: 'openai',
    home: 'both',
    timing: { origin: 'audio', confidence: 0 },
    traits: {
      gives: [],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'message',
      sampleRates: [OPENAI_RATE],
    },
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    speak,
    prepare: () => keepers.at(OPENAI_VOICE).prepare(),
    dispose: () => keepers.dispose(),
  };
}
