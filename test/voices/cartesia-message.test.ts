import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCartesiaMessage } from '../../src/voices/cartesia/cartesia-message.ts';

const read = (message: unknown) => readCartesiaMessage(JSON.stringify(message));
const data = Buffer.from([1, 2, 3]).toString('base64');
const here = { done: false, status_code: 206, context_id: 'c' };

describe('a message of Cartesia', () => {
  it.each([
    [
      { type: 'chunk', data, step_time: 1, flush_id: 1 },
      { type: 'audio', bytes: new Uint8Array([1, 2, 3]) },
    ],
    [
      { type: 'timestamps', word_timestamps: { words: ['Hi'], start: [0], end: [0.4] } },
      { type: 'words', words: [{ word: 'Hi', start: 0, end: 0.4 }] },
    ],
    [
      {
        type: 'phoneme_timestamps',
        phoneme_timestamps: { phonemes: ['h', 'oʊ'], start: [0.1, 0.2], end: [0.2, 0.3] },
      },
      {
        type: 'sounds',
        sounds: [
          { ipa: 'h', start: 0.1, end: 0.2 },
          { ipa: 'oʊ', start: 0.2, end: 0.3 },
        ],
      },
    ],
    [
      { type: 'timestamps', word_timestamps: null },
      { type: 'words', words: [] },
    ],
    [{ type: 'flush_done', flush_done: true, flush_id: 1 }, { type: 'other' }],
    [{ type: 'something_new' }, { type: 'other' }],
  ])('%j is read', (message, expected) => {
    expect(read({ ...here, ...message })).toEqual({ ...expected, context: 'c', last: false });
  });

  it('ends the line', () => {
    expect(read({ ...here, type: 'done', done: true })).toEqual({ type: 'end', context: 'c', last: true });
  });

  it.each([
    [
      {
        type: 'error',
        title: 'Too many',
        message: 'Wait.',
        error_code: 'concurrency_limited',
        status_code: 429,
      },
      { reason: 'Too many: Wait.', code: 'concurrency_limited', status: 429 },
    ],
    [
      { type: 'error', error: 'Invalid model: No.', status_code: 400 },
      { reason: 'Invalid model: No.', code: '', status: 400 },
    ],
    [
      { error: 'Broken', status_code: 500 },
      { reason: 'Broken', code: '', status: 500 },
    ],
    [
      { type: 'error', error_code: 'odd' },
      { reason: 'odd', code: 'odd', status: 0 },
    ],
    [{ type: 'error' }, { reason: 'it gave no reason', code: '', status: 0 }],
  ])('is an error: %j', (message, expected) => {
    expect(read(message)).toEqual({ type: 'error', ...expected, context: undefined, last: true });
    expect(read({ ...message, context_id: 'c' })).toMatchObject({ ...expected, context: 'c' });
  });

  it.each([
    ['not JSON at all'],
    ['[1]'],
    ['{}'],
    ['{"type":"new"}'],
    ['{"type":"chunk","context_id":"c"}'],
    ['{"type":"chunk","data":"§","context_id":"c"}'],
    ['{"type":"timestamps","word_timestamps":{"words":["a"],"start":[],"end":[1]}}'],
    ['{"type":"timestamps","word_timestamps":{"words":["a"],"start":["0"],"end":[1]}}'],
    ['{"type":"phoneme_timestamps","phoneme_timestamps":{"phonemes":[1],"start":[0],"end":[1]}}'],
    ['{"type":"phoneme_timestamps","phoneme_timestamps":7}'],
  ])('is garbage: %s', (frame) => {
    expect(readCartesiaMessage(frame).type).toBe('garbage');
  });

  it('is read whatever comes', () => {
    expect(readCartesiaMessage(new Uint8Array(3))).toMatchObject({ type: 'garbage' });
    const types = fc.constantFrom(
      'chunk',
      'timestamps',
      'phoneme_timestamps',
      'done',
      'error',
      'flush_done',
      7,
      null,
    );
    const lists = fc.record({
      words: fc.jsonValue(),
      phonemes: fc.jsonValue(),
      start: fc.jsonValue(),
      end: fc.jsonValue(),
    });
    const message = fc.record(
      {
        type: types,
        data: fc.jsonValue(),
        word_timestamps: lists,
        phoneme_timestamps: lists,
        context_id: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(message, (value) => {
        expect(typeof read(value).type).toBe('string');
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});
