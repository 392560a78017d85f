import { describe, expect, it } from 'vitest';
import type { Phone } from '../../../src/lipsync/phones.ts';
import { wordsOf } from '../../../src/synth/words.ts';

/** A tenth of a second for each `phone@index`. */
function phones(list: string): Phone[] {
  return list.split(' ').map((entry, index) => {
    const [id, from] = entry.split('@');
    return { id: id!, start: index / 10, end: (index + 1) / 10, from: Number(from) };
  });
}

describe('wordsOf', () => {
  it('gives each word its place in the text and the time from its first phone to its last', () => {
    const words = wordsOf('Oh no!', phones('pau@0 ow@0 pau@2 n@3 ow@4 pau@5'));
    expect(words).toEqual([
      { text: 'Oh', start: 0.1, end: 0.2, from: 0, to: 2 },
      { text: 'no', start: 0.3, end: 0.5, from: 3, to: 5 },
    ]);
  });

  it('keeps a pause within a word, and none at its ends', () => {
    const [word] = wordsOf('42', phones('pau@0 f@0 pau@0 t@1 pau@1'));
    expect(word).toMatchObject({ start: 0.1, end: 0.4 });
  });

  it.each([
    ["don't", 0],
    ['well-known', 0],
    ['3.5', 0],
    ['1,250.75', 0],
    ['50%', 0],
    ['$5', 0],
    ['Zoë', 0],
    ['Zoe\u0308', 0],
    ['and/or', 0],
    ['www.example.com', 0],
    ['&', 0],
  ])('takes %j as one word', (text, from) => {
    expect(wordsOf(text, phones(`aa@${from}`)).map((word) => word.text)).toEqual([text]);
  });

  it('parts words where a script sets no spaces', () => {
    expect(wordsOf('你好世界。', phones('n@0 hh@1 sh@2 jh@3')).map((word) => word.text)).toEqual([
      '你好',
      '世界',
    ]);
  });

  it('leaves out what is not said: punctuation, emoji, markup', () => {
    const text = '👋 <b>Hi</b> …';
    expect(
      wordsOf(text, phones(`hh@${text.indexOf('H')} ay@${text.indexOf('i')}`)).map((word) => word.text),
    ).toEqual(['Hi']);
  });

  it('gives only the words that these phones speak', () => {
    expect(wordsOf('one two three', phones('t@4 uw@6')).map((word) => word.text)).toEqual(['two']);
  });
});
