/** A text made of another one, with the way back. */
export interface MappedText {
  readonly text: string;
  /** UTF-16 index, in the text it was made of, of the character at `index` of {@link text}; its length for the end. */
  sourceIndex(index: number): number;
}

/** What takes the place of `text.slice(from, to)`; `from` may equal `to`. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * A text with pieces of it replaced. A replacement's characters belong to those they stand for, in proportion, so the
 * map never falls. Replacements are in rising order; one that overlaps the one before is left out.
 */
export function replacePieces(source: string, replacements: readonly Replacement[]): MappedText {
  const sources: number[] = [];
  let text = '';
  let at = 0;
  const keep = (until: number) => {
    text += source.slice(at, until);
    for (; at < until; at++) sources.push(at);
  };
  for (const { from, to, by } of replacements) {
    if (from < at) continue;
    keep(from);
    text += by;
    for (let index = 0; index < by.length; index++)
      sources.push(from + Math.floor((index * (to - from)) / by.length));
    at = to;
  }
  keep(source.length);
  return { text, sourceIndex: (index) => sources[index] ?? source.length };
}

/** Two makings after one another: `last` was made of `first`'s text. */
export function throughBoth(first: MappedText, last: MappedText): MappedText {
  return {
    text: last.text,
    sourceIndex: (index) => first.sourceIndex(last.sourceIndex(index)),
  };
}

/** The index in a made text of the first character that comes from `source` or later. */
export function placeOf({ text, sourceIndex }: MappedText, source: number): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sourceIndex(middle) < source) low = middle + 1;
    else high = middle;
  }
  return low;
}
