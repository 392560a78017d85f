import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleStore } from '../../../src/playback/sample-store.ts';

const runs = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 12 });

function filled(lengths: readonly number[], keep: boolean): { store: SampleStore; all: number[] } {
  const store = new SampleStore(keep);
  const all: number[] = [];
  for (const length of lengths) {
    const run = Int16Array.from({ length }, (_, n) => (all.length + n) % 32_749);
    all.push(...run);
    store.add(run);
  }
  return { store, all };
}

function drain(store: SampleStore): number[] {
  const out: number[] = [];
  while (store.next > 0) {
    const { next } = store;
    const piece = store.take();
    if (piece.length !== next) throw new Error(`expected ${next} samples, got ${piece.length}`);
    out.push(...structuredClone(piece, { transfer: [piece.buffer] }));
  }
  return out;
}

it('gives every sample once and in order, in arrays that may be given away', () => {
  fc.assert(
    fc.property(runs, fc.boolean(), (lengths, keep) => {
      const { store, all } = filled(lengths, keep);
      expect(store.received).toBe(all.length);
      expect(drain(store)).toEqual(all);
    }),
    { seed: 51, numRuns: 50 },
  );
});

it('gives them again from any place where they are kept', () => {
  fc.assert(
    fc.property(runs, fc.nat(), (lengths, place) => {
      const { store, all } = filled(lengths, true);
      const from = place % (all.length + 1);
      drain(store);
      store.seek(from);
      expect(drain(store)).toEqual(all.slice(from));
    }),
    { seed: 52, numRuns: 50 },
  );
});
