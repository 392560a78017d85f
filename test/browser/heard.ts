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
   * How far the mouth of a frame was from any that other frames showed at the sound that was heard then, give or take
   * `closeMs`: the greatest difference of a weight. Needs a {@link countingTrack}, whose sound and mouth come again with
   * every word, without a gap between these frames.
   */
  mouthError(frame: ShownFrame, others: readonly ShownFrame[], closeMs: number): number {
    const since = this.frames.indexOf(frame);
    const offset = medianOf(this.frames.slice(since, since + 5).map(({ output, ms }) => output - ms / 1000));
    const othersOffset = medianOf(others.map(({ output, ms }) => output - ms / 1000));
    const heard = frame.ms / 1000 + offset;
    const shown = others.map(({ ms, mouth }) => ({ at: phaseOf(ms / 1000 + othersOffset), mouth }));
    shown.sort((a, b) => a.at - b.at);
    let least = Number.POSITIVE_INFINITY;
    for (let ms = -closeMs; ms <= closeMs; ms++) {
      const there = mouthAt(shown, phaseOf(heard + ms / 1000));
      const error = Math.max(...there.map((weight, index) => Math.abs(weight - frame.mouth[index]!)));
      least = Math.min(least, error);
    }
    return least;
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }
}

interface ShownMouth {
  readonly at: number;
  readonly mouth: readonly number[];
}

/** The mouth between the two that were shown next to a place in the word. */
function mouthAt(shown: readonly ShownMouth[], at: number): number[] {
  const after = shown.findIndex((mouth) => mouth.at >= at);
  const [a, b] = after <= 0 ? [shown.at(-1)!, shown[0]!] : [shown[after - 1]!, shown[after]!];
  const way = phaseOf(b.at - a.at);
  const part = way > 0 ? phaseOf(at - a.at) / way : 0;
  return a.mouth.map((weight, index) => weight + (b.mouth[index]! - weight) * part);
}

/** A place in a word of {@link countingTrack}, seconds from its start. */
function phaseOf(seconds: number): number {
  return seconds - Math.floor(seconds / WORD_SECONDS) * WORD_SECONDS;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
