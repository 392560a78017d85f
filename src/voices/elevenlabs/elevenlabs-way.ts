import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { Access } from '../session/access.ts';
import { speakOnContext } from '../session/context-line.ts';
import type { Endpoint } from '../session/endpoint.ts';
import type { AddressKeeper } from '../session/keepers.ts';
import { type Message, Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { SharedKeeper } from '../session/shared-keeper.ts';
import { SharedSession } from '../session/shared-session.ts';
import type { OpenSocket } from '../session/socket.ts';
import { speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { ElevenLabsLine } from './elevenlabs-line.ts';
import { type ElevenLabsMessage, readElevenLabsMessage } from './elevenlabs-message.ts';
import { CONTEXTS, type ElevenLabsVoiceOptions, elevenLabsAsks, IDLE_SECONDS } from './elevenlabs-request.ts';

/** How lines of one voice and language go over its sockets. */
export interface Way extends AddressKeeper {
  speak(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechPart>;
  prepare(): void;
}

/** What all ways of a source have in common. */
export interface WayOptions {
  readonly openSocket: OpenSocket;
  readonly timeouts: Required<Timeouts>;
  readonly kept: number | undefined;
  readonly sampleRate: number;
  readonly settings: ElevenLabsVoiceOptions;
}

/** An idle socket is not trusted to its last seconds, in which the service may be closing it. */
const IDLE_MARGIN = 5;

/** Up to five lines at a time on each socket. */
export function sharedWay(access: Access, options: WayOptions): Way {
  const { openSocket, timeouts, kept } = options;
  const protocol = { read: readElevenLabsMessage, places: CONTEXTS };
  const connect = async (signal: AbortSignal) =>
    new SharedSession(await Session.connect(access, openSocket, timeouts.connect, signal), protocol);
  const keeper = new SharedKeeper<ElevenLabsMessage>(connect, {
    idleSeconds: IDLE_SECONDS - IDLE_MARGIN,
    kept,
  });
  return {
    speak: (request, signal) =>
      speakOnContext(
        {
          keeper,
          where: access.where,
          timeouts,
          talk: ({ context, session }) => lineOf(request, session.endpoint, options, context),
        },
        signal,
      ),
    get speaking() {
      return keeper.speaking;
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** One line on each socket, which the service closes after it. */
export function ownWay(access: Access, options: WayOptions): Way {
  const { openSocket, timeouts } = options;
  const keeper = new SessionKeeper(
    (signal) => Session.connect(access, openSocket, timeouts.connect, signal),
    {
      idleSeconds: IDLE_SECONDS - IDLE_MARGIN,
      kept: 1,
    },
  );
  return {
    speak: (request, signal) => {
      const talk = (session: Session) => {
        const line = lineOf(request, session.endpoint, options);
        const read = (frame: Message) => {
          const message = readElevenLabsMessage(frame);
          if (message.last) session.retire();
          return line.read(message);
        };
        return { asks: line.asks, read };
      };
      return speakOnSocket({ keeper, where: access.where, timeouts, talk }, signal);
    },
    get speaking() {
      return keeper.speaking;
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

function lineOf(
  request: SpeechRequest,
  endpoint: Endpoint,
  { sampleRate, settings }: WayOptions,
  context?: string,
): ElevenLabsLine {
  const asks = elevenLabsAsks(request, settings, endpoint.messageKey, context);
  return new ElevenLabsLine(request.text, sampleRate, endpoint, asks);
}
