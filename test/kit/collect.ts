/** Reads what a voice source yields, for tests. */
import type { Cue, WordMark } from '../../src/speech/cue.ts';
import { ParleyError } from '../../src/speech/errors.ts';
import type { ShapesPart, SpeechPart } from '../../src/speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';

export interface Collected {
  readonly samples: number[];
  readonly cues: Cue[];
  readonly words: WordMark[];
  readonly shapes: ShapesPart[];
  readonly types: string[];
  /** Why the line failed, if it did. */
  readonly error: ParleyError | undefined;
}

/** All parts of a line, and the typed reason if it failed. Any other error is thrown on. */
export async function collect(parts: AsyncIterable<SpeechPart>): Promise<Collected> {
  const samples: number[] = [];
  const cues: Cue[] = [];
  const words: WordMark[] = [];
  const shapes: ShapesPart[] = [];
  const types: string[] = [];
  let error: ParleyError | undefined;
  try {
    for await (const part of parts) {
      types.push(part.type);
      if (part.type === 'audio') for (const sample of part.samples) samples.push(sample);
      if (part.type === 'cues') cues.push(...part.cues);
      if (part.type === 'words') words.push(...part.words);
      if (part.type === 'shapes') shapes.push(part);
    }
  } catch (reason) {
    if (!(reason instanceof ParleyError)) throw reason;
    error = reason;
  }
  return { samples, cues, words, shapes, types, error };
}

/** A line that a source speaks, as {@link collect} has it; a text alone leaves all else to the source. */
export function say(
  source: VoiceSource,
  request: string | SpeechRequest,
  signal = new AbortController().signal,
): Promise<Collected> {
  return collect(source.speak(typeof request === 'string' ? { text: request } : request, signal));
}
