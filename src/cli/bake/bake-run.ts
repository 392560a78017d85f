import { SpeechError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';
import { speakTrack } from '../finished-track.ts';
import type { BakeLine } from './bake-line.ts';
import type { BakedFolder } from './baked-folder.ts';

/** How a run is told of. */
export interface BakeEvents {
  onSpoken(line: BakeLine, seconds: number): void;
  onFailed(line: BakeLine, error: SpeechError): void;
}

/** What became of the lines of a run. */
export interface BakeResult {
  readonly spoken: number;
  /** In the order in which they failed. */
  readonly failures: readonly SpeechError[];
  /** Lines that were not tried, since none of those before them could be spoken. */
  readonly left: number;
}

/** Lines in a row that fail before the others are let be: it is not the lines then. */
const HOPELESS = 3;

/**
 * Speaks lines into a folder, `jobs` at a time. One that fails leaves the others, unless it tells that none can be spoken:
 * a wrong key, a retired address, a service that stays busy, or several in a row. Throws what stands in the way of writing,
 * and `aborted`.
 */
export async function bakeInto(
  folder: BakedFolder,
  lines: readonly BakeLine[],
  source: VoiceSource,
  jobs: number,
  events: BakeEvents,
  signal: AbortSignal,
): Promise<BakeResult> {
  const waiting = [...lines];
  const failures: SpeechError[] = [];
  let spoken = 0;
  let failedInRow = 0;
  let hopeless = false;

  async function bake(line: BakeLine): Promise<void> {
    const { id, order, emotion, bakedFrom } = line;
    try {
      const track = await speakTrack(source, order, signal);
      await folder.put(id, track, { ...(emotion !== undefined && { emotion }), bakedFrom });
      failedInRow = 0;
      spoken++;
      events.onSpoken(line, track.duration);
    } catch (error) {
      if (!(error instanceof SpeechError) || signal.aborted) throw error;
      if (error.refusal !== 'request') failedInRow++;
      hopeless ||= failedInRow >= HOPELESS || isForAll(error);
      failures.push(error);
      events.onFailed(line, error);
    }
  }

  async function work(): Promise<void> {
    for (let line = waiting.shift(); line; line = hopeless ? undefined : waiting.shift()) await bake(line);
  }

  const workers = Array.from({ length: Math.min(jobs, lines.length) }, work);
  try {
    await Promise.all(workers);
  } finally {
    waiting.length = 0;
    await Promise.allSettled(workers);
    if (folder.ids.length > 0) await folder.save();
  }
  return { spoken, failures, left: lines.length - spoken - failures.length };
}

/** Whether a refusal would meet every other line too. */
function isForAll({ refusal }: SpeechError): boolean {
  return refusal === 'key' || refusal === 'retired' || refusal === 'busy';
}
