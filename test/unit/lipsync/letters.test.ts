import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LetterWords } from '../../../src/lipsync/letter-words.ts';
import { LetterCues, type LetterEvent } from '../../../src/lipsync/letters.ts';
import type { Cue } from '../../../src/speech/cue.ts';

/** Letters of a text at 0.1 s each, `sent` one character for each; `-` sends none. */
function spell(sent: string): LetterEvent[] {
  return Array.from(sent, (letter, index) => ({
    letter: letter === '_' ? 'sil' : letter,
    index,
    time: index / 10,
  })).filter((event) => event.letter !== '-');
}

function visemesOf(text: string, sent: string): string {
  const cues = new LetterCues(text);
  const events = spell(sent);
  return [...cues.push(events), ...cues.end(text.length / 10)].map((cue) => cue.viseme).join(' ');
}

describe('letters into visemes', () => {
  it.each([
    ['map', 'map', 'PP aa PP'],
    ['fever', 'fever', 'FF E FF E RR'],
    ['tuna', 'tuna', 'DD U nn aa'],
    ['go', 'GO', 'kk O'],
    ['zoo', 'zoo', 'SS O O'],
    ['yellow', 'yeLLow', 'I E nn nn O U'],
    ['señor', 'señor', 'SS E nn O RR'],
    ['a, b', 'a, b', 'aa sil sil PP'],
    ['a b', 'a_b', 'aa sil PP'],
  ])('%s sent as %s is %s', (text, sent, expected) => {
    expect(visemesOf(text, sent)).toBe(expected);
  });

  it.each([
    ['think', 't-ink', 'TH I nn kk'],
    ['think', '-tink', 'TH I nn kk'],
    ['think', 'think', 'TH I nn kk'],
    ['Then', 'D-en', 'TH E nn'],
    ['hat', '-at', 'aa DD'],
    ['chin', 's-in', 'CH I nn'],
    ['chin', 'chin', 'CH I nn'],
    ['chorus', 'k-orus', 'kk O RR U SS'],
    ['ship', 's-ip', 'CH I PP'],
    ['jam', 'sam', 'CH aa PP'],
    ['jam', 'jam', 'CH aa PP'],
    ['gem', 'sem', 'CH E PP'],
    ['nation', 'nes-on', 'nn E CH O nn'],
    ['mission', 'mis--on', 'PP I CH O nn'],
    ['ocean', 'oseen', 'O CH E E nn'],
    ['phone', 'f-on-', 'FF O nn'],
    ['city', 'city', 'SS I DD I'],
    ['sun', 'sun', 'SS U nn'],
    ['its', 'its', 'I DD SS'],
  ])('%s sent as %s is %s: spelling decides', (text, sent, expected) => {
    expect(visemesOf(text, sent)).toBe(expected);
  });

  it('lets a breath hold the shape before it, and an unknown letter weaken it', () => {
    const cues = new LetterCues('oh は');
    const got = cues.push([
      { letter: 'o', index: 0, time: 0 },
      { letter: 'h', index: 1, time: 0.1 },
      { letter: 'は', index: 3, time: 0.2 },
      { letter: '7', index: -1, time: 0.3 },
      { letter: 'sil', index: -1, time: 0.4 },
    ]);
    expect(got.map(({ viseme, start, end, weight }) => [viseme, start, end, weight])).toEqual([
      ['O', 0, 0.2, 1],
      ['O', 0.2, 0.3, 0.5],
      ['O', 0.3, 0.4, 0.25],
    ]);
  });

  it('closes a mouth that no news comes for, but keeps a silence', () => {
    const cues = new LetterCues('ah');
    cues.push([{ letter: 'a', index: 0, time: 1 }]);
    expect(cues.end(9)).toEqual([{ viseme: 'aa', start: 1, end: 1.5, weight: 1, from: 0 }]);
    cues.push([{ letter: 'sil', index: -1, time: 9 }]);
    expect(cues.end(12)).toEqual([{ viseme: 'sil', start: 9, end: 12, weight: 1 }]);
  });

  const anyEvent = fc.record({
    letter: fc.oneof(fc.constantFrom(...'aeioumpbfvtdszlnrkgh', 'sil', 'L'), fc.string({ maxLength: 2 })),
    index: fc.integer({ min: -1, max: 30 }),
    time: fc.double({ min: 0, max: 5, noNaN: true }),
  });

  it('gives rising cues without overlaps, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.array(anyEvent, { maxLength: 6 })), (text, batches) => {
        const letters = new LetterCues(text);
        const cues: Cue[] = [...batches.flatMap((batch) => letters.push(batch)), ...letters.end(6)];
        let end = 0;
        for (const cue of cues) {
          expect(cue.start).toBeGreaterThanOrEqual(end);
          expect(cue.end).toBeGreaterThan(cue.start);
          expect(cue.weight).toBeGreaterThan(0);
          expect(cue.weight).toBeLessThanOrEqual(1);
          end = cue.end;
        }
      }),
      { seed: 7 },
    );
  });

  it('gives the same cues and words however rising events are batched', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
        (events, cuts) => {
          const rising = events.toSorted((a, b) => a.time - b.time);
          const text = 'the quick brown fox jumps over';
          const at = [0, ...cuts.toSorted((a, b) => a - b), rising.length];
          const batches = at.slice(1).map((to, index) => rising.slice(at[index], to));
          for (const Letters of [LetterCues, LetterWords]) {
            const [whole, parts] = [new Letters(text), new Letters(text)];
            expect([...batches.flatMap((batch) => parts.push(batch) as unknown[]), ...parts.end(6)]).toEqual([
              ...whole.push(rising),
              ...whole.end(6),
            ]);
          }
        },
      ),
      { seed: 8 },
    );
  });
});

describe('letters into words', () => {
  it('marks each word from its first letter to the first event outside it', () => {
    const text = 'Hello, dear friend!';
    const words = new LetterWords(text);
    const sent = 'hel-o__de-r_friend_';
    expect([...words.push(spell(sent)), ...words.end(1.9)]).toEqual([
      { text: 'Hello', start: 0, end: 0.5, from: 0, to: 5 },
      { text: 'dear', start: 0.7, end: 1.1, from: 7, to: 11 },
      { text: 'friend', start: 1.2, end: 1.8, from: 12, to: 18 },
    ]);
  });

  it('lets a word last until the next one where no silence is told, and the last to the end', () => {
    const words = new LetterWords('a bee');
    const events = [
      { letter: 'a', index: 0, time: 0 },
      { letter: 'b', index: 2, time: 0.4 },
    ];
    expect(words.push(events)).toEqual([{ text: 'a', start: 0, end: 0.4, from: 0, to: 1 }]);
    expect(words.end(1)).toEqual([{ text: 'bee', start: 0.4, end: 1, from: 2, to: 5 }]);
  });

  it('leaves out words of which nothing was told, and goes on after a pause inside a word', () => {
    const words = new LetterWords('one two three');
    const events = [
      { letter: 't', index: 8, time: 0.1 },
      { letter: 'sil', index: 9, time: 0.2 },
      { letter: 'r', index: 10, time: 0.3 },
      { letter: 'o', index: 0, time: 0.4 },
    ];
    words.push(events);
    expect(words.end(0.6)).toEqual([{ text: 'three', start: 0.1, end: 0.6, from: 8, to: 13 }]);
  });

  it('gives rising words whose place is their text', () => {
    const event = fc.record({
      letter: fc.constantFrom('a', 'sil', ' '),
      index: fc.integer({ min: -1, max: 50 }),
      time: fc.double({ min: 0, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.array(event), (text, events) => {
        const words = new LetterWords(text);
        let [end, to] = [0, 0];
        for (const word of [...words.push(events), ...words.end(6)]) {
          expect(text.slice(word.from, word.to)).toBe(word.text);
          expect(word.start).toBeGreaterThanOrEqual(end);
          expect(word.end).toBeGreaterThan(word.start);
          expect(word.from).toBeGreaterThanOrEqual(to);
          [end, to] = [word.end, word.to];
        }
      }),
      { seed: 9 },
    );
  });
});
