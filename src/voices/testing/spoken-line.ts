import type { Cue, WordMark } from '../../speech/cue.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { joinSamples } from '../../speech/samples.ts';
import { ConformanceError } from './conformance-error.ts';

/** A line as a reader got it. */
export interface SpokenLine {
  /** All parts in order. */
  readonly parts: readonly SpeechPart[];
  readonly samples: Int16Array;
  /** Of its first audio part, Hz; 0 where there was none. */
  readonly sampleRate: number;
  /** Of the sound, as the first audio part tells its rate. */
  readonly seconds: number;
  readonly cues: readonly Cue[];
  readonly words: readonly WordMark[];
  /** Whether iterating threw, and what. */
  readonly failed: boolean;
  readonly error: unknown;
  /** From the first `next()` to the last answer, seconds. */
  readonly took: number;
}

/** How a line is read. */
export interface Reading {
  /** Longest time between two parts, seconds; more means that it hangs. Default 20. */
  readonly patience?: number | undefined;
  /** Called with each part before the next is asked for; `false` leaves the line. */
  readonly onPart?: (part: SpeechPart, heard: number) => unknown;
}

/**
 * Reads a line to its end, also past a part that says `end`. What it throws becomes part of the answer; a line that
 * neither ends nor fails is a {@link ConformanceError}.
 */
export async function readLine(
  line: AsyncIterable<SpeechPart>,
  { patience = 20, onPart }: Reading = {},
): Promise<SpokenLine> {
  const parts: SpeechPart[] = [];
  const begun = performance.now();
  let failed = false;
  let error: unknown;
  let heard = 0;
  const reader = line[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await soon(reader.next(), patience);
      if (done) break;
      parts.push(value);
      if (value.type === 'audio') heard += value.samples.length;
      if ((await onPart?.(value, heard)) === false) {
        await soon(Promise.resolve(reader.return?.()), patience);
        break;
      }
    }
  } catch (reason) {
    if (reason instanceof ConformanceError) throw reason;
    failed = true;
    error = reason;
  }
  return { ...contentOf(parts), failed, error, took: (performance.now() - begun) / 1000 };
}

function contentOf(parts: readonly SpeechPart[]) {
  const sound = parts.flatMap((part) => (part.type === 'audio' ? [part] : []));
  const samples = joinSamples(sound.map((part) => part.samples));
  const sampleRate = sound[0]?.sampleRate ?? 0;
  return {
    parts,
    samples,
    sampleRate,
    seconds: sampleRate > 0 ? samples.length / sampleRate : 0,
    cues: parts.flatMap((part) => (part.type === 'cues' ? part.cues : [])),
    words: parts.flatMap((part) => (part.type === 'words' ? part.words : [])),
  };
}

/** What `promise` gives, or a {@link ConformanceError} when it gives nothing within `seconds`. */
async function soon<T>(promise: Promise<T>, seconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new ConformanceError(
          `a part, the end or an error within ${seconds} s`,
          'nothing: the line hangs',
          'Every wait needs a time-out of its own (connect, first audio, stall), and whatever comes must either be understood, be passed over, or end the line with a SpeechError.',
        ),
      );
    }, seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
