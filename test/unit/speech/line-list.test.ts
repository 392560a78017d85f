import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/speech/errors.ts';
import { readLineList } from '../../../src/speech/line-list.ts';

describe('a list of lines', () => {
  it('is texts and objects; what the list says holds for lines that say nothing else', () => {
    expect(readLineList(['Hello.', { text: 'Halt!', id: 'gate/halt', note: 'loud' }], 'l.json')).toEqual([
      { text: 'Hello.', place: 'l.json, [0]' },
      { text: 'Halt!', id: 'gate/halt', place: 'l.json, [1]' },
    ]);
    const list = { voice: 'M1', lang: 'en', speed: 1.1, emotion: 'warm' };
    const lines = ['Hello.', { text: 'Hola.', lang: 'es', voice: 'F1', speed: 2, emotion: 'sad' }];
    expect(readLineList({ ...list, lines }, 'l.json')).toEqual([
      { text: 'Hello.', ...list, place: 'l.json, lines[0]' },
      { text: 'Hola.', lang: 'es', voice: 'F1', speed: 2, emotion: 'sad', place: 'l.json, lines[1]' },
    ]);
    expect(readLineList([])).toEqual([]);
  });

  it.each<[unknown, string]>([
    [7, 'l.json: expected an object, got 7'],
    [{}, 'l.json, lines: expected a list, got nothing'],
    [[' '], 'l.json, [0]: expected something to say, got " "'],
    [[7], 'l.json, [0]: expected an object, got 7'],
    [{ lines: ['a', {}] }, 'l.json, lines[1].text: expected a string, got nothing'],
    [[{ text: 'a', speed: 3 }], 'l.json, [0].speed: expected a number from 0.5 to 2, got 3'],
    [{ voice: 7, lines: [] }, 'l.json, voice: expected a string, got 7'],
    [[{ text: 'a', lang: '' }], 'l.json, [0].lang: expected a name, got ""'],
    [[{ text: 'a', id: '../a' }], 'l.json, [0].id: expected plain names joined by "/"'],
    [[{ text: 'a', id: 'Manifest' }], 'l.json, [0].id: expected plain names joined by "/"'],
    [
      [
        { text: 'a', id: 'x/Y' },
        { text: 'b', id: 'X/y' },
      ],
      'l.json, [1].id: expected an id of its own, got that of [0]',
    ],
    [
      ['a', '<cue wave/> <pause 1s/>'],
      'l.json, [1]: expected something to say, got "<cue wave/> <pause 1s/>"',
    ],
    [
      [
        { text: 'a', id: 'X.wav/y' },
        { text: 'b', id: 'x' },
      ],
      'l.json, [1].id: expected an id whose files are not the folder of [0], got "x"',
    ],
    [
      [
        { text: 'b', id: 'g/x' },
        { text: 'a', id: 'g/x.json/y/z' },
      ],
      'l.json, [0].id: expected an id whose files are not the folder of [1], got "g/x"',
    ],
    [[{ text: 'a', id: 'manifest.json/y' }], 'l.json, [0].id: expected plain names joined by "/"'],
  ])('is refused in words and told where: %j', (value, message) => {
    expect(() => readLineList(value, 'l.json')).toThrowError(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(message) }),
    );
  });

  it('never makes the reader fail in another way, whatever stands in it', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('a', '../b', 1.5));
    const keys = ['id', 'text', 'voice', 'lang', 'speed', 'emotion'];
    const line = fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] });
    const lines = fc.array(fc.oneof(line, fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(fc.oneof(lines, fc.record({ voice: field, lines }), fc.jsonValue()), (value) => {
        try {
          for (const { text } of readLineList(value)) expect(text.trim()).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
