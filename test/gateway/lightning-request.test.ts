import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLightningRequest } from '../../src/gateway/dialects/lightning-request.ts';
import { OddPieces } from '../../src/gateway/dialects/odd-pieces.ts';
import { TextStore } from '../../src/gateway/dialects/text-store.ts';

const RUNS = process.env.PARLEY_LONG ? 50_000 : 1_000;

describe('a request of the Lightning dialects', () => {
  it('never throws, and lets nothing through that breaks a bound', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.string(),
      fc.constantFrom('F1', 16_000, true, 'pcm'),
    );
    const fields =
      'voice_id text language sample_rate speed continue flush output_format request_id model'.split(' ');
    const object = fc
      .dictionary(fc.constantFrom(...fields, 'complete_backoff_ms', '__proto__'), value)
      .map((json) => JSON.stringify(json));
    const version = fc.constantFrom('v2' as const, 'v3.1' as const);
    fc.assert(
      fc.property(fc.oneof(object, fc.json(), fc.string()), version, (message, spoken) => {
        const { request, problem } = readLightningRequest(message, spoken);
        if (problem !== undefined) {
          expect(problem.length).toBeLessThan(300);
          return;
        }
        expect(request.voice !== '' || request.text.trim() === '').toBe(true);
        expect([8_000, 16_000, 24_000, 44_100]).toContain(request.sampleRate);
        expect(request.speed).toBeGreaterThanOrEqual(spoken === 'v2' ? 0.1 : 0.5);
        expect(request.speed).toBeLessThanOrEqual(spoken === 'v2' ? 5 : 2);
        expect(request.completeAfterMs).toBeLessThanOrEqual(10_000);
      }),
      { seed: 5, numRuns: RUNS },
    );
  });
});

describe('text that is kept', () => {
  it('comes out whole and in order, in stretches of bounded length that end at clauses or words', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('Hello ', 'there, ', 'end. ', 'a', ' ', '!', 'x'.repeat(300)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const store = new TextStore();
        const stretches = pieces.flatMap((text) => store.push(text));
        for (const stretch of stretches) expect(stretch.length).toBeLessThanOrEqual(250);
        const rest = store.take();
        expect(rest.length).toBeLessThanOrEqual(250);
        expect(stretches.join('') + rest).toBe(pieces.join(''));
        expect(store.filled).toBe(false);
      }),
      { seed: 7, numRuns: RUNS },
    );
  });
});

describe('odd pieces', () => {
  it('hold all bytes in order, and only the last may be even', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 20 }), (given) => {
        const odd = new OddPieces();
        const pieces = given.map((bytes) => Buffer.from(odd.push(bytes)));
        for (const piece of pieces) expect(piece.length === 0 || piece.length % 2 === 1).toBe(true);
        expect(Buffer.concat([...pieces, odd.end()])).toEqual(Buffer.concat(given));
      }),
      { seed: 9, numRuns: RUNS },
    );
  });
});
