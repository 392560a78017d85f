import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuesOf, HeadTtsLine } from '../../src/voices/headtts/headtts-line.ts';
import { oculusViseme, readHeadTtsMessage } from '../../src/voices/headtts/headtts-message.ts';

const audio = {
  type: 'audio',
  ref: 3,
  websocket: 1,
  data: {
    words: ['A ', 'map.'],
    wtimes: [15, 240],
    wdurations: [235, 460],
    visemes: ['E', 'PP', 'aa'],
    vtimes: [15, 240, 300],
    vdurations: [100, 80, 120],
    phonemes: ['ə', 'm', 'æ'],
    audioEncoding: 'wav',
  },
};

describe('a message of HeadTTS', () => {
  it('tells what its sound holds', () => {
    expect(readHeadTtsMessage(JSON.stringify(audio))).toEqual({
      type: 'audio',
      ref: 3,
      wav: true,
      visemes: [
        { name: 'E', startMs: 15, endMs: 115 },
        { name: 'PP', startMs: 240, endMs: 320 },
        { name: 'aa', startMs: 300, endMs: 420 },
      ],
      words: [
        { name: 'A ', startMs: 15, endMs: 250 },
        { name: 'map.', startMs: 240, endMs: 700 },
      ],
    });
    const bytes = Uint8Array.of(1);
    expect(readHeadTtsMessage(bytes)).toEqual({ type: 'sound', bytes });
    expect(readHeadTtsMessage('{"type":"error","ref":1,"data":{"error":" No. "}}')).toEqual({
      type: 'error',
      reason: 'No.',
    });
    expect(readHeadTtsMessage('{"type":"ready"}')).toEqual({ type: 'other' });
  });

  it.each(['', '[]', '7', '{"ref":1}', '{"type":"audio"}', '{"type":"audio","ref":"1"}', 'null'])(
    'is garbage where it is none: %s',
    (text) => expect(readHeadTtsMessage(text).type).toBe('garbage'),
  );

  it('never throws, whatever it holds, and keeps lists in order', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const data = fc.record({ words: value, wtimes: value, wdurations: value, visemes: value, vtimes: value });
    const odd = fc.oneof(
      value,
      fc.record({ type: fc.constantFrom('audio', 'error', 'x'), ref: fc.oneof(fc.integer(), value), data }),
    );
    fc.assert(
      fc.property(odd, (message) => {
        const read = readHeadTtsMessage(JSON.stringify(message));
        if (read.type === 'audio')
          for (const list of [read.visemes, read.words])
            for (const [index, { startMs }] of list.entries())
              expect(startMs).toBeGreaterThanOrEqual(list[index - 1]?.startMs ?? startMs);
      }),
      { seed: 11 },
    );
  });

  it('names shapes in either spelling', () => {
    expect(['aa', 'AA', 'ih', 'I', 'ou', 'viseme_PP', 'sil', 'x'].map(oculusViseme)).toEqual([
      'aa',
      'aa',
      'I',
      'I',
      'U',
      'PP',
      'sil',
      undefined,
    ]);
  });
});

describe('the shapes of a part', () => {
  it('give way to their neighbours by half of what they overlap', () => {
    const read = readHeadTtsMessage(JSON.stringify(audio));
    const cues = cuesOf(read.type === 'audio' ? read.visemes : [], 10, 10.4);
    expect(cues.map(({ viseme }) => viseme)).toEqual(['E', 'PP', 'aa']);
    expect(cues.flatMap(({ start, end }) => [start, end])).toEqual(
      [10.015, 10.115, 10.24, 10.31, 10.31, 10.4].map((time) => expect.closeTo(time, 9)),
    );
  });

  it('never overlap, never leave the part, and have a length, whatever the times', () => {
    const shape = fc.record({
      name: fc.constantFrom('PP', 'aa', 'sil', 'odd'),
      startMs: fc.integer({ min: -100, max: 2000 }),
      length: fc.integer({ min: -50, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(shape), fc.double({ min: 0, max: 2, noNaN: true }), (shapes, seconds) => {
        const lasting = shapes
          .map(({ name, startMs, length }) => ({ name, startMs, endMs: startMs + length }))
          .sort((a, b) => a.startMs - b.startMs);
        let before = 5;
        for (const { start, end } of cuesOf(lasting, 5, 5 + seconds)) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(5 + seconds + 1e-9);
          before = end;
        }
      }),
      { seed: 12 },
    );
  });
});

describe('the parts of a line', () => {
  it('are given in their order, however they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const line = new HeadTtsLine('', 'here');
        const given: number[] = [];
        for (const index of order) {
          const bytes = new Uint8Array(new Int16Array(24).fill(index).buffer);
          for (const part of line.take(index, { bytes, wav: false, visemes: [], words: [] }))
            if (part.type === 'audio') given.push(part.samples[0]!);
        }
        expect(given).toEqual([0, 1, 2, 3, 4]);
        expect(line.given).toBe(5);
      }),
      { seed: 13 },
    );
  });
});
