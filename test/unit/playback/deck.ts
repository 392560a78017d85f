import { GapMap, READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import { createPhaseTable, type PhaseTable } from '../../../src/pcm/resampler.ts';
import { LineRenderer } from '../../../src/playback/worklet/line-renderer.ts';
import { RUN_FIELDS } from '../../../src/playback/worklet/run-log.ts';

export const RATE = 48_000;
export const BLOCK = 128;
export const same = createPhaseTable(RATE, RATE);
export const up = createPhaseTable(16_000, RATE);

/** A straight stretch of what was rendered. */
export interface Passage {
  readonly context: number;
  readonly frames: number;
  readonly line: number;
  readonly lineFrames: number;
  readonly take: number;
}

/** The audio thread and the page's side of the receipts, block by block. */
export class Deck {
  readonly renderer = new LineRenderer(RATE, 131_072, same);
  readonly map = new GapMap(RATE);
  readonly passages: Passage[] = [];
  readonly #blocks: Float32Array[] = [];
  readonly #first: number;
  #take = 0;

  constructor(firstFrame = 12_800) {
    this.#first = firstFrame;
  }

  begin({
    table = same,
    target = 100,
    rate = 1,
    due,
  }: {
    table?: PhaseTable;
    target?: number;
    rate?: number;
    /** Frame of the context at which the first sample is due. */
    due?: number;
  } = {}): this {
    this.renderer.begin(table, target, rate, 0, due);
    this.#take = 0;
    return this;
  }

  /** Renders `count` blocks, or until the line ends. */
  play(count = 10_000): this {
    for (let index = 0; index < count && this.renderer.state !== 'ended'; index++) this.#render();
    return this;
  }

  /** All that came out. */
  get out(): Float32Array {
    const out = new Float32Array(this.#blocks.length * BLOCK);
    for (const [index, block] of this.#blocks.entries()) out.set(block, index * BLOCK);
    return out;
  }

  /** Frames of the line that were rendered. */
  get frames(): number {
    return this.passages.reduce((sum, { lineFrames }) => sum + lineFrames, 0);
  }

  /** Where in {@link out} a passage begins. */
  placeOf(passage: Passage): number {
    return passage.context - this.#first;
  }

  /** Line time and take at a frame of {@link out}. */
  at(frame: number): { line: number; take: number } {
    const reading = new Float64Array(READING_LENGTH);
    this.map.read((this.#first + frame) / RATE, reading);
    return { line: reading[READING.line]!, take: reading[READING.take]! };
  }

  #render(): void {
    const block = new Float32Array(BLOCK);
    const { renderer } = this;
    renderer.render(block, this.#first + this.#blocks.length * BLOCK);
    this.#blocks.push(block);
    const { data, count } = renderer.log;
    for (let run = 0; run < count; run++) {
      const [context, frames, line, lineFrames] = data.subarray(run * RUN_FIELDS) as unknown as number[];
      const passage = {
        context: context!,
        frames: frames!,
        line: line!,
        lineFrames: lineFrames!,
        take: this.#take,
      };
      this.passages.push(passage);
      this.map.handleRun({
        contextFrame: passage.context,
        frames: passage.frames,
        lineFrame: passage.line,
        lineFrames: passage.lineFrames,
        take: this.#take,
      });
    }
    this.map.handleEdge(renderer.state === 'playing', renderer.speed);
    this.#take = renderer.take;
    renderer.log.clear();
  }
}

/** 200 Hz at half scale. */
export function sine(length: number, rate = RATE): Int16Array {
  return Int16Array.from({ length }, (_, index) =>
    Math.round(16_384 * Math.sin((2 * Math.PI * 200 * index) / rate)),
  );
}

export function steepest(signal: Float32Array): number {
  let most = 0;
  for (let index = 1; index < signal.length; index++)
    most = Math.max(most, Math.abs(signal[index]! - signal[index - 1]!));
  return most;
}

/** Largest step of a 200 Hz tone at half scale, with the slope of a 3 ms fade on top. */
export const OWN_STEP = 0.5 * ((2 * Math.PI * 200) / RATE) + 0.5 / (0.003 * RATE);
