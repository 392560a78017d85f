import { SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import type { VoiceSource } from '../speech/source.ts';

/**
 * The source, waited for no longer than `seconds` for the first part of a line, and then between two of them: a line
 * that takes longer is cancelled and fails with SpeechError `first-audio-timeout` or `stalled`, which names `where`.
 */
export function withPatience(source: VoiceSource, where: string, seconds: number): VoiceSource {
  const speak: VoiceSource['speak'] = async function* (request, signal): AsyncGenerator<SpeechPart, void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), seconds * 1000);
    let heard = false;
    try {
      for await (const part of source.speak(request, AbortSignal.any([signal, late.signal]))) {
        timer.refresh();
        heard = true;
        yield part;
      }
    } catch (error) {
      if (!late.signal.aborted || signal.aborted) throw error;
      throw heard ? SpeechError.stalled(where, seconds) : SpeechError.firstAudioTimeout(where, seconds);
    } finally {
      clearTimeout(timer);
    }
  };
  return { ...source, speak };
}
