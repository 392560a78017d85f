import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { wrappedSource } from '../../speech/wrapped-source.ts';
import type { Admission } from './admission.ts';

/** A source as one who was admitted may use it: what is asked of it is checked and paid for, and what it fails to speak is given back. It disposes of nothing. */
export function admittedVoices(source: VoiceSource, admission: Admission): VoiceSource {
  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const refusal = admission.refusalOf({ voice: request.voice });
    if (refusal) throw refusal;
    const giveBack = await admission.pay([...request.text].length);
    let sounded = false;
    try {
      for await (const part of source.speak(request, signal)) {
        const spent =
          part.type === 'audio' ? admission.hear(part.samples.length / part.sampleRate) : undefined;
        if (spent) throw spent;
        sounded ||= part.type === 'audio';
        yield part;
      }
    } finally {
      if (!sounded && !signal.aborted) await giveBack();
    }
  }
  return wrappedSource(source, speak, () => {});
}
