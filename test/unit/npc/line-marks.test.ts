import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineMarks } from '../../../src/npc/line-marks.ts';
import { parseMarkup } from '../../../src/speech/markup.ts';

/** Words of a text with mark-up: one a second, half a second long. */
function wordsOf(text: string) {
  const { text: plain, sourceIndex } = parseMarkup(text);
  return Array.from(plain.matchAll(/\p{L}+/gu), ({ 0: word, index }, count) => ({
    text: word,
    start: count,
    end: count + 0.5,
    from: sourceIndex(index),
    to: sourceIndex(index + word.length - 1) + 1,
  }));
}

/** All marks that are told at a moment. */
function tell(marks: LineMarks, text: string, seconds: number, ended = false): string[] {
  const told: string[] = [];
  marks.moment[0] = seconds;
  while (marks.leftIn(text)) {
    const mark = marks.next(wordsOf(text), ended);
    if (!mark) break;
    told.push('name' in mark ? mark.name : mark.kind);
  }
  return told;
}

describe('LineMarks', () => {
  it('tells each mark once, when it is heard', () => {
    const text = '<emotion sad>One <pause 1s/>two <cue a/>three <em>four</em><cue b/>';
    const marks = new LineMarks();
    const told = [0, 0.4, 0.5, 1, 1.9, 2, 2, 3, 9].map((seconds) => tell(marks, text, seconds));
    expect(told).toEqual([['sad'], [], ['pause'], [], [], ['a'], [], ['emphasis'], []]);
    expect(tell(marks, text, 9, true)).toEqual(['b']);
    expect(tell(marks, text, 9, true)).toEqual([]);
  });

  it('waits for words that have not come', () => {
    const marks = new LineMarks();
    expect(marks.leftIn('<cue a/>one')).toBe(true);
    expect(marks.next([], false)).toBeUndefined();
    expect(tell(marks, '<cue a/>one', 0)).toEqual(['a']);
  });

  it('goes on where it was when the text grows', () => {
    const marks = new LineMarks();
    expect(tell(marks, 'One <cue a/>two', 9)).toEqual(['a']);
    expect(tell(marks, 'One <cue a/>two <cue b/>three <cue c', 9)).toEqual(['b']);
    expect(tell(marks, 'One <cue a/>two <cue b/>three <cue c/>four', 9)).toEqual(['c']);
  });

  it('tells as many marks as there are, in order, at whatever frames', () => {
    const piece = fc.constantFrom(
      'one ',
      'two, ',
      '<cue a/>',
      '<pause/>',
      '<em>',
      '</em>',
      '<emotion sad>',
      '. ',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.array(fc.nat(12), { maxLength: 8 }),
        (pieces, frames) => {
          const text = pieces.join('');
          const marks = new LineMarks();
          const told = frames.sort((a, b) => a - b).flatMap((seconds) => tell(marks, text, seconds));
          told.push(...tell(marks, text, 99, true));
          expect(told).toEqual(
            parseMarkup(text).marks.map((mark) => ('name' in mark ? mark.name : mark.kind)),
          );
        },
      ),
      { seed: 37, numRuns: process.env.PARLEY_LONG ? 20_000 : 500 },
    );
  });
});
