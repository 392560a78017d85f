import { InputError, SpeechError } from '../../speech/errors.ts';
import { leadBack } from '../../speech/lead-back.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { chosenRate } from '../rates.ts';
import { refuseInPage } from '../session/page-guard.ts';
import { fullTimeouts, type Timeouts } from '../session/socket-line.ts';
import { type LoadedPolly, loadPolly } from './polly-client.ts';
import { type PollyManner, speakPiece } from './polly-piece.ts';
import {
  POLLY_ENGINES,
  POLLY_RATES,
  type PollyAsk,
  type PollyCredentials,
  type PollyEngine,
  pollyAsks,
} from './polly-request.ts';

export interface PollyOptions {
  /** The region of the account. Default: that of the surroundings (`AWS_REGION`, a profile). */
  readonly region?: string | undefined;
  /** Address of the service, or of anything that speaks its protocol. Default: that of the region. */
  readonly endpoint?: string | undefined;
  /** Default: what the vendor's own chain finds: `AWS_ACCESS_KEY_ID`, a profile, the machine's role. */
  readonly credentials?: PollyCredentials | undefined;
  /** How voices are made: `neural` (default), `standard`, `long-form`, or `generative`, of which no times are told. */
  readonly engine?: PollyEngine | undefined;
  /** Rate of the audio, Hz: 16,000 or 8,000. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** How words of the game are said. Default: as the service has it. */
  readonly lexicon?: Lexicon | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** What the service's own visemes are worth: made with the sound, in milliseconds. */
const TIMING = { origin: 'service', confidence: 0.9 } as const;

/**
 * Speaks through Amazon Polly, by the vendor's own client (`@aws-sdk/client-polly`, which the app installs). Sound and marks
 * are two requests, asked at once; visemes and words come before the sound. A text that is longer than the service takes (3,000
 * characters) is asked for in pieces of whole sentences, one after another. The generative engine tells no times: wrap it in
 * `timedVoices`.
 * Throws {@link InputError} in a page, which would have to hold the account's keys, and for a rate or an engine that the
 * service does not have. A line fails so where the client is not installed.
 */
export function pollyVoices(options: PollyOptions = {}): VoiceSource {
  refuseInPage('pollyVoices', 'polly', "a page, which would have to hold the account's keys");
  const { engine = POLLY_ENGINES[0]!, lexicon, endpoint } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, POLLY_RATES);
  if (!POLLY_ENGINES.includes(engine)) {
    throw new InputError('engine', `one of ${POLLY_ENGINES.join(', ')}`, String(engine));
  }
  if (endpoint !== undefined && !/^https?:\/\/[^\s@]+$/.test(endpoint)) {
    throw new InputError('endpoint', 'an http:// or https:// URL without user', 'something else');
  }
  const timeouts = fullTimeouts(options.timeouts);
  const marked = engine !== 'generative';
  const where = endpoint?.replace(/[?#].*$/s, '') ?? 'Amazon Polly';
  const disposed = new AbortController();
  let polly: Promise<LoadedPolly> | undefined;
  const load = () => {
    polly ??= loadPolly({
      region: options.region,
      endpoint,
      credentials: options.credentials,
    });
    return polly;
  };

  const manner = { where, timeouts, sampleRate, marked };
  async function* speak(request: SpeechRequest, caller: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { spoken, asks } = pollyAsks(request, { engine, sampleRate, lexicon });
    const polly = await load();
    const signal = AbortSignal.any([caller, disposed.signal]);
    yield* leadBack(speakAll(asks, polly, manner, signal), request.text, spoken);
  }

  return {
    name: 'polly',
    home: 'node',
    timing: marked ? TIMING : { origin: 'audio', confidence: 0 },
    traits: {
      gives: marked ? ['visemes', 'words'] : [],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'closing',
      sampleRates,
    },
    readsMarkup: true,
    speak,
    prepare: () => {
      load().catch(() => {}); // The line will tell.
    },
    dispose: () => {
      disposed.abort();
      void polly?.then(
        ({ client }) => client.destroy(),
        () => {},
      );
    },
  };
}

/** The pieces of a line, one after another. */
async function* speakAll(
  asks: readonly PollyAsk[],
  polly: LoadedPolly,
  manner: PollyManner,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  let samples = 0;
  for (const ask of asks) samples += yield* speakPiece(ask, samples, polly, manner, signal);
  if (samples === 0) throw SpeechError.empty(manner.where);
  yield { type: 'end' };
}
