import type { WordMark } from '../speech/cue.ts';
import { parseMarkup } from '../speech/markup.ts';
import { createCell, smooth } from './cell.ts';
import type { EmotionLayer } from './emotion.ts';
import { MOMENT } from './moment.ts';

/** Time in which an emotion of the text comes, and in which it gives way again, seconds of line time; as those of lines do. */
const COMES = 0.5;
const GOES = 0.9;

/** An emotion of the text with its times: from its first word on, to the end of its last, or of the line. */
interface Span {
  readonly layer: EmotionLayer;
  readonly start: number;
  readonly end: number;
}

const NONE: readonly WordMark[] = [];
const cell = createCell();

/** The layer of an emotion by its name and strength, 0 to 1; undefined for one that nobody knows. */
export type EmotionNamed = (name: string, strength: number) => EmotionLayer | undefined;

/**
 * The emotions that stand in the text of a line (`<emotion sad>…</emotion>`), each at its words: a function of the playhead
 * alone. Made anew only when more words are known; read without allocation.
 */
export class MoodMarks {
  /** How much of each of {@link layers} is felt at the moment of the last {@link follow}, 0 to 1. */
  weights = new Float64Array(0);
  /** How much is left of what is felt otherwise, 0 to 1. */
  readonly base = createCell(1);
  layers: readonly EmotionLayer[] = [];

  readonly #named: EmotionNamed;
  /** Changes in the order of their times: when, in which time, seconds, and to which layer; -1 is the base. */
  #at = new Float64Array(0);
  #takes = new Float64Array(0);
  #to = new Int16Array(0);
  #words = NONE;
  #known = 0;

  constructor(named: EmotionNamed) {
    this.#named = named;
  }

  /** Takes in what is known of a line. Does nothing where that is no more than before. */
  update(words: readonly WordMark[], text: string): void {
    if (words === this.#words && words.length === this.#known) return;
    this.#words = words;
    this.#known = words.length;
    this.#read(words, text);
  }

  /** Apart from {@link update}: a function with functions in it allocates when it is entered. */
  #read(words: readonly WordMark[], text: string): void {
    const spans = text.includes('<') ? this.#spansOf(words, text) : [];
    const changes = spans
      .flatMap(({ start, end }, index) => [
        { at: start, takes: COMES, to: index },
        { at: end, takes: GOES, to: innermost(spans, end) },
      ])
      .filter(({ at }) => at < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.at - b.at || a.to - b.to);
    this.layers = spans.map(({ layer }) => layer);
    this.weights = new Float64Array(spans.length);
    this.#at = Float64Array.from(changes, ({ at }) => at);
    this.#takes = Float64Array.from(changes, ({ takes }) => takes);
    this.#to = Int16Array.from(changes, ({ to }) => to);
  }

  /** Finds {@link weights} and {@link base} for the playhead of a moment. Allocates nothing. */
  follow(moment: Float64Array): void {
    const playhead = moment[MOMENT.playhead]!;
    const { weights, base } = this;
    weights.fill(0);
    base[0] = 1;
    for (let i = 0; i < this.#at.length && this.#at[i]! < playhead; i++) {
      cell[0] = (playhead - this.#at[i]!) / this.#takes[i]!;
      smooth(cell);
      const come = cell[0]!;
      base[0] = base[0]! * (1 - come);
      for (let w = 0; w < weights.length; w++) weights[w] = weights[w]! * (1 - come);
      const to = this.#to[i]!;
      if (to < 0) base[0] = base[0]! + come;
      else weights[to] = weights[to]! + come;
    }
  }

  #spansOf(words: readonly WordMark[], text: string): Span[] {
    const { marks, sourceIndex, text: plain } = parseMarkup(text);
    return marks.flatMap((mark) => {
      if (mark.kind !== 'emotion') return [];
      const layer = this.#named(mark.name, mark.strength);
      const [from, to] = [sourceIndex(mark.from), sourceIndex(mark.to - 1) + 1];
      const first = words.find((word) => word.to > from);
      if (!layer || !first) return [];
      // One that lasts to the end of the text goes with the line.
      const open = plain.slice(mark.to).trim() === '' || words.at(-1)!.to <= to;
      const last = open ? undefined : words.findLast((word) => word.from < to);
      return [{ layer, start: first.start, end: last ? last.end : Number.POSITIVE_INFINITY }];
    });
  }
}

/** The span that holds at a time, the one that began last; -1 where none does. */
function innermost(spans: readonly Span[], time: number): number {
  return spans.findLastIndex(({ start, end }) => start <= time && time < end);
}
