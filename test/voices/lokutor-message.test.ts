import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLokutorMessage } from '../../src/voices/lokutor/lokutor-message.ts';

describe('a frame of the Lokutor protocol', () => {
  it('is read or called garbage, never worse, whatever it holds', () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.string());
    const fields = ['type', 'data', 'visemes', 'v', 'c', 't', 'id', 'char', 'timestamp', 'error', 'message'];
    const types = fc.constantFrom('audio', 'viseme', 'visemes', 'VISEMES', 'error', 'eos', 'timing');
    const event = fc.dictionary(fc.constantFrom(...fields), value);
    const json = fc.oneof(
      event,
      fc.array(event),
      fc.record({ type: types, data: fc.oneof(event, fc.array(event), value) }),
      fc.jsonValue(),
    );
    const frame = fc.oneof(
      json.map((content) => JSON.stringify(content)),
      fc.string(),
      fc.string().map((reason) => `ERR:${reason}`),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(frame, (content) => {
        const message = readLokutorMessage(content);
        if (message.type === 'error') expect(message.reason).not.toBe('');
        if (message.type !== 'letters') return;
        for (const { index, time } of message.letters) {
          expect(Number.isFinite(time) && time >= 0).toBe(true);
          expect(Number.isInteger(index) && index >= -1).toBe(true);
        }
      }),
      { seed: 10, numRuns: process.env.PARLEY_LONG ? 100_000 : 2_000 },
    );
  });

  it('is the end, however it is written', () => {
    for (const end of ['EOS', ' EOS\n', '{"type":"eos"}', '{"type":"EOS","data":null}']) {
      expect(readLokutorMessage(end)).toEqual({ type: 'end' });
    }
  });

  it('without a letter is silence, without a place belongs nowhere', () => {
    expect(readLokutorMessage('[{"t":1.5},{"t":-1,"v":2.5,"c":"A"}]')).toEqual({
      type: 'letters',
      letters: [
        { letter: 'sil', index: -1, time: 1.5 },
        { letter: 'A', index: -1, time: 0 },
      ],
    });
  });
});
