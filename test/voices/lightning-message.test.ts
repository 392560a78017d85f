import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LightningLine } from '../../src/voices/lightning/lightning-line.ts';
import { readLightningMessage } from '../../src/voices/lightning/lightning-message.ts';

const LONG = process.env.PARLEY_LONG ? 50_000 : 2_000;

describe('a frame of the Lightning protocol', () => {
  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string());
    const fields = [
      'status',
      'data',
      'audio',
      'word',
      'start',
      'end',
      'error',
      'message',
      'code',
      'done',
      'payload',
    ];
    const statuses = fc.constantFrom('chunk', 'complete', 'comp', 'error', 'word_timestamp', 'CHUNK', 'new');
    const object = fc.dictionary(fc.constantFrom(...fields), value);
    const frame = fc.oneof(
      fc
        .oneof(object, fc.record({ status: statuses, data: fc.oneof(object, value) }), fc.jsonValue())
        .map((content) => JSON.stringify(content)),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readLightningMessage(content);
        if (message.type === 'error') expect(message.reason).not.toBe('');
        if (message.type === 'word') expect([message.start, message.end].every(Number.isFinite)).toBe(true);
        if (message.type === 'audio') expect(message.bytes).toBeInstanceOf(Uint8Array);
      }),
      { seed: 31, numRuns: LONG },
    );
  });

  it.each([
    [
      { status: 'error', error: { message: 'no', code: 400 } },
      { type: 'error', reason: 'no', code: '400' },
    ],
    [
      { status: 'error', message: 'no', errors: ['a', { message: 'b' }] },
      { type: 'error', reason: 'no: a: b', code: '' },
    ],
    [{ error: 'no' }, { type: 'error', reason: 'no', code: '' }],
    [{ status: 'error' }, { type: 'error', reason: 'it gave no reason', code: '' }],
    [
      { status: 'error', error_code: 'MODEL_DEPRECATED', message: 'gone', recommended_endpoint: '/x' },
      { type: 'error', reason: 'gone; it recommends /x', code: 'MODEL_DEPRECATED' },
    ],
    [{ status: 'complete', error: null }, { type: 'end' }],
  ])('tells its reason: %j', (content, wanted) => {
    expect(readLightningMessage(JSON.stringify(content))).toEqual(wanted);
  });
});

describe('the parts of a Lightning line', () => {
  const text = 'Mind the stair, Tom; it is older than I am.';
  const event = fc.oneof(
    fc.record({
      word: fc.constantFrom('Mind', 'the', 'STAIR,', '“Tom”', 'it', 'is', 'zebra', '', '!', 'am.'),
      start: fc.double({ min: -1, max: 9, noNaN: true }),
      length: fc.double({ min: -0.5, max: 1, noNaN: true }),
      request: fc.constantFrom(undefined, 'a', 'b'),
    }),
    fc.record({ bytes: fc.uint8Array({ maxLength: 99 }), request: fc.constantFrom(undefined, 'a', 'b') }),
  );

  it('are in order, without overlap, and where they say in the text, whatever the service tells', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.constantFrom(0, 0.5), (events, spoken) => {
        const line = new LightningLine(text, 24_000, spoken);
        const parts = events.flatMap((each) =>
          'bytes' in each
            ? line.audio(each.bytes, each.request)
            : line.word({ ...each, end: each.start + each.length }),
        );
        parts.push(...line.end());
        const words = parts.flatMap((part) => (part.type === 'words' ? part.words : []));
        const cues = parts.flatMap((part) => (part.type === 'cues' ? part.cues : []));
        for (const list of [words, cues]) {
          for (const [index, { start, end }] of list.entries()) {
            expect(start).toBeGreaterThanOrEqual(index === 0 ? 0 : list[index - 1]!.end);
            expect(end).toBeGreaterThan(start);
          }
        }
        let at = 0;
        for (const word of words) {
          expect(text.slice(word.from, word.to)).toBe(word.text);
          expect(word.from).toBeGreaterThanOrEqual(at);
          at = word.to;
        }
        const bytes = events.reduce((sum, each) => sum + ('bytes' in each ? each.bytes.length : 0), 0);
        expect(line.seconds).toBe((bytes >> 1) / 24_000);
      }),
      { seed: 32, numRuns: 1_000 },
    );
  });
});
