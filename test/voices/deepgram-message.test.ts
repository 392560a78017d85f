import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeepgramMessage } from '../../src/voices/deepgram/deepgram-message.ts';

describe('a frame of Aura', () => {
  it('is read in its newer and older forms', () => {
    const read = (message: unknown) => readDeepgramMessage(JSON.stringify(message));
    expect(read({ type: 'Flushed', sequence_id: 0 })).toEqual({ type: 'flushed' });
    expect(read({ type: 'Metadata', request_id: 'r' })).toEqual({ type: 'other' });
    expect(read({ type: 'Warning', code: 'EXCESSIVE_FLUSH', description: 'too many' })).toEqual({
      type: 'warning',
      code: 'EXCESSIVE_FLUSH',
      reason: 'too many',
    });
    expect(read({ type: 'Warning', warn_code: 'W', warn_msg: 'older' })).toMatchObject({
      code: 'W',
      reason: 'older',
    });
    expect(read({ type: 'Error' })).toEqual({ type: 'error', code: '', reason: 'it gave no reason' });
    expect(readDeepgramMessage(Uint8Array.of(1, 2))).toEqual({ type: 'audio', bytes: Uint8Array.of(1, 2) });
  });

  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.jsonValue();
    const type = fc.constantFrom('Flushed', 'Cleared', 'Warning', 'Error', 'Metadata', 'x', 7, null);
    const frame = fc.oneof(
      fc
        .record({ type, code: value, description: value, err_msg: value })
        .map((content) => JSON.stringify(content)),
      value.map((content) => JSON.stringify(content)),
      fc.string(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readDeepgramMessage(content);
        if ('reason' in message) expect(message.reason).not.toBe('');
        if (message.type === 'garbage') expect(message.got).not.toBe('');
      }),
      { seed: 51, numRuns: 2_000 },
    );
  });
});
