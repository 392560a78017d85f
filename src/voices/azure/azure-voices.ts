import { checkText } from '../../speech/check-text.ts';
import { SpeechError } from '../../speech/errors.ts';
import { leadBack } from '../../speech/lead-back.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { parseMarkup } from '../../speech/markup.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import { chosenRate } from '../rates.ts';
import type { TokenSource } from '../session/access.ts';
import { guardedAccess } from '../session/page-guard.ts';
import { Session } from '../session/session.ts';
import { SessionKeeper } from '../session/session-keeper.ts';
import { type OpenSocket, openWebSocket } from '../session/socket.ts';
import { fullTimeouts, speakOnSocket, type Timeouts } from '../session/socket-line.ts';
import { withAzureCure } from './azure-error.ts';
import { AzureLine } from './azure-line.ts';
import { AZURE_DOMAINS, AZURE_RATES, AZURE_VOICE, azureUrl, synthesisContext } from './azure-request.ts';
import { ssmlOf } from './azure-ssml.ts';
import { AzureTalk } from './azure-talk.ts';
import type { AzureVisemeTable } from './azure-visemes.ts';

export interface AzureOptions {
  /** The region of the account, such as `westeurope`. Either this or `url` must be given. */
  readonly region?: string | undefined;
  /** Address of the service, or of anything that speaks the same protocol. Default: that of `region`. */
  readonly url?: string | undefined;
  /** The key of the account, unless `url` has it as `?api_key=`. Only for Node. */
  readonly apiKey?: string | undefined;
  /**
   * Gives a token that is valid for ten minutes, as the app's own server gets it from the service (`issueToken`). It is
   * asked for each time a socket is opened, and the way for pages.
   */
  readonly token?: TokenSource | undefined;
  /** Accepts a key in a page: for trying things out on your own machine. Default: false. */
  readonly allowKeyInPage?: boolean;
  /** Rate of the audio, Hz: 16,000, 24,000 or 48,000. Default 24,000. */
  readonly sampleRate?: number | undefined;
  /** How words of the game are said. Default: as the service has it. */
  readonly lexicon?: Lexicon | undefined;
  /**
   * Asks for the whole face, in 60 frames a second of ARKit's 52 shapes: faces that have those show them as they are,
   * others move by cues all the same. Some voices give none. Default: false.
   */
  readonly shapes?: boolean;
  /** What the service's viseme ids look like; ids that are left out are as in {@link AZURE_VISEMES}. */
  readonly visemes?: AzureVisemeTable | undefined;
  /**
   * Makes the sockets. Default: the platform's own, with key or token in the query, where it must stand in pages; with
   * `openNodeSocket` it goes into a header, which fewer logs show.
   */
  readonly openSocket?: OpenSocket;
  /** Idle sockets kept for the next lines. Default 2. */
  readonly keptSockets?: number;
  readonly timeouts?: Timeouts;
}

/** What the service's own visemes are worth: made with the sound; 22 of them tell less than its phones would. */
const TIMING = { origin: 'service', confidence: 0.9 } as const;

/** A viseme is told when it begins, and how long it lasts by the next: as much ahead keeps lips closed on long p b m. */
const VISEME_LOOK_AHEAD = 0.2;

/** An idle socket is closed by the service after minutes, which it does not tell; this is less. */
const IDLE_SECONDS = 120;

/**
 * Speaks through Azure Speech: visemes and words in time, mark-up and lexicon as SSML. One request at a time on a socket,
 * which stays open when a line is cancelled.
 * Throws {@link InputError} for a region or an address that is none, a rate that the service does not have, and in a page
 * that holds a key, or has neither key nor token for the service's own address.
 */
export function azureVoices(options: AzureOptions): VoiceSource {
  const { lexicon, shapes = false, openSocket = openWebSocket } = options;
  const { sampleRate, sampleRates } = chosenRate(options.sampleRate, AZURE_RATES);
  const { url = azureUrl(options.region ?? '') } = options;
  const header = options.openSocket !== undefined;
  const access = guardedAccess(
    {
      url,
      keyPlace: header ? { header: 'Ocp-Apim-Subscription-Key' } : { query: 'Ocp-Apim-Subscription-Key' },
      key: options.apiKey,
      tokenPlace: header
        ? { header: 'Authorization', scheme: 'Bearer' }
        : { query: 'Authorization', scheme: 'Bearer' },
      token: options.token,
    },
    { maker: 'azureVoices', source: 'azure', domains: AZURE_DOMAINS, options, grant: 'a token' },
  );
  const timeouts = fullTimeouts(options.timeouts);
  const { where } = access;
  const keeper = new SessionKeeper(
    (signal) => Session.connect(access, openSocket, timeouts.connect, signal),
    { idleSeconds: IDLE_SECONDS, kept: options.keptSockets },
  );
  const context = synthesisContext(sampleRate);
  /** Sockets on which the service knows who speaks. */
  const known = new WeakSet<Session>();

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const { voice = AZURE_VOICE, lang, speed } = request;
    checkText(request.text);
    const spoken = spokenText(parseMarkup(request.text), { lang, lexicon });
    checkText(spoken.text); // Of mark-up alone nothing is left.
    const ssml = ssmlOf(spoken, { voice, lang, speed, shapes });
    const talk = (session: Session) => {
      const line = new AzureLine(spoken.text, sampleRate, session.endpoint, options.visemes);
      const made = new AzureTalk(ssml, context, line, session, !known.has(session));
      known.add(session);
      return made;
    };
    try {
      yield* leadBack(speakOnSocket({ keeper, where, timeouts, talk }, signal), request.text, spoken);
    } catch (error) {
      throw error instanceof SpeechError ? withAzureCure(error, where) : error;
    }
  }

  return {
    name: 'azure',
    home: 'both',
    timing: TIMING,
    traits: {
      gives: ['visemes', 'words'],
      timesFrom: 'request',
      textIn: 'whole',
      cancel: 'message',
      sampleRates,
    },
    lookAheadSeconds: VISEME_LOOK_AHEAD,
    readsMarkup: true,
    speak,
    prepare: () => keeper.prepare(),
    dispose: () => keeper.dispose(),
  };
}
