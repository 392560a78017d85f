import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, Deck, OWN_STEP, RATE, same, sine, steepest, up } from './deck.ts';

/** The first frame of a deck. */
const NOW = 12_800;

const SOUND = new Map([same, up].map((table) => [table, sine(RATE * 3, table.from)]));

/** How much later than it is due the line is, frames, by each passage. */
function lateness(deck: Deck, due: number): number[] {
  return deck.passages.map(({ context, line }) => context - due - line);
}

describe('a line that is due at a moment', () => {
  it('waits for it, and is there to the frame', () => {
    const due = NOW + 5_000;
    const deck = new Deck().begin({ due });
    deck.renderer.write(sine(24_000));
    deck.play(39);
    expect(deck.renderer.state).toBe('buffering');
    deck.renderer.end();
    deck.play();
    expect(lateness(deck, due)).toEqual(deck.passages.map(() => 0));
    expect(deck.passages[0]!.context).toBeLessThan(due + BLOCK);
    expect(deck.map.rendered * RATE).toBeCloseTo(24_000, 6);
  });

  it('begins in its middle where it comes late, whenever its sound comes, and never clicks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 10_000 }),
        fc.array(fc.integer({ min: 2_000, max: 9_000 }), { minLength: 8, maxLength: 20 }),
        fc.constantFrom(same, up),
        (ahead, pieces, table) => {
          const due = NOW + ahead;
          const deck = new Deck().begin({ table, due, target: 1_920 });
          const all = SOUND.get(table)!;
          let sent = 0;
          for (const piece of pieces) {
            deck.renderer.write(all.subarray(sent, sent + piece));
            sent = Math.min(sent + piece, all.length);
            deck.play(10);
          }
          deck.renderer.end();
          deck.play();
          const first = deck.passages[0];
          if (first) expect(first.context - due - first.line).toBe(0);
          expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP * 1.1);
        },
      ),
      { seed: 7, numRuns: process.env.PARLEY_LONG ? 500 : 25 },
    );
  });

  it('is over at once where all of it was due before', () => {
    const deck = new Deck().begin({ due: NOW - 48_000 });
    deck.renderer.write(sine(9_600));
    deck.renderer.end();
    deck.play();
    expect(deck.passages).toEqual([]);
    expect(deck.renderer.state).toBe('ended');
  });

  it('plays where it is when its stream never catches up', () => {
    const due = NOW - 24_000;
    const deck = new Deck().begin({ due, target: 1_920 });
    const all = sine(RATE * 4);
    // As it is heard, and no faster.
    for (let block = 0; block * BLOCK < all.length; block++) {
      deck.renderer.write(all.subarray(block * BLOCK, (block + 1) * BLOCK));
      deck.play(1);
    }
    const first = deck.passages[0]!;
    expect(first.context - NOW).toBeLessThan(0.6 * RATE);
    expect(lateness(deck, due)[0]).toBeGreaterThan(20_000);
  });

  it('is due anew after a seek', () => {
    const deck = new Deck().begin();
    deck.renderer.write(sine(24_000));
    deck.play(20);
    const due = NOW + 6_000;
    deck.renderer.seek(12_000, 1, due);
    deck.play(3);
    deck.renderer.write(sine(24_000).subarray(12_000));
    deck.renderer.end();
    deck.play();
    const after = deck.passages.filter(({ take }) => take === 1);
    expect(after[0]!.context - due - (after[0]!.line - 12_000)).toBe(0);
    expect(after[0]!.context).toBeGreaterThanOrEqual(due);
  });
});
