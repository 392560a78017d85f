import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTrack } from '../../../src/speech/cut-track.ts';
import { markupFrom, parseMarkup } from '../../../src/speech/markup.ts';
import { createTrack } from '../../../src/speech/track.ts';

const TEXT = 'Hi. <emotion sad strength="0.6">He is <em>gone</em>.</emotion> Bye <emotion warm>now.';

describe('what is left of a text with mark-up', () => {
  it.each([
    ['Hi', 'Hi. <emotion sad'],
    ['is', '<emotion sad strength="0.6">is <em>gone</em>.</emotion> Bye'],
    ['gone', '<emotion sad strength="0.6"><em>gone</em>.</emotion> Bye'],
    ['Bye', 'Bye <emotion warm>now.'],
    ['now', '<emotion warm>now.'],
  ])('from "%s" on has the tags that enclose it', (word, begin) => {
    const at = TEXT.indexOf(word);
    const { text, opened } = markupFrom(TEXT, at);
    expect(text.startsWith(begin)).toBe(true);
    expect(text.slice(opened)).toBe(TEXT.slice(at));
  });

  it('has the marks of the whole from there on, wherever that is', () => {
    const piece = fc.constantFrom(
      'One ',
      'two, ',
      '<emotion sad>',
      '</emotion>',
      '<em>',
      '</em>',
      'x < y ',
      '<b',
      '&amp; ',
      '<sub alias="three">3</sub> ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(40), (pieces, nth) => {
        const source = pieces.join('');
        const whole = parseMarkup(source);
        const words = [...whole.text.matchAll(/\p{L}+/gu)];
        const word = words[nth % Math.max(1, words.length)];
        if (!word) return;
        const from = whole.sourceIndex(word.index);
        const rest = parseMarkup(markupFrom(source, from).text);
        const over = (marked: typeof whole, at: number) =>
          marked.marks
            .flatMap((mark) => ('to' in mark && mark.from <= at && mark.to > at ? [mark.kind] : []))
            .sort();
        expect(rest.text.trim()).toBe(whole.text.slice(word.index).trim());
        expect(over(rest, rest.text.search(/\p{L}/u))).toEqual(over(whole, word.index));
      }),
      { seed: 21, numRuns: 1_000 },
    );
  });

  it('is in the rest of a track too, and places are those of its text', () => {
    const words = ['Hi', 'He', 'is', 'gone', 'Bye', 'now'].map((text, n) => {
      const from = TEXT.indexOf(text);
      return { text, start: n / 2, end: (n + 1) / 2, from, to: from + text.length };
    });
    const cues = words.map(({ start, end, from }) => ({
      viseme: 'aa' as const,
      start,
      end,
      weight: 1,
      from,
    }));
    const timing = { origin: 'service', confidence: 1 } as const;
    const meta = { text: TEXT, voice: '', lang: '' };
    const track = createTrack(meta, [new Int16Array(24_000).fill(9)], 8_000, cues, words, timing);
    const rest = cutTrack(track, 1.2)!;
    expect(rest.text).toMatch(/^<emotion sad strength="0.6">is <em>/);
    for (const { text, from, to } of rest.words) expect(rest.text.slice(from, to)).toBe(text);
    expect(rest.cues.map(({ from }) => from)).toEqual(rest.words.map(({ from }) => from));
  });
});
