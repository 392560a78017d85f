import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../src/cutscene/read-script.ts';
import { cutscene } from '../../../src/cutscene/write-scene.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { scripts } from './scripts.ts';

const settings = { seed: 9, numRuns: process.env.PARLEY_LONG ? 10_000 : 300 };

const HARBOUR = `{
  "version": 1, // a comment is welcome
  "name": "Harbour",
  "beats": [
    { "say": "Is that a dragon?", "by": "mira", "id": "dragon" },
    { "camera": "gate", "over": 2 },
    { "goto": "end" },
  ]
}`;

function errorOf(text: string): string {
  try {
    readScript(text, 'harbour.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('It was read.');
}

describe('a script', () => {
  it('is read from the text of a file, with comments and trailing commas', () => {
    const script = readScript(HARBOUR, 'harbour.json');
    expect(script).toEqual({
      version: 1,
      name: 'Harbour',
      cast: {},
      shots: {},
      variables: {},
      beats: [
        { say: 'Is that a dragon?', by: 'mira', id: 'dragon' },
        { camera: 'gate', over: 2 },
        { goto: 'end' },
      ],
    });
  });

  it('is the same in code, as a value and as text', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const read = readScript(script);
        expect(read).toEqual(script);
        expect(readScript(JSON.stringify(read, undefined, 2))).toEqual(read);
      }),
      settings,
    );
    const written = cutscene('Harbour')
      .cast({ mira: { voice: 'F1' } })
      .say('mira', 'A dragon and a dragon!', { on: { 'dragon#2': (row) => row.look('tomas', 'gate') } })
      .choose({ Run: (row) => row.goto('end'), Stay: { if: { variable: 'brave', is: true }, do: () => {} } })
      .toScript();
    expect(written.beats).toEqual([
      {
        say: 'A dragon and a dragon!',
        by: 'mira',
        marks: [{ on: 'dragon', nth: 2, beats: [{ look: 'tomas', at: 'gate' }] }],
      },
      {
        choose: [
          { text: 'Run', beats: [{ goto: 'end' }] },
          { text: 'Stay', if: { variable: 'brave', is: true }, beats: [] },
        ],
      },
    ]);
  });

  it.each([
    [
      '"over": 2',
      '"over": "long"',
      /^harbour\.json, line 6, beats\[1\]\.over: expected a number .*got "long"/,
    ],
    ['"camera"', '"kamera"', /line 6, beats\[1\]: expected one of say, wait, .* got kamera, over/],
    ['"over": 2', '"ovr": 2', /line 6, beats\[1\]\.ovr: expected no such field, but camera, over, /],
    ['"by": "mira", ', '', /line 5, beats\[0\]\.by: expected a list/],
    [
      '{ "goto": "end" }',
      '{ "goto": "gate" }',
      /line 7, beats\[2\]\.goto: expected a label of the script \(end\)/,
    ],
    [
      '{ "goto": "end" }',
      '{ "wait": -1 }',
      /line 7, beats\[2\]\.wait: expected a number from 0 to 3600, got -1/,
    ],
    [
      '"id": "dragon"',
      '"id": "dragon", "marks": [{ "on": "gate", "beats": [] }]',
      /line 5, .*a word of "Is that a dragon\?", got "gate"/,
    ],
    [
      '{ "goto": "end" }',
      '{ "parallel": [[{ "goto": "end" }]] }',
      /line 7, beats\[2\]\.parallel\[0\]\[0\]: expected no goto here/,
    ],
    [
      '{ "goto": "end" }',
      '{ "say": "Yes.", "by": "mira", "id": "dragon" }',
      /line 7, .*an id of its own, got "dragon" again/,
    ],
    ['"version": 1', '"version": 2', /line 2, version: expected 1, got 2/],
    ['"beats": [', '"beats": [ , ', /line 4.*expected JSON/],
  ])('%s as %s is told with its line', (right, wrong, message) => {
    expect(errorOf(HARBOUR.replace(right, wrong))).toMatch(message);
  });

  it('of any shape is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(() => readScript(text)).toThrow(InputError);
      }),
      settings,
    );
    fc.assert(
      fc.property(scripts, fc.nat(), fc.jsonValue(), (script, at, value) => {
        const text = JSON.stringify(script);
        const places = [...text.matchAll(/[:,[]/g)].map(({ index }) => index! + 1);
        const place = places[at % places.length]!;
        const broken = text.slice(0, place) + JSON.stringify(value) + text.slice(place);
        try {
          readScript(broken);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message).toMatch(/line 1.*expected .*got/s);
        }
      }),
      settings,
    );
  });
});
