import type { SpeechPart } from '../../src/speech/part.ts';
import type { VoiceSource } from '../../src/speech/source.ts';

/** A source that makes each line once and gives it from memory from then on: for services that speak it many times. */
export function rememberedVoices(source: VoiceSource): VoiceSource {
  const lines = new Map<string, readonly SpeechPart[]>();
  return {
    ...source,
    async *speak(request, signal) {
      const name = JSON.stringify(request);
      const known = lines.get(name);
      if (known) {
        for (const part of known) yield copyOf(part);
        return;
      }
      const parts: SpeechPart[] = [];
      for await (const part of source.speak(request, signal)) {
        parts.push(copyOf(part));
        yield part;
      }
      lines.set(name, parts);
    },
  };
}

/** Readers own the samples that they get. */
function copyOf(part: SpeechPart): SpeechPart {
  return part.type === 'audio' ? { ...part, samples: part.samples.slice() } : part;
}
