import { describe, expect, it } from 'vitest';
import { heardOf } from '../../../src/npc/heard.ts';

const text = 'Welcome, traveller.';
const words = [
  { text: 'Welcome', start: 0.05, end: 0.5, from: 0, to: 7 },
  { text: 'traveller', start: 0.55, end: 1.1, from: 9, to: 18 },
];

describe('what was heard of a stopped line', () => {
  it('ends before the word that was cut', () => {
    expect(heardOf(text, words, 0.61)).toEqual({
      text: 'Welcome, ',
      seconds: 0.61,
      rest: 'traveller.',
      cutWord: 'traveller',
    });
  });

  it('names no cut word between two words', () => {
    expect(heardOf(text, words, 0.52)).toEqual({
      text: 'Welcome, ',
      seconds: 0.52,
      rest: 'traveller.',
      cutWord: undefined,
    });
  });

  it('is nothing before the first word and everything after the last', () => {
    expect(heardOf(text, words, 0)).toEqual({ text: '', seconds: 0, rest: text, cutWord: undefined });
    expect(heardOf(text, words, 1.2)).toEqual({ text, seconds: 1.2, rest: '', cutWord: undefined });
  });

  it('claims nothing where the source gave no words', () => {
    expect(heardOf(text, [], 3)).toEqual({ text: '', seconds: 3, rest: text, cutWord: undefined });
  });
});
