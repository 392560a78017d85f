/** A voice source that speaks what a test tells it, when it tells it. */
import { SpeechError } from '../../src/speech/errors.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';

/** One request that came. */
export interface Performance {
  readonly request: SpeechRequest;
  readonly aborted: boolean;
  give(...parts: SpeechPart[]): void;
  fail(error: Error): void;
}

export interface LedVoices extends VoiceSource {
  /** All requests so far. */
  readonly performances: readonly Performance[];
  /** The nth, from 0, once it is there. */
  nth(index: number): Promise<Performance>;
}

export function ledVoices(): LedVoices {
  const performances: Performance[] = [];
  const waiting = new Set<() => void>();

  async function* speak(request: SpeechRequest, signal: AbortSignal) {
    const queue: (SpeechPart | Error)[] = [];
    let wake = () => {};
    const put = (...items: (SpeechPart | Error)[]) => {
      queue.push(...items);
      wake();
    };
    const performance: Performance = {
      request,
      get aborted() {
        return signal.aborted;
      },
      give: put,
      fail: put,
    };
    signal.addEventListener('abort', () => put(SpeechError.aborted()), { once: true });
    performances.push(performance);
    for (const told of [...waiting]) told();
    for (;;) {
      if (signal.aborted) throw SpeechError.aborted();
      const next = queue.shift();
      if (next instanceof Error) throw next;
      if (next) yield next;
      if (next?.type === 'end') return;
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    name: 'led',
    home: 'both',
    timing: { origin: 'service', confidence: 1 },
    speak,
    dispose: () => {},
    performances,
    nth(index) {
      return new Promise((resolve) => {
        const look = () => {
          const there = performances[index];
          if (!there) return;
          waiting.delete(look);
          resolve(there);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** A run of `count` samples that count up from `from`: each tells its place. */
export function counted(from: number, count: number, sampleRate = 24_000): SpeechPart {
  const samples = Int16Array.from({ length: count }, (_, index) => (from + index) % 30_000);
  return { type: 'audio', samples, sampleRate };
}
