import { timedVoices } from '../lipsync/timing/timed-voices.ts';
import type { Lexicon } from '../speech/lexicon.ts';
import { markedVoices } from '../speech/marked-voices.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { espeakVoices } from '../synth/espeak-voices.ts';
import { localVoices } from '../synth/local-voices.ts';
import type { SynthOptions } from '../synth/sentences.ts';
import { LIGHTNING_URL, lightningVoices } from '../voices/lightning.ts';
import { dialectOf } from '../voices/lightning-dialect.ts';
import { LOKUTOR_URL, lokutorVoices } from '../voices/lokutor.ts';
import { openNodeSocket } from '../voices/node-socket.ts';
import { type PooledVoices, poolVoices } from '../voices/pool.ts';
import type { Timeouts } from '../voices/socket-line.ts';
import { UsageError } from './exit.ts';
import { numberOption } from './numbers.ts';
import { withPatience } from './patience.ts';

/** What a source may be told on the command line. Keys come only from the environment or the address. */
export interface SourceSettings {
  /** Address of the service. Default: the service's own. */
  readonly url?: string | undefined;
  /** The option that gives it, for messages. */
  readonly urlOption: '--url' | '--upstream';
  /** Longest wait for the connection, for the first audio, and between messages, seconds. */
  readonly timeout?: number | undefined;
  /** How words are said. */
  readonly lexicon?: Lexicon | undefined;
  /** Told of the pool in which lines wait for a service, where there is one. */
  readonly onPool?: (pool: PooledVoices) => void;
}

/** How a source is opened, and the voice that it speaks in when none is asked for. */
interface SourceEntry {
  open(settings: SourceSettings): VoiceSource;
  voiceAt(url: string | undefined): string;
  /** Whether it reads mark-up and the lexicon itself. */
  readonly readsMarkup?: boolean;
}

const SOURCES: Readonly<Record<string, SourceEntry>> = {
  local: onThisMachine('local', 'local voices', localVoices),
  espeak: onThisMachine('espeak', 'espeak-ng', espeakVoices),
  lokutor: {
    open: ({ url = LOKUTOR_URL, urlOption, timeout, onPool }) => {
      const source = lokutorVoices({
        url,
        apiKey: process.env.LOKUTOR_API_KEY,
        openSocket: openNodeSocket,
        ...timeoutsOf(timeout),
      });
      if (urlOption === '--url') return source;
      const pool = poolVoices({ services: [{ source, units: unitsOf('LOKUTOR_UNITS', 64) }] });
      onPool?.(pool);
      return pool;
    },
    voiceAt: () => 'F1',
  },
  lightning: {
    open: ({ url, urlOption, timeout, lexicon, onPool }) => {
      const { standIns } = dialectOf(url ?? LIGHTNING_URL);
      const units = unitsOf('SMALLEST_UNITS', 1);
      const source = lightningVoices({
        url,
        keptSockets: units,
        apiKey: process.env.SMALLEST_API_KEY,
        openSocket: openNodeSocket,
        ...timeoutsOf(timeout),
      });
      const request = (asked: SpeechRequest) => ({
        ...asked,
        voice: standIns[asked.voice ?? ''] ?? asked.voice,
      });
      const services = [{ source, units, request }];
      // A gateway is patient for its players; whoever waits at a terminal is told soon.
      const patience = urlOption === '--url' ? { retries: 0, maxWaitSeconds: timeout ?? SOON } : {};
      const pool = poolVoices({ services, ...patience });
      onPool?.(pool);
      return timedVoices(pool, { lexicon });
    },
    voiceAt: (url = LIGHTNING_URL) => dialectOf(url).voice,
  },
};

/** How long `parley say` waits for its turn where nothing else is said, seconds. */
const SOON = 8;

/**
 * Requests at a time that an account has, from the environment; else what the service gives to begin with, or more than
 * any has where nobody says.
 */
function unitsOf(variable: string, usual: number): number {
  return (
    numberOption(variable, process.env[variable] || undefined, { min: 1, max: 10_000, whole: true }) ?? usual
  );
}

/** A synth, which has no address. */
function onThisMachine(
  source: string,
  name: string,
  open: (options: SynthOptions) => VoiceSource,
): SourceEntry {
  return {
    open: ({ url, urlOption, timeout, lexicon }) => {
      if (url !== undefined) {
        throw new UsageError(
          `${urlOption}: the source "${source}" speaks on this machine and has no address.`,
        );
      }
      const voices = open({ lexicon });
      return timeout === undefined ? voices : withPatience(voices, name, timeout);
    },
    voiceAt: () => 'F1',
    readsMarkup: true,
  };
}

function timeoutsOf(seconds: number | undefined): { timeouts?: Timeouts } {
  return seconds === undefined ? {} : { timeouts: { connect: seconds, firstAudio: seconds, stall: seconds } };
}

/** Names that `--source` takes. */
export const SOURCE_NAMES = Object.keys(SOURCES);

/** Opens a voice source by its name. Throws {@link UsageError} for an unknown one, and for an address it has no use for. */
export function openSource(name: string, settings: SourceSettings): VoiceSource {
  const { open, readsMarkup = false } = entryOf(name);
  const source = open(settings);
  return readsMarkup ? source : markedVoices(source, { lexicon: settings.lexicon });
}

/** The voice in which a source speaks when none is asked for. Throws {@link UsageError} for an unknown source. */
export function defaultVoiceOf(name: string, url: string | undefined): string {
  return entryOf(name).voiceAt(url);
}

function entryOf(name: string): SourceEntry {
  const entry = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (!entry)
    throw new UsageError(`there is no source "${name}"; the sources are ${SOURCE_NAMES.join(', ')}.`);
  return entry;
}
