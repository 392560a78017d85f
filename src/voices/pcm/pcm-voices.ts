import { PCM_ENCODINGS, type PcmEncoding } from '../../pcm/encoding.ts';
import { checkText } from '../../speech/check-text.ts';
import { InputError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { Endpoint, type KeyPlace } from '../session/endpoint.ts';
import { refuseInPage } from '../session/page-guard.ts';
import { Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { checkSpeed } from '../speed.ts';
import type { PcmFormat } from './pcm-line.ts';
import { PcmTalk, tellingClose } from './pcm-socket.ts';
import { type ByteStream, fetchBytes, streamedParts } from './pcm-stream.ts';

/** Raw sound from a server, or from anything that gives bytes. One of `url` and `open` is given. */
export interface PcmVoicesOptions {
  /** Where the sound comes from: ws: or wss:, each line a message; or http: or https:, each line a request. */
  readonly url?: string | undefined;
  /** Opens the sound of a line, for what has no address or wants more than this source can say. */
  readonly open?: (request: SpeechRequest, signal: AbortSignal) => ByteStream | Promise<ByteStream>;
  /** Samples a second, 8,000 to 48,000; a WAV head at the front of the sound has its own say. */
  readonly sampleRate: number;
  /** Default `s16le`; a WAV head at the front has its own say. */
  readonly encoding?: PcmEncoding;
  /** Channels of a frame, mixed to one. Default 1. */
  readonly channels?: number;
  /**
   * What asks for a line: the message to a socket, or the body of a POST; undefined asks by GET.
   * Default: JSON of `text`, `voice`, `lang` and `speed`, as far as the request has them.
   */
  readonly ask?: (request: SpeechRequest) => string | undefined;
  /**
   * Sockets: the message in text that ends a line, or what tells it. The socket then serves the next line. Default: the
   * server closes the socket at the end of each line (with code 1000, or none).
   */
  readonly end?: string | ((message: string) => boolean);
  /** Sockets: why a message in text says that the line failed; undefined for one that does not. Default: none does. */
  readonly errorIn?: (message: string) => string | undefined;
  /** Only for Node. */
  readonly apiKey?: string | undefined;
  /** Where the key goes. Default: the header `Authorization`, after `Bearer`. */
  readonly keyPlace?: KeyPlace;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** Makes the sockets. Default: the platform's own, which sends no headers; in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines, where `end` is given. Default 2. */
  readonly keptSockets?: number;
  /** Only sockets have a time of their own for connecting. */
  readonly timeouts?: Timeouts;
  /** Default `pcm`. */
  readonly name?: string;
}

/**
 * Speaks by raw sound from a server of your own: a WebSocket, an HTTP answer, or any stream of bytes. Bytes may be torn
 * apart anywhere. Sound alone: wrap it in `timedVoices` for the mouth. A line is cancelled by closing what it comes by.
 * Throws {@link InputError} for an address that is none, a format that is not read, and for a key in a
 * page. A server that sends a request with a key elsewhere is not followed.
 */
export function pcmVoices(options: PcmVoicesOptions): VoiceSource {
  const format = formatOf(options);
  const way = wayOf(options, format);
  return {
    name: options.name ?? 'pcm',
    home: 'both',
    timing: { origin: 'audio', confidence: 0 },
    traits: {
      gives: [],
      timesFrom: 'stream',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates: [format.sampleRate],
    },
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    async *speak(request, signal) {
      checkText(request.text);
      checkSpeed(request.speed);
      yield* way.speak(request, signal);
    },
    prepare: () => way.prepare(),
    dispose: () => way.dispose(),
  };
}

/** How lines come. */
interface Way {
  speak(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechPart>;
  prepare(): void;
  dispose(): void;
}

function wayOf(options: PcmVoicesOptions, format: PcmFormat): Way {
  const { url, open } = options;
  if ((url === undefined) === (open === undefined)) {
    throw new InputError('pcmVoices', 'one of url and open', url === undefined ? 'neither' : 'both');
  }
  if (open) return streamWay(async (request, signal) => open(request, signal), 'the stream', format, options);
  const sockets = /^wss?:/i.test(url!);
  if (!sockets && !/^https?:/i.test(url!)) {
    throw new InputError('url', 'a ws:, wss:, http: or https: address', url === '' ? 'nothing' : 'another');
  }
  const { keyPlace = { header: 'Authorization', scheme: 'Bearer' }, apiKey } = options;
  const endpoint = new Endpoint(url!, keyPlace, apiKey, sockets ? 'ws' : 'http');
  if (endpoint.secret && !options.allowKeyInPage) {
    const why = 'a key in a page, where everyone can read it';
    refuseInPage('pcmVoices', 'pcm', why, ', or allowKeyInPage: true');
  }
  if (sockets) return socketWay(endpoint, format, options);
  const { ask = jsonAsk } = options;
  const fetched = (request: SpeechRequest, signal: AbortSignal): Promise<ByteStream> => {
    const body = ask(request);
    return fetchBytes(endpoint, { method: body === undefined ? 'GET' : 'POST', body }, signal);
  };
  return streamWay(fetched, endpoint.where, format, options);
}

function streamWay(
  open: (request: SpeechRequest, signal: AbortSignal) => Promise<ByteStream>,
  where: string,
  format: PcmFormat,
  options: PcmVoicesOptions,
): Way {
  const timeouts = fullTimeouts(options.timeouts);
  const disposed = new AbortController();
  return {
    speak: (request, signal) => {
      const either = AbortSignal.any([signal, disposed.signal]);
      return streamedParts((line) => open(request, line), format, where, timeouts, either);
    },
    prepare: () => {},
    dispose: () => disposed.abort(),
  };
}

function socketWay(endpoint: Endpoint, format: PcmFormat, options: PcmVoicesOptions): Way {
  const { ask = jsonAsk, end, errorIn = () => undefined, openSocket = openWebSocket } = options;
  const timeouts = fullTimeouts(options.timeouts);
  const opening = tellingClose(openSocket);
  const rules = { ends: typeof end === 'string' ? (message: string) => message === end : end, errorIn };
  // A server that greets, or tells how it is between lines, does no harm.
  const idle = (message: unknown) => typeof message === 'string';
  const keeper = new SessionKeeper(
    (signal) => Session.connect(endpoint, opening, timeouts.connect, signal, idle),
    { kept: options.keptSockets },
  );
  const { where } = endpoint;
  return {
    speak: (request, signal) => {
      const message = ask(request);
      if (message === undefined) throw new InputError('ask', 'a message for the socket', 'nothing');
      const talk = (session: Session) => new PcmTalk([message], format, session, rules);
      return speakOnSocket({ keeper, where, timeouts, talk }, signal);
    },
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}

function jsonAsk({ text, voice, lang, speed }: SpeechRequest): string {
  return JSON.stringify({ text, voice: voice || undefined, lang: lang || undefined, speed });
}

function formatOf({ sampleRate, encoding = 's16le', channels = 1 }: PcmVoicesOptions): PcmFormat {
  if (!(Number.isInteger(sampleRate) && sampleRate >= 8_000 && sampleRate <= 48_000)) {
    throw new InputError(
      'sampleRate',
      'a whole number from 8000 to 48000 (Hz)',
      typeof sampleRate === 'string' ? `"${sampleRate}"` : String(sampleRate),
    );
  }
  if (!PCM_ENCODINGS.includes(encoding)) {
    throw new InputError('encoding', `one of ${PCM_ENCODINGS.join(', ')}`, String(encoding));
  }
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 32)) {
    throw new InputError('channels', 'a whole number from 1 to 32', String(channels));
  }
  return { sampleRate, encoding, channels };
}
