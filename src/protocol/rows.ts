import type { Cue, WordMark } from '../speech/cue.ts';
import type { Field } from '../speech/field.ts';
import { VISEME_COUNT, VISEME_INDEX, VISEMES } from '../speech/viseme.ts';

/** A cue on the wire: viseme, start, end, weight, and the place of its letter where that is known. */
export type CueRow =
  | readonly [viseme: number, start: number, end: number, weight: number]
  | readonly [viseme: number, start: number, end: number, weight: number, from: number];

/** A word on the wire. */
export type WordRow = readonly [text: string, start: number, end: number, from: number, to: number];

export function cueRow({ viseme, start, end, weight, from }: Cue): CueRow {
  const row = [VISEME_INDEX[viseme], start, end, weight] as const;
  return from === undefined ? row : [...row, from];
}

export function wordRow({ text, start, end, from, to }: WordMark): WordRow {
  return [text, start, end, from, to];
}

export function readCueRow(row: Field): Cue {
  const [viseme, start, end, weight, from] = row.items();
  if (!(viseme && start && end && weight)) throw row.wrong('viseme, start, end and weight');
  const cue = {
    viseme: VISEMES[viseme.whole(0, VISEME_COUNT - 1)]!,
    ...spanOf(start, end),
    weight: weight.number(0, 1),
  };
  return from ? { ...cue, from: from.whole(0) } : cue;
}

export function readWordRow(row: Field): WordMark {
  const [text, start, end, from, to] = row.items();
  if (!(text && start && end && from && to)) throw row.wrong('text, start, end, from and to');
  const first = from.whole(0);
  return { text: text.text(), ...spanOf(start, end), from: first, to: to.whole(first) };
}

function spanOf(start: Field, end: Field): { start: number; end: number } {
  const begin = start.number();
  return { start: begin, end: end.number(begin) };
}
