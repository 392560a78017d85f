import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElevenLabsMessage } from '../../src/voices/elevenlabs/elevenlabs-message.ts';

const read = (message: unknown) => readElevenLabsMessage(JSON.stringify(message));
const audio = Buffer.from([1, 2, 3]).toString('base64');
const alignment = { chars: ['H', 'i'], charStartTimesMs: [0, 40], charDurationsMs: [40, 60] };
const characters = [
  { character: 'H', start: 0, end: 0.04 },
  { character: 'i', start: 0.04, end: 0.1 },
];

describe('a message of ElevenLabs', () => {
  it.each([
    ['the service’s names', { audio, alignment, normalizedAlignment: null, isFinal: null, contextId: 'c' }],
    ['names in snake case', { audio, alignment, is_final: false, context_id: 'c' }],
    [
      'snake case within',
      {
        audio,
        alignment: { chars: ['H', 'i'], char_start_times_ms: [0, 40], chars_durations_ms: [40, 60] },
        contextId: 'c',
      },
    ],
    ['the normalized text alone', { audio, alignment: null, normalizedAlignment: alignment, contextId: 'c' }],
    [
      'an older name',
      {
        audio,
        alignment: { ...alignment, charDurationsMs: undefined, charsDurationsMs: [40, 60] },
        contextId: 'c',
      },
    ],
  ])('is read in %s', (_, message) => {
    const result = read(message);
    expect(result).toMatchObject({ type: 'chunk', context: 'c', last: false });
    if (result.type !== 'chunk') return;
    expect([...result.bytes]).toEqual([1, 2, 3]);
    expect(result.characters).toHaveLength(2);
    for (const [nth, { character, start, end }] of result.characters.entries()) {
      expect(character).toBe(characters[nth]!.character);
      expect(start).toBeCloseTo(characters[nth]!.start, 9);
      expect(end).toBeCloseTo(characters[nth]!.end, 9);
    }
  });

  it('prefers the text as given to the normalized one', () => {
    const other = { chars: ['x'], charStartTimesMs: [0], charDurationsMs: [1] };
    expect(read({ audio, alignment, normalizedAlignment: other })).toMatchObject({ characters });
  });

  it.each([[{ isFinal: true }], [{ is_final: true }], [{ audio: null, isFinal: true }]])(
    'ends the line: %j',
    (message) => expect(read(message)).toMatchObject({ type: 'chunk', last: true }),
  );

  it.each([
    [{ message: 'No.', error: 'invalid_api_key', code: 1008 }, 'No.', 'invalid_api_key'],
    [{ detail: { status: 'quota_exceeded', message: 'Out.' } }, 'Out.', 'quota_exceeded'],
    [{ error: 'broken' }, 'broken', 'broken'],
    [{ error: { message: 'Odd.', code: 'odd' } }, 'Odd.', 'odd'],
    [{ status: 'error' }, 'error', 'error'],
  ])('is an error: %j', (message, reason, code) => {
    expect(read(message)).toEqual({ type: 'error', reason, code, context: undefined, last: true });
  });

  it.each([
    ['not JSON at all'],
    ['[1]'],
    ['null'],
    ['{"audio":"§"}'],
    ['{"audio":7}'],
    ['{"alignment":{"chars":["a"],"charStartTimesMs":[],"charDurationsMs":[1]}}'],
    ['{"alignment":{"chars":["a"],"charStartTimesMs":["0"],"charDurationsMs":[1]}}'],
    ['{"alignment":{"chars":[1],"charStartTimesMs":[0],"charDurationsMs":[1]}}'],
    ['{"alignment":{"chars":["a"],"charStartTimesMs":[-5],"charDurationsMs":[1]}}'],
  ])('is garbage: %s', (frame) => {
    expect(readElevenLabsMessage(frame).type).toBe('garbage');
  });

  it('is read whatever comes', () => {
    expect(readElevenLabsMessage(new Uint8Array(3))).toMatchObject({ type: 'garbage' });
    const field = fc.oneof(fc.jsonValue(), fc.constant(audio), fc.constant(alignment));
    const message = fc.record(
      {
        audio: field,
        alignment: field,
        normalizedAlignment: field,
        isFinal: field,
        contextId: field,
        error: field,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(message, (value) => {
        const result = read(value);
        expect(['chunk', 'error', 'garbage']).toContain(result.type);
        if (result.type === 'chunk')
          for (const { start, end } of result.characters) expect(end).toBeGreaterThanOrEqual(start);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
