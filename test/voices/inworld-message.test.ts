import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInworldMessage } from '../../src/voices/inworld/inworld-message.ts';
import { InworldOrigin } from '../../src/voices/inworld/inworld-origin.ts';
import { NO_TIMES, readInworldTimes } from '../../src/voices/inworld/inworld-times.ts';

const read = (message: unknown) => readInworldMessage(JSON.stringify(message));

describe('a frame of Inworld', () => {
  it('is read with its context, in either spelling', () => {
    expect(read({ result: { contextId: 'c', contextCreated: {} } })).toEqual({
      type: 'other',
      context: 'c',
      last: false,
    });
    expect(read({ result: { context_id: 'c', flush_completed: {} } })).toMatchObject({
      type: 'flushed',
      context: 'c',
    });
    expect(read({ result: { contextId: 'c', contextClosed: {}, status: { code: 0 } } })).toMatchObject({
      last: true,
    });
    expect(read({ result: { contextId: 'c', audioChunk: { audioContent: 'AQI=' } } })).toMatchObject({
      type: 'chunk',
      bytes: Uint8Array.of(1, 2),
      times: NO_TIMES,
    });
    expect(read({ result: { contextId: 'c', status: { code: 5, message: 'no' } } })).toEqual({
      type: 'error',
      reason: 'no',
      code: 5,
      context: 'c',
      last: true,
    });
    expect(read({ error: { code: 16, message: 'who?' } })).toMatchObject({ code: 16, context: undefined });
  });

  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.jsonValue();
    const times = fc.oneof(value, fc.array(fc.oneof(fc.double(), fc.string())));
    const alignment = fc.record({
      words: times,
      wordStartTimeSeconds: times,
      wordEndTimeSeconds: times,
      phoneticDetails: fc.oneof(value, fc.array(fc.record({ wordIndex: value, phones: fc.array(value) }))),
      visemes: fc.oneof(
        value,
        fc.array(fc.record({ viseme: value, startTimeSeconds: value, duration: value })),
      ),
      visemeStarts: times,
    });
    const info = fc.record({
      wordAlignment: alignment,
      characterAlignment: value,
      lipsyncAlignment: alignment,
    });
    const chunk = fc.record({
      audioContent: fc.oneof(value, fc.base64String()),
      timestampInfo: fc.oneof(value, info),
    });
    const result = fc.record({
      contextId: value,
      audioChunk: fc.oneof(value, chunk),
      status: value,
      contextClosed: value,
    });
    const frame = fc.oneof(
      fc.record({ result, error: value }, { requiredKeys: [] }).map((content) => JSON.stringify(content)),
      value.map((content) => JSON.stringify(content)),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readInworldMessage(content);
        if (message.type === 'error') expect(message.reason).not.toBe('');
        if (message.type === 'chunk') {
          const { words, sounds, characters, visemes } = message.times;
          for (const { start, end } of [...words, ...sounds, ...characters, ...visemes]) {
            expect(Number.isFinite(start) && Number.isFinite(end)).toBe(true);
          }
        }
      }),
      { seed: 53, numRuns: 2_000 },
    );
  });
});

describe('visemes whose fields nobody knows', () => {
  const both = [
    { viseme: 'sil', start: 0, end: 0.1, weight: 1 },
    { viseme: 'O', start: 0.1, end: 0.3, weight: 1 },
  ];
  it.each([
    [
      {
        visemes: [
          { viseme: 'sil', startTimeSeconds: 0, endTimeSeconds: 0.1 },
          { viseme: 'oh', startTimeSeconds: 0.1, endTimeSeconds: 0.3 },
        ],
      },
    ],
    [
      {
        visemes: [
          { visemeSymbol: 'SIL', start: 0, duration: 0.1 },
          { visemeSymbol: 'O', start: 0.1, duration: 0.2 },
        ],
      },
    ],
    [
      {
        visemes: [
          { id: 0, offsetMs: 0, durationMs: 100 },
          { id: 13, offsetMs: 100, durationMs: 200 },
        ],
      },
    ],
    [{ visemes: ['sil', 'viseme_O'], visemeStartTimeSeconds: [0, 0.1], visemeEndTimeSeconds: [0.1, 0.3] }],
  ])('are read in any plausible form: %j', (lipsyncAlignment) => {
    expect(readInworldTimes({ lipsyncAlignment }).visemes).toEqual(
      both.map((shape) => ({ ...shape, start: expect.closeTo(shape.start), end: expect.closeTo(shape.end) })),
    );
  });

  it('last to the next where no end is told, and are left out where nothing can be read', () => {
    const visemes = [
      { name: 'PP', time: 0.2 },
      { name: 'aa', time: 0.3 },
      { name: 'wow', time: 0.4 },
      { name: 'E' },
      7,
    ];
    expect(readInworldTimes({ lipsyncAlignment: { visemes } }).visemes).toEqual([
      { viseme: 'PP', start: 0.2, end: 0.3, weight: 1 },
      { viseme: 'aa', start: 0.3, end: 0.3, weight: 1 },
    ]);
  });
});

describe('the origin of times', () => {
  it('is found out, for chunks of any length and sounds anywhere in them', () => {
    const lengths = fc.array(fc.double({ min: 0.25, max: 1.2, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.nat(), (seconds, fromChunk, seed) => {
        const origin = new InworldOrigin();
        let random = seed % 2147483647;
        let begins = 0;
        for (const length of seconds) {
          // A sound at least every 0.2 s, as in speech.
          const sounds: { ipa: string; start: number; end: number }[] = [];
          for (let at = begins; at < begins + length - 0.02; ) {
            const start = at - (fromChunk ? begins : 0);
            sounds.push({ ipa: 'a', start, end: start + 0.05 });
            random = (random * 48_271) % 2147483647;
            at += 0.04 + 0.16 * (random / 2147483647);
          }
          const shift = origin.shift({ ...NO_TIMES, sounds }, begins, length);
          if (begins > 0) expect(shift).toBe(fromChunk ? begins : 0);
          begins += length;
        }
      }),
      { seed: 54, numRuns: 500 },
    );
  });
});
