import type { Scene } from '@babylonjs/core/scene.js';
import type { Line, WordMark } from '../../src/index.ts';
import { type Track, trackOf } from '../../src/index.ts';

/** Seconds from word to word in {@link countingTrack}. */
export const WORD_SECONDS = 0.25;

/** A track that hums, in words of a quarter of a second each with the lips opening and closing on it. */
export function countingTrack(words: number, text = 'm'): Track {
  const names = Array.from({ length: words }, (_, index) => `${text}${index}`);
  const seconds = words * WORD_SECONDS;
  let from = 0;
  return trackOf({
    text: names.join(' '),
    voice: 'F1',
    sampleRate: 24_000,
    samples: Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
      Math.round(6_000 * Math.sin((index * 2 * Math.PI * 220) / 24_000)),
    ),
    cues: names.flatMap((_, index) => [
      { viseme: 'PP' as const, start: index * WORD_SECONDS, end: index * WORD_SECONDS + 0.1, weight: 1 },
      {
        viseme: 'aa' as const,
        start: index * WORD_SECONDS + 0.1,
        end: (index + 1) * WORD_SECONDS,
        weight: 1,
      },
    ]),
    words: names.map((name, index) => {
      const mark = {
        text: name,
        start: index * WORD_SECONDS,
        end: (index + 1) * WORD_SECONDS,
        from,
        to: from + name.length,
      };
      from = mark.to + 1;
      return mark;
    }),
  });
}

/** What one frame showed. */
export interface ShownFrame {
  /** Performance time of the frame, milliseconds. */
  readonly ms: number;
  /** Line time that the frame showed, seconds. */
  readonly playhead: number;
  /** Context time that left the device then, by the browser's own timestamp. */
  readonly output: number;
  /** Weights of the mouth that the frame showed, where one is watched. */
  readonly mouth: readonly number[];
}

/**
 * Watches what frames show of a line against what leaves the device, by the browser's own timestamps alone: while a
 * line plays without a gap, the difference of both is one number.
 */
export class HeardWatch {
  readonly frames: ShownFrame[] = [];
  readonly words: { readonly text: string; readonly ms: number; readonly playhead: number }[] = [];
  readonly #undo: (() => void)[] = [];
  /** When a frame that is made now will be seen, milliseconds of performance time. */
  seenMs: () => number = () => performance.now();
  #context: AudioContext | undefined;
  #frameMs = 0;

  constructor(context?: AudioContext) {
    this.#context = context;
  }

  /** The context that is heard, where it was not there from the start. */
  listenTo(context: AudioContext | undefined): void {
    this.#context = context;
  }

  /** For `frameTime` of `CreateParleyAsync`: the time of the frame, remembered. */
  readonly frameTime = (): number => {
    this.#frameMs = this.seenMs();
    return this.#frameMs;
  };

  /** Watches a line until {@link stop}; `mouth` gives the weights of the mouth that speaks it. */
  follow(scene: Scene, line: Line, mouth: () => readonly number[] = () => []): void {
    const frame = scene.onAfterRenderObservable.add(() => {
      const { contextTime = 0, performanceTime = 0 } = this.#context?.getOutputTimestamp() ?? {};
      const output = contextTime + (this.#frameMs - performanceTime) / 1000;
      this.frames.push({ ms: this.#frameMs, playhead: line.playhead, output, mouth: mouth() });
    });
    const word = line.onWordObservable.add(({ text }: WordMark) => {
      this.words.push({ text, ms: performance.now(), playhead: line.playhead });
    });
    this.#undo.push(
      () => frame.remove(),
      () => word.remove(),
    );
  }

  /** The frames after the line's opening, when the sound runs for certain. */
  get speakingFrames(): ShownFrame[] {
    return this.frames.filter(({ playhead }) => playhead > 0.2);
  }

  /**
   * How far a frame was ahead of the sound, milliseconds, by what other frames have in common. A timestamp of a loaded
   * device is now and then far off, for one frame; the frames after this one tell what it was.
   */
  aheadMs(frame: ShownFrame, others: readonly ShownFrame[]): number {
    const since = this.frames.indexOf(frame);
    const offset = medianOf(this.frames.slice(since, since + 5).map(({ output, ms }) => output - ms / 1000));
    const own = medianOf(others.map(({ output, playhead }) => output - playhead));
    return (frame.playhead + own - (frame.ms / 1000 + offset)) * 1000;
  }

  /**
   * How far the mouth of a frame was from what the line has at the sound that was heard then, give or take `closeMs`: the
   * greatest difference of a weight. Other frames tell where in the sound the line is, `mouthAt` what it has at a line
   * time.
   */
  mouthError(
    frame: ShownFrame,
    others: readonly ShownFrame[],
    closeMs: number,
    mouthAt: (seconds: number) => readonly number[],
  ): number {
    const heard = frame.playhead - this.aheadMs(frame, others) / 1000;
    let least = Number.POSITIVE_INFINITY;
    for (let ms = -closeMs; ms <= closeMs; ms++) {
      const weights = mouthAt(heard + ms / 1000);
      least = Math.min(least, Math.max(...weights.map((weight, i) => Math.abs(weight - frame.mouth[i]!))));
    }
    return least;
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
