import type { VoiceSource } from '../speech/source.ts';
import { EspeakSynth } from './espeak/espeak-synth.ts';
import { espeakHere, nodeEspeak } from './espeak/node-espeak.ts';
import { FliteSynth } from './flite/flite-synth.ts';
import { nodeFlite } from './flite/node-flite.ts';
import { checkSynthOptions, type SynthOptions, speakSentences, synthTraits } from './sentences.ts';
import type { Synth } from './synth.ts';

export type { SynthOptions as LocalVoicesOptions } from './sentences.ts';

/**
 * Speech made on this machine, voices F1 to F5 and M1 to M5 (default F1), speed 0.5 to 2, no key and no network: English
 * by CMU Flite; other languages by eSpeak NG where its package is installed (see {@link espeakVoices}). A line comes
 * sentence by sentence: its words and cues first, then its sound in one part, since a sentence is made as a whole in a
 * few hundredths of its length.
 *
 * A line fails with SpeechError `refused` when its voice, language or speed is unknown or its text holds nothing
 * that can be said (white space, emoji, another script), `synthesis-failed` when the synth breaks down.
 * Throws {@link InputError} for options out of range.
 */
export function localVoices(options: SynthOptions = {}): VoiceSource {
  const sampleRate = checkSynthOptions(options);
  const { lexicon } = options;
  const flite = new FliteSynth(nodeFlite(), options);
  let espeak: Synth | undefined;
  const synthFor = (lang: string | undefined): Synth => {
    if (flite.languageOf(lang) !== undefined) return flite;
    if (!espeak && espeakHere()) espeak = new EspeakSynth(nodeEspeak(), options);
    return espeak ?? flite;
  };
  return {
    name: 'local',
    timing: { origin: 'service', confidence: 1 },
    home: 'node',
    traits: synthTraits(sampleRate),
    readsMarkup: true,
    speak: (request, signal) =>
      speakSentences({ synth: synthFor(request.lang), sampleRate, lexicon }, request, signal),
    prepare: () => flite.prepare(),
    dispose: () => {
      flite.dispose();
      espeak?.dispose();
    },
  };
}
