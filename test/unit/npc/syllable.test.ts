import { expect, it } from 'vitest';
import { syllableEnd } from '../../../src/npc/syllable.ts';
import type { Cue, WordMark } from '../../../src/speech/cue.ts';

const cues: Cue[] = [
  { viseme: 'kk', start: 0, end: 0.1, weight: 1 },
  { viseme: 'aa', start: 0.1, end: 0.2, weight: 1 },
  { viseme: 'I', start: 0.2, end: 0.25, weight: 1 },
  { viseme: 'nn', start: 0.25, end: 0.4, weight: 1 },
  { viseme: 'O', start: 0.4, end: 0.5, weight: 1 },
];
const words: WordMark[] = [{ text: 'kind', start: 0, end: 0.31, from: 0, to: 4 }];

it('ends with the last of a row of vowels, or with the word, or when time is up', () => {
  expect(syllableEnd(cues, words, 0.12, 0.2)).toBe(0.25);
  expect(syllableEnd(cues, words, 0.26, 0.2)).toBe(0.31);
  expect(syllableEnd(cues, words, 0.12, 0.08)).toBeCloseTo(0.2, 9);
  expect(syllableEnd(cues, words, 0.33, 0.08)).toBeCloseTo(0.41, 9);
  expect(syllableEnd([], [], 0.33, 0.08)).toBeCloseTo(0.41, 9);
});
