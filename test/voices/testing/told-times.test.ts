/** How the checks read from where a service counts its times. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goOn, restartsIn, timesIn } from '../../../src/voices/testing/told-times.ts';

const passed = (...messages: unknown[]) =>
  messages.map((message) => ({
    data: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
    binary: false,
  }));

describe('times in messages', () => {
  it('are found by the names of their fields, each kind for itself', () => {
    const times = timesIn(
      passed(
        { type: 'word', start: 1, end: 2, startedAt: 9 },
        { type: 'mouth', start: 1.5, data: { word_timestamps: { words: ['a', 'b'], start: [0.5, 2] } } },
        'Path:audio.metadata\r\n\r\n{"Metadata":[{"Type":"Viseme","Data":{"Offset":7}}]}',
        '{"time":6,"type":"viseme"}\n{"time":12,"type":"viseme"}\n',
        'no JSON {',
      ),
    );
    expect(Object.fromEntries(times)).toEqual({
      ':word.start': [1],
      ':mouth.start': [1.5],
      ':mouth.data.word_timestamps.start': [0.5, 2],
      '.Metadata:Viseme.Data.Offset': [7],
      ':viseme.time': [6, 12],
    });
    expect(timesIn([{ data: Buffer.from('{"start":1}'), binary: true }]).size).toBe(0);
  });

  const line = (from: number, length: number) =>
    timesIn(passed(...Array.from({ length: 20 }, (_, nth) => ({ start: from + (nth * length) / 20 }))));

  it('begin anew as often as a service counts from the start of another piece', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0.5, max: 5000, noNaN: true }),
        (pieces, length) => {
          const messages = Array.from({ length: pieces }, () =>
            Array.from({ length: 12 }, (_, nth) => ({ start: (nth * length) / 12 })),
          );
          expect(restartsIn(timesIn(passed(...messages.flat())))).toBe(pieces - 1);
        },
      ),
      { seed: 7 },
    );
  });

  it('do not, where words are told a while after the mouth, or a little out of order', () => {
    const told = [0, 0.2, 0.1, 0.6, 0.4, 1.2, 0.9, 2, 1.6];
    expect(restartsIn(timesIn(passed(...told.map((start) => ({ start })))))).toBe(0);
  });

  it('go on from line to line, or begin anew', () => {
    expect(goOn(line(0, 3), line(3, 2))).toBe(true);
    expect(goOn(line(0, 3), line(0, 2))).toBe(false);
    expect(goOn(line(0, 3), timesIn([]))).toBe(false);
  });
});
