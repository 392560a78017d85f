import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/speech/errors.ts';
import { parseMarkup } from '../../src/speech/markup.ts';
import { spokenText } from '../../src/speech/spoken-text.ts';
import { cuesOf, lastCue, wordsOf } from '../../src/voices/polly/polly-line.ts';
import { indexOfBytes, readPollyMarks } from '../../src/voices/polly/polly-marks.ts';
import { pollyAsks } from '../../src/voices/polly/polly-request.ts';
import { placesInSsml, ssmlText } from '../../src/voices/ssml.ts';

const settings = { engine: 'neural', sampleRate: 16_000 } as const;

describe('speech marks', () => {
  it('of the documents are read', () => {
    const rows = [
      '{"time":0,"type":"sentence","start":0,"end":23,"value":"Mary had a little lamb."}',
      '{"time":6,"type":"word","start":0,"end":4,"value":"Mary"}',
      '{"time":6,"type":"viseme","value":"p"}',
      '{"time":73,"type":"viseme","value":"E"}',
      '{"time":180,"type":"viseme","value":"r"}',
      '{"time":373,"type":"word","start":5,"end":8,"value":"had"}',
      '{"time":373,"type":"viseme","value":"k"}',
      '{"time":604,"type":"viseme","value":"sil"}',
    ];
    const marks = readPollyMarks(rows.join('\n'));
    const [ask] = pollyAsks({ text: 'Mary had a little lamb.' }, settings).asks;
    expect(wordsOf(marks, ask!)).toEqual([
      { text: 'Mary', start: 0.006, end: 0.373, from: 0, to: 4 },
      { text: 'had', start: 0.373, end: 0.604, from: 5, to: 8 },
    ]);
    expect(cuesOf(marks).map(({ viseme, start, end }) => [viseme, start, end])).toEqual([
      ['PP', 0.006, 0.073],
      ['E', 0.073, 0.18],
      ['RR', 0.18, 0.373],
      ['kk', 0.373, 0.604],
    ]);
    expect(lastCue(marks, 0.7)).toEqual([{ viseme: 'sil', start: 0.604, end: 0.7, weight: 1 }]);
    expect(lastCue(marks, 0.6)).toEqual([]);
    expect(lastCue([], 1)).toEqual([]);
  });

  it.each([
    ['{"time":1', /speech mark 2: expected a JSON object/],
    ['{"time":-1,"type":"viseme","value":"p"}', /speech mark 2, time/],
    ['{"time":1,"type":"word","start":3,"end":2,"value":"p"}', /speech mark 2, end/],
    ['7', /speech mark 2: expected an object/],
  ])('that are none are told: %s', (row, words) => {
    expect(() => readPollyMarks(`{"time":0,"type":"ssml","value":"a"}\n${row}`)).toThrow(words);
  });

  it('never make the reader fail in another way', () => {
    const row = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ time: fc.jsonValue(), type: fc.constantFrom('word', 'viseme', 'x'), value: fc.jsonValue() })
        .map((mark) => JSON.stringify(mark)),
    );
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        try {
          const marks = readPollyMarks(rows.join('\n'));
          const cues = cuesOf(marks);
          for (const [index, cue] of cues.entries())
            expect(cue.start).toBeGreaterThanOrEqual(cues[index - 1]?.end ?? 0);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('count bytes, which lead to UTF-16 whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const indexes = indexOfBytes(text);
        let at = 0;
        for (const letter of text) {
          expect(indexes[Buffer.byteLength(text.slice(0, at))]).toBe(at);
          at += letter.length;
        }
        expect(indexes[Buffer.byteLength(text)]).toBe(text.length);
      }),
      { seed: 12 },
    );
  });
});

describe('a text in SSML', () => {
  it('leads every letter back to the text that is said', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '<',
      '&',
      '"',
      '😀',
      'é',
      'Mira',
      '<em>',
      '</em>',
      '<pause 1s/>',
      '<phoneme ph="ˈmiːɹə">',
      '</phoneme>',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        (text) => {
          const spoken = spokenText(parseMarkup(text));
          const ssml = ssmlText(spoken);
          const places = placesInSsml(ssml);
          expect(places[ssml.length]).toBe(spoken.text.length);
          for (const [index, letter] of [...ssml].entries())
            if (letter === 'M')
              expect(spoken.text[places[[...ssml].slice(0, index).join('').length]!]).toBe('M');
        },
      ),
      { seed: 13, numRuns: 300 },
    );
  });
});
