import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../src/speech/clean.ts';
import { segmentText } from '../../../src/speech/segment.ts';

const RUNS = process.env.PARLEY_LONG ? 10_000 : 400;

function pieces(text: string): string[] {
  return segmentText(text).map(({ from, to }) => text.slice(from, to));
}

describe('segmentText', () => {
  it('parts sentences', () => {
    expect(pieces('Stop. Who goes there? Speak!')).toEqual(['Stop.', 'Who goes there?', 'Speak!']);
  });

  it('parts sentences of scripts that set no spaces', () => {
    expect(pieces('你好。欢迎！ここ？नमस्ते।')).toEqual(['你好。', '欢迎！', 'ここ？', 'नमस्ते।']);
  });

  it.each([
    'Mr. Smith met Dr. Jones and J. R. R. Tolkien.',
    'It costs 3.5 coins, or $1,250.75 in all.',
    '"Stop!" he said.',
    'Meet me at 5 p.m. in the U.S. camp.',
    'Bring rope, a torch, etc. and go.',
    'See No. 5 on the left.',
    'La Sra. García y el Sr. Díaz.',
    'Mme. Curie est là.',
  ])('leaves %j whole', (sentence) => {
    expect(pieces(sentence)).toEqual([sentence]);
  });

  it.each([
    ['No. I will not.', ['No.', 'I will not.']],
    ['So am I. He left.', ['So am I.', 'He left.']],
    ['Bring rope, etc. Then go.', ['Bring rope, etc.', 'Then go.']],
    ['hi there. how are you?', ['hi there.', 'how are you?']],
    ['He said "no." Then he left.', ['He said "no."', 'Then he left.']],
  ])('parts %j where a sentence ends all the same', (text, expected) => {
    expect(pieces(text)).toEqual(expected);
  });

  it('starts a long first sentence with its first clause, and no later one', () => {
    const first = 'We have been waiting for you all morning, and the bread is still warm.';
    expect(pieces(`${first} ${first}`)).toEqual([
      'We have been waiting for you all morning,',
      'and the bread is still warm.',
      first,
    ]);
    expect(pieces('Hello traveller, welcome to the village.')).toHaveLength(1);
  });

  it('tells sentence ends from clause ends', () => {
    const text = 'We have been waiting for you all morning, and the bread is still warm. Come in.';
    expect(segmentText(text).map((segment) => segment.sentenceEnd)).toEqual([false, true, true]);
  });

  it('bounds every segment, even without any punctuation or space', () => {
    for (const text of ['word '.repeat(300), 'a'.repeat(1_000), 'one, two '.repeat(200)]) {
      const lengths = pieces(text).map((piece) => piece.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(161);
      expect(lengths.length).toBeGreaterThan(5);
    }
  });

  it('covers everything that can be said, in order, once', { timeout: 120_000 }, () => {
    const word = fc.constantFrom(
      'a',
      'Mr.',
      'word',
      '3.5',
      'end.',
      'what?',
      'so,',
      '"Yes!"',
      '-',
      '...',
      'x'.repeat(200),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), (words) => {
        const { text } = cleanText(words.join(' '));
        const segments = segmentText(text);
        let reached = 0;
        for (const { from, to } of segments) {
          expect(text.slice(reached, from)).not.toMatch(/[A-Za-z0-9]/);
          expect(text.slice(from, to)).toMatch(/[A-Za-z0-9]/);
          expect(text.slice(from, to).trim()).toBe(text.slice(from, to));
          reached = to;
        }
        expect(text.slice(reached)).not.toMatch(/[A-Za-z0-9]/);
      }),
      { numRuns: RUNS, seed: 11 },
    );
  });
});
