import { InputError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import { EspeakSynth } from './espeak/espeak-synth.ts';
import { espeakHere, nodeEspeak } from './espeak/node-espeak.ts';
import { ESPEAK_INSTALL, ESPEAK_PACKAGE } from './espeak/package.ts';
import { checkSynthOptions, type SynthOptions, speakSentences, synthTraits } from './sentences.ts';

/**
 * Speech made on this machine by eSpeak NG: some 130 languages (`lang`, a BCP 47 code; default English), voices F1 to F5
 * and M1 to M5 in each, speed 0.5 to 2, no key and no network. It needs the package `@echogarden/espeak-ng-emscripten`,
 * which is no dependency of this one: it is under the GPL, version 3 or later, and so is what you ship with it.
 *
 * A line fails as with {@link localVoices}. Throws {@link InputError} where the package is not installed, and for
 * options out of range.
 */
export function espeakVoices(options: SynthOptions = {}): VoiceSource {
  const sampleRate = checkSynthOptions(options);
  const { lexicon } = options;
  if (!espeakHere()) {
    throw new InputError(
      'espeak',
      `${ESPEAK_PACKAGE} to be installed; run ${ESPEAK_INSTALL}`,
      'no such package',
    );
  }
  const synth = new EspeakSynth(nodeEspeak(), options);
  return {
    name: 'espeak',
    timing: { origin: 'service', confidence: 1 },
    home: 'node',
    traits: synthTraits(sampleRate),
    readsMarkup: true,
    speak: (request, signal) => speakSentences({ synth, sampleRate, lexicon }, request, signal),
    prepare: () => synth.prepare(),
    dispose: () => synth.dispose(),
  };
}
