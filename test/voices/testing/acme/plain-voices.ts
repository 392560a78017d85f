import { InputError, SpeechError } from '../../../../src/speech/errors.ts';
import type { VoiceSource } from '../../../../src/speech/source.ts';

export function plainVoices(url: string): VoiceSource {
  return {
    name: 'plain',
    home: 'both',
    timing: { origin: 'audio', confidence: 0 },
    async *speak({ text }, signal) {
      if (text.trim() === '') throw new InputError('Text', 'something to say', 'nothing');
      try {
        const answer = await fetch(url, { method: 'POST', body: text, signal });
        if (!answer.ok) throw SpeechError.refused('The plain service', `HTTP ${answer.status}`);
        yield { type: 'audio', samples: new Int16Array(await answer.arrayBuffer()), sampleRate: 24_000 };
        yield { type: 'end' };
      } catch (error) {
        if (signal.aborted) throw SpeechError.aborted();
        throw error instanceof SpeechError ? error : SpeechError.connectFailed('The plain service', error);
      }
    },
    dispose() {},
  };
}
