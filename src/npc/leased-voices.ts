import type { Leases } from '../director/leases.ts';
import { SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { wrappedSource } from '../speech/wrapped-source.ts';

/**
 * The same source, asked for no more lines at once than there are leases; the others wait. `ahead`: its lines are
 * asked for ahead of their turn, until their request is lifted.
 */
export function leasedVoices(source: VoiceSource, leases: Leases, ahead: boolean): VoiceSource {
  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart> {
    const { priority = 0 } = request;
    if (!(await leases.take({ key: request, priority, ahead }, signal))) throw SpeechError.aborted();
    try {
      yield* source.speak(request, signal);
    } finally {
      leases.giveBack();
    }
  }
  return wrappedSource(source, speak);
}
