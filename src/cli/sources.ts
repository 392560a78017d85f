import type { VoiceSource } from '../speech/source.ts';
import { localVoices } from '../synth/local-voices.ts';
import { LOKUTOR_URL, lokutorVoices } from '../voices/lokutor.ts';
import { openNodeSocket } from '../voices/node-socket.ts';
import { UsageError } from './exit.ts';
import { withPatience } from './patience.ts';

/** What a source may be told on the command line. Keys come only from the environment or the address. */
export interface SourceSettings {
  /** Address of the service. Default: the service's own. */
  readonly url?: string | undefined;
  /** The option that gives it, for messages. */
  readonly urlOption: '--url' | '--upstream';
  /** Longest wait for the connection, for the first audio, and between messages, seconds. */
  readonly timeout?: number | undefined;
}

const SOURCES: Readonly<Record<string, (settings: SourceSettings) => VoiceSource>> = {
  local: ({ url, urlOption, timeout }) => {
    if (url !== undefined) {
      throw new UsageError(`${urlOption}: the source "local" speaks on this machine and has no address.`);
    }
    return timeout === undefined ? localVoices() : withPatience(localVoices(), 'local voices', timeout);
  },
  lokutor: ({ url = LOKUTOR_URL, timeout }) =>
    lokutorVoices({
      url,
      apiKey: process.env.LOKUTOR_API_KEY,
      openSocket: openNodeSocket,
      ...(timeout === undefined
        ? {}
        : { timeouts: { connect: timeout, firstAudio: timeout, stall: timeout } }),
    }),
};

/** Names that `--source` takes. */
export const SOURCE_NAMES = Object.keys(SOURCES);

/** Opens a voice source by its name. Throws {@link UsageError} for an unknown one, and for an address it has no use for. */
export function openSource(name: string, settings: SourceSettings): VoiceSource {
  const open = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (!open)
    throw new UsageError(`there is no source "${name}"; the sources are ${SOURCE_NAMES.join(', ')}.`);
  return open(settings);
}
