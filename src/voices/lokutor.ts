import { InputError, SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { Endpoint } from './endpoint.ts';
import { LokutorLine } from './lokutor-line.ts';
import { readLokutorMessage } from './lokutor-message.ts';
import { Session } from './session.ts';
import { SessionKeeper } from './session-keeper.ts';
import { type OpenSocket, openWebSocket } from './socket.ts';

/** Where the service itself listens. */
export const LOKUTOR_URL = 'wss://api.lokutor.com/ws';

/** How long to wait for what, in seconds. */
export interface Timeouts {
  /** For the connection. Default: 5. */
  readonly connect?: number;
  /** From the request to the first audio. Default: 10, which leaves a busy service time to begin. */
  readonly firstAudio?: number;
  /**
   * Between two messages of a running line. Default: 5. Services send faster than the line is heard, so a gap this long
   * means that the stream is lost; waiting longer only keeps the player in silence.
   */
  readonly stall?: number;
}

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
  /** Ask for mouth shapes. Without them lines have no cues and no words. Default: true. */
  readonly visemes?: boolean;
  /** Rate of the audio that the service sends, Hz. Default: 44,100, as documented. */
  readonly sampleRate?: number;
  /** Makes the sockets. Default: the platform's own; Node before 22 has none and needs `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  readonly timeouts?: Timeouts;
}

/** What the service's letter times are worth: made with the sound, but letters tell less than sounds do. */
const CONFIDENCE = 0.8;

/**
 * Speaks through the Lokutor protocol: one request at a time on a socket, so several lines at once use several.
 * Sockets are opened as lines need them and kept for the next; a line is cancelled by closing its socket.
 * A request without `speed` is spoken at 1; voice and language are left to the service.
 * Throws {@link InputError} for an address that is none, and for a key in a page.
 */
export function lokutorVoices(options: LokutorOptions): VoiceSource {
  const { visemes = true, sampleRate = 44_100, openSocket = openWebSocket } = options;
  const { connect = 5, firstAudio = 10, stall = 5 } = options.timeouts ?? {};
  const endpoint = new Endpoint(options.url, 'api_key', options.apiKey);
  if (endpoint.secret && inPage() && !options.allowKeyInPage) {
    throw new InputError(
      'lokutorVoices',
      'a gateway (`parley serve --source lokutor`) that holds the key, or allowKeyInPage: true',
      'a key in a page, where everyone can read it',
    );
  }
  const keeper = new SessionKeeper((signal) => Session.connect(endpoint, openSocket, connect, signal));

  /** The parts of a line that has just been sent on `session`. */
  async function* receiveLine(session: Session, text: string): AsyncGenerator<SpeechPart, void> {
    const line = new LokutorLine(text, sampleRate, session.spokenSeconds);
    let patience = firstAudio;
    for (;;) {
      const asked = performance.now();
      const frame = await session.receive(patience);
      if (frame === undefined) {
        if (line.seconds > 0) throw SpeechError.stalled(endpoint.where, stall);
        throw SpeechError.firstAudioTimeout(endpoint.where, firstAudio);
      }
      patience -= (performance.now() - asked) / 1000;
      const message = readLokutorMessage(frame);
      switch (message.type) {
        case 'audio':
          yield* line.audio(message.bytes);
          patience = stall;
          break;
        case 'letters':
          yield* line.letters(message.letters);
          if (line.seconds > 0) patience = stall;
          break;
        case 'end':
          if (line.seconds === 0) throw SpeechError.empty(endpoint.where);
          yield* line.end();
          session.spokenSeconds += line.seconds;
          return;
        case 'error':
          throw SpeechError.refused(endpoint.where, endpoint.quote(message.reason));
        case 'garbage': {
          const expected = 'audio, visemes, EOS or an error';
          throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
        }
      }
    }
  }

  async function* speakOn(session: Session, request: SpeechRequest, signal: AbortSignal) {
    const cancel = () => session.close();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    let whole = false;
    try {
      session.send(wireRequest(request, visemes));
      yield* receiveLine(session, request.text);
      whole = true;
    } finally {
      signal.removeEventListener('abort', cancel);
      if (whole) {
        session.finish();
        keeper.giveBack(session);
      } else keeper.drop(session);
    }
  }

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void> {
    if (request.text.trim() === '') throw new InputError('Text', 'something to say', 'nothing');
    for (;;) {
      const { session, reused } = await keeper.take(signal);
      let heard = false;
      try {
        for await (const part of speakOn(session, request, signal)) {
          heard = true;
          yield part;
        }
        break;
      } catch (error) {
        // A kept socket may have been closed by the service a moment ago: nothing came, so another may be tried.
        const stale = reused && !heard && error instanceof SpeechError && error.code === 'closed-early';
        if (!stale) throw error;
      }
    }
    yield { type: 'end' };
  }

  return {
    name: 'lokutor',
    home: 'both',
    timing: { origin: 'service', confidence: visemes ? CONFIDENCE : 0 },
    speak,
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

/** The request as the protocol has it. What is left out takes the service's default. */
function wireRequest({ text, voice, lang, speed = 1 }: SpeechRequest, visemes: boolean): string {
  return JSON.stringify({ text, voice, lang, speed, visemes });
}

/** Whether this runs in a page or one of its workers. */
function inPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
}
