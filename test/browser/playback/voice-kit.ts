import { READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import type { LineAudio } from '../../../src/playback/line-player.ts';
import type { VoicePlayer } from '../../../src/playback/voice-player.ts';
import { FADE_IN_SECONDS, FADE_OUT_SECONDS } from '../../../src/playback/worklet/line-renderer.ts';
import { CONTEXT_RATE, peak, steepest } from './offline.ts';

export const FADE_IN = Math.ceil(FADE_IN_SECONDS * CONTEXT_RATE);
export const FADE_OUT = Math.ceil(FADE_OUT_SECONDS * CONTEXT_RATE);

/** Steepest step of a line, with the slope of the shorter fade on top. */
export function ownStep(line: Float32Array): number {
  return steepest(line) + peak(line) / FADE_IN;
}

export function pushInPieces(
  line: LineAudio,
  samples: Int16Array<ArrayBuffer>,
  sizes: readonly number[],
): void {
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    line.push(samples.slice(at, at + size));
    at += size;
  }
}

/** Frames of the context in which the line sounds, by its gap map: context frame, line frame, and how far the line goes on. */
export function* playedFrames(
  line: ReturnType<VoicePlayer['begin']>,
  length: number,
): Generator<readonly [context: number, line: number, step: number]> {
  const reading = new Float64Array(READING_LENGTH);
  for (let frame = 0; frame < length; frame++) {
    line.gapMap.read((frame + 0.5) / CONTEXT_RATE, reading);
    if (reading[READING.silence]! > 0) continue;
    const now = line.gapMap.lineTimeAt(frame / CONTEXT_RATE) * CONTEXT_RATE;
    const next = line.gapMap.lineTimeAt((frame + 1) / CONTEXT_RATE) * CONTEXT_RATE;
    yield [frame, Math.round(now), Math.round(next - now)];
  }
}
