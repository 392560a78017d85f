import type { VoiceSource } from '../../src/speech/source.ts';
import { FliteSynth } from '../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../src/synth/flite/node-flite.ts';
import { speakSentences, synthTraits } from '../../src/synth/sentences.ts';
import type { Synth, SynthRequest, Utterance } from '../../src/synth/synth.ts';

/** A synth that makes each sentence once, and gives copies of it from then on. */
export function rememberedSynth(synth: Synth): Synth {
  const made = new Map<string, Utterance>();
  return {
    voices: synth.voices,
    name: synth.name,
    script: synth.script,
    languages: synth.languages,
    nothing: synth.nothing,
    languageOf: (lang) => synth.languageOf(lang),
    async synthesize(request: SynthRequest, signal: AbortSignal): Promise<Utterance> {
      const name = JSON.stringify({ ...request, urgent: false });
      const utterance = made.get(name) ?? (await synth.synthesize(request, signal));
      made.set(name, utterance);
      return { ...utterance, samples: utterance.samples.slice() };
    },
    prepare: () => synth.prepare(),
    dispose: () => synth.dispose(),
  };
}

/** The voices of this machine, for services that say the same over and over. */
export function quickVoices(sampleRate: number): VoiceSource {
  const synth = rememberedSynth(new FliteSynth(nodeFlite(), {}));
  return {
    name: 'local',
    timing: { origin: 'service', confidence: 1 },
    home: 'node',
    traits: synthTraits(sampleRate),
    speak: (request, signal) => speakSentences({ synth, sampleRate }, request, signal),
    dispose: () => synth.dispose(),
  };
}
