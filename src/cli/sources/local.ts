import type { VoiceSource } from '../../speech/source.ts';
import { espeakVoices } from '../../synth/espeak-voices.ts';
import { localVoices } from '../../synth/local-voices.ts';
import type { SynthOptions } from '../../synth/sentences.ts';
import { UsageError } from '../exit.ts';
import { withPatience } from '../patience.ts';
import type { SourceEntry } from './source-entry.ts';

export const local = onThisMachine('local', 'local voices', localVoices);
export const espeak = onThisMachine('espeak', 'espeak-ng', espeakVoices);

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
