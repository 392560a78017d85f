import { describe, expect, it } from 'vitest';
import { heardOf } from '../../../src/npc/heard.ts';

const text = 'Welcome, traveller.';
const words = [
  { text: 'Welcome', start: 0.05, end: 0.5, from: 0, to: 7 },
  { text: 'traveller', start: 0.55, end: 1.1, from: 9, to: 18 },
];

describe('what was heard of a stopped line', () => {
  it('ends before the word that was cut', () => {
    expect(heardOf(text, words, 0.61, true)).toEqual({
      text: 'Welcome, ',
      seconds: 0.61,
      rest: 'traveller.',
      cutWord: 'traveller',
    });
  });

  it('names no cut word between two words', () => {
    expect(heardOf(text, words, 0.52, true)).toEqual({
      text: 'Welcome, ',
      seconds: 0.52,
      rest: 'traveller.',
      cutWord: undefined,
    });
  });

  it('is nothing before the first word and everything after the last', () => {
    expect(heardOf(text, words, 0, true)).toEqual({ text: '', seconds: 0, rest: text, cutWord: undefined });
    expect(heardOf(text, words, 1.2, true)).toEqual({ text, seconds: 1.2, rest: '', cutWord: undefined });
  });

  it('claims no more than the words it knows while others were still to come', () => {
    expect(heardOf('Welcome, traveller. Sit down.', words, 1.3, false)).toEqual({
      text: 'Welcome, traveller',
      seconds: 1.3,
      rest: '. Sit down.',
      cutWord: undefined,
    });
  });

  it('claims nothing where the source gave no words', () => {
    expect(heardOf(text, [], 3, true)).toEqual({ text: '', seconds: 3, rest: text, cutWord: undefined });
  });
});
