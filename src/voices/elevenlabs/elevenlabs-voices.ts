import { checkText } from '../../speech/check-text.ts';
import { type SpeechRequest, UNTIMED_LOOK_AHEAD, type VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import type { Access, TokenSource } from '../session/access.ts';
import { AddressKeepers } from '../session/keepers.ts';
import { guardedAccess } from '../session/page-guard.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, type Timeouts } from '../session/socket-line.ts';
import {
  ELEVENLABS_MODEL,
  ELEVENLABS_RATES,
  ELEVENLABS_URL,
  type ElevenLabsVoiceOptions,
  elevenLabsAddress,
  elevenLabsAsks,
  sharesSocket,
} from './elevenlabs-request.ts';
import { ownWay, sharedWay } from './elevenlabs-way.ts';

export interface ElevenLabsOptions extends ElevenLabsVoiceOptions {
  /**
   * Address of the service without the path, or of anything that speaks the same protocol. Default:
   * {@link ELEVENLABS_URL}.
   */
  readonly url?: string | undefined;
  /** The service's key, unless `url` has it as `?api_key=`. Only for Node. */
  readonly apiKey?: string | undefined;
  /**
   * Where the key goes: into the header `xi-api-key`, which pages cannot send, or into the first message of a line.
   * Default: header.
   */
  readonly keyIn?: 'header' | 'message';
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /**
   * For pages: asks your own server for a single-use token of type `tts_websocket`, once for each socket. It goes into the
   * query.
   */
  readonly token?: TokenSource | undefined;
  /** Rate of the audio, Hz: 8,000, 16,000, 22,050, 24,000 or 44,100. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /** Makes the sockets. Default: the platform's own, which sends no headers; in Node `openNodeSocket`. */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines of a voice, each good for five lines at a time. Default 1. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/** What the service's character times are worth: made with the sound, but letters tell less than sounds do. */
const CONFIDENCE = 0.8;

/**
 * Speaks through ElevenLabs, which tells when each character is spoken. A voice has its own sockets, each of which carries
 * up to five lines at a time; a line is cancelled by a message, and its place is free again when the service has said
 * so. `eleven_v3` has one line a socket, and is cancelled by closing it.
 *
 * A request without a voice is spoken by George, the voice of the service's own examples. Characters become words and a
 * mouth; for a finer one wrap the source in `timedVoices`.
 * Throws {@link InputError} for an address that is none, a rate that the service does not have, and in a page that holds
 * a key, or has neither key nor token for the service's own address.
 */
export function elevenLabsVoices(options: ElevenLabsOptions = {}): VoiceSource {
  const { url = ELEVENLABS_URL, openSocket = openWebSocket } = options;
  const { model = ELEVENLABS_MODEL, token, keyIn = 'header' } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, ELEVENLABS_RATES);
  const wayOptions = {
    openSocket,
    timeouts: fullTimeouts(options.timeouts),
    kept: options.keptSockets,
    sampleRate,
    settings: options,
  };
  const way = sharesSocket(model) ? sharedWay : ownWay;
  const ways = new AddressKeepers((address) => way(accessTo(address), wayOptions));
  const wayOf = (request: Partial<SpeechRequest>) =>
    ways.at(elevenLabsAddress(url, request, model, sampleRate));

  function accessTo(address: string): Access {
    return guardedAccess(
      {
        url: address,
        keyPlace: keyIn === 'header' ? { header: 'xi-api-key' } : { message: true },
        key: options.apiKey,
        tokenPlace: { query: 'single_use_token' },
        token,
      },
      {
        maker: 'elevenLabsVoices',
        source: 'elevenlabs',
        domains: ['elevenlabs.io'],
        options,
        grant: 'a single-use token',
      },
    );
  }
  accessTo(url); // What is wrong with it is told at once.

  return {
    name: 'elevenlabs',
    home: 'both',
    timing: { origin: 'service', confidence: CONFIDENCE },
    traits: {
      gives: ['characters'],
      timesFrom: 'chunk',
      textIn: 'streaming',
      cancel: sharesSocket(model) ? 'message' : 'closing',
      sampleRates,
    },
    // Characters come with their sound, but clients have seen sound without any, whose characters came before or after.
    lookAheadSeconds: UNTIMED_LOOK_AHEAD,
    async *speak(request, signal) {
      checkText(request.text);
      elevenLabsAsks(request, options, undefined);
      yield* wayOf(request).speak(request, signal);
    },
    prepare: () => wayOf({}).prepare(),
    dispose: () => ways.dispose(),
  };
}
