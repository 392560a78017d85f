import { SpeechError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { wrappedSource } from '../../speech/wrapped-source.ts';
import { UsageError } from '../exit.ts';
import type { SourceEntry, SourceSettings } from './source-entry.ts';

/** Query fields in which an address brings a key of its own. */
const KEY_FIELD = /[?&]([\w-]+[_-](key|token)|token|ticket|authorization)=[^&]/i;

/** The variable that should hold the key and does not, where the address has none either. */
function missingKey({ key }: SourceEntry, url: string | undefined): string | undefined {
  return key && !process.env[key.variable] && !KEY_FIELD.test(url ?? '') ? key.variable : undefined;
}

/** Throws {@link UsageError} for a service that would be asked at its own address without the key that opens it. */
export function demandKey(name: string, entry: SourceEntry, { url, urlOption }: SourceSettings): void {
  const variable = missingKey(entry, url);
  if (!variable || url !== undefined || entry.key?.optional) return;
  throw new UsageError(
    `${variable} is not set: the source "${name}" needs the service's key there (${variable}=… parley …), or ${urlOption} with the address of a server that asks for none.`,
  );
}

/** The same source: where it is refused for want of a key, the failure says which variable is missing. */
export function withKeyHint(source: VoiceSource, entry: SourceEntry, { url }: SourceSettings): VoiceSource {
  const variable = missingKey(entry, url);
  if (!variable) return source;
  return wrappedSource(source, async function* speak(request, signal) {
    try {
      yield* source.speak(request, signal);
    } catch (error) {
      throw error instanceof SpeechError && error.refusal === 'key' ? hinted(error, variable) : error;
    }
  });
}

/** The reason stays as it was: a gateway passes it on to those who cannot set variables. */
function hinted({ code, message, reason }: SpeechError, variable: string): SpeechError {
  const told = `${message.replace(/[.\s]*$/, '.')} ${variable} is not set: put the key there.`;
  return SpeechError.told(code, told, { ...(reason !== undefined && { reason }), refusal: 'key' });
}
