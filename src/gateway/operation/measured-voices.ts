import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../speech/source.ts';
import { wrappedSource } from '../../speech/wrapped-source.ts';
import type { GatewayMetrics } from './metrics.ts';

/** Lines that are asked of the source now, and whether there may be more. */
export class Lines {
  active = 0;
  /** Set while the gateway ends: lines under way go on, new ones are refused. */
  ending = false;
}

/** A source whose lines are counted and timed, and whose errors show no secret. It disposes of nothing. */
export function measuredVoices(
  source: VoiceSource,
  lines: Lines,
  metrics: () => GatewayMetrics,
  hide: (text: string) => string,
): VoiceSource {
  const { name } = source;

  async function* speak(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    if (lines.ending) throw endingError();
    const asked = performance.now();
    let sounded = false;
    lines.active++;
    try {
      for await (const part of source.speak(request, signal)) {
        if (part.type === 'audio') {
          if (!sounded) metrics().firstAudio(name, (performance.now() - asked) / 1_000);
          sounded = true;
          metrics().spoken(name, part.samples.length / part.sampleRate);
        }
        yield part;
      }
    } catch (error) {
      const code = error instanceof SpeechError ? error.code : 'fault';
      if (code !== 'aborted') metrics().failure(name, code);
      throw error instanceof SpeechError ? error.reworded(hide) : error;
    } finally {
      lines.active--;
    }
  }

  return wrappedSource(source, speak, () => {}); // It stays its owner's.
}

/** What a line is told that comes while the gateway ends. */
export function endingError(): SpeechError {
  return SpeechError.refused('The gateway', 'it is ending; ask again on a new connection.', 'busy', 1);
}
