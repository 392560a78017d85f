import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Board, type BoardEntry } from '../../../src/captions/board.ts';

let orders = 0;

function entry(phrase: string, options: Partial<BoardEntry> = {}) {
  return {
    speaker: { name: phrase } as object,
    order: orders++,
    shows: true,
    story: false,
    weight: 1,
    lingers: false,
    shownAt: 0,
    phrase,
    slot: -1,
    sharedWith: undefined as BoardEntry | undefined,
    ...options,
  };
}

const seen = (board: Board) => board.holders.map((holder) => holder?.phrase);

describe('the board of captions', () => {
  it('gives each its place to the end of the line, and the first free one to the next', () => {
    const board = new Board(3);
    const [a, b, c] = [entry('a', { weight: 3 }), entry('b', { weight: 2 }), entry('c')];
    board.update([a, b], 0);
    expect(seen(board)).toEqual(['a', 'b', undefined]);
    a.shows = false;
    b.phrase = 'b, second phrase';
    board.update([a, b], 1);
    expect(seen(board)).toEqual([undefined, 'b, second phrase', undefined]);
    c.shownAt = 2;
    board.update([b, c], 2);
    expect(seen(board)).toEqual(['c', 'b, second phrase', undefined]);
  });

  it('drops the least chatter for the story, and never the story for chatter', () => {
    const board = new Board(2);
    const chatter = [entry('near', { weight: 2 }), entry('far', { weight: 0.5 })];
    board.update(chatter, 0);
    const quest = entry('quest', { story: true, weight: 0.1, shownAt: 0.1 });
    board.update([...chatter, quest], 0.1);
    expect(seen(board)).toEqual(['near', 'quest']);
    const loud = entry('loud', { weight: 100, shownAt: 3 });
    board.update([...chatter, quest, loud], 3);
    expect(seen(board)).toEqual(['loud', 'quest']);
  });

  it('lets who counts clearly more take a place, but not before the phrase can be read', () => {
    const board = new Board(1);
    const first = entry('first');
    board.update([first], 0);
    const alike = entry('alike', { weight: 1.2, shownAt: 2 });
    const nearer = entry('nearer', { weight: 1.3, shownAt: 0.5 });
    board.update([first, alike, nearer], 0.5);
    expect(seen(board)).toEqual(['first']);
    nearer.shownAt = 2;
    board.update([first, alike, nearer], 2);
    expect(seen(board)).toEqual(['nearer']);
  });

  it('begins no chatter in the midst of a phrase, but the story whenever there is a place', () => {
    const board = new Board(1);
    board.update([entry('late', { shownAt: 0 })], 2);
    expect(seen(board)).toEqual([undefined]);
    board.update([entry('quest', { story: true, shownAt: 0 })], 2);
    expect(seen(board)).toEqual(['quest']);
  });

  it('puts the next line of a speaker where the last one stands', () => {
    const board = new Board(2);
    const speaker = {};
    const last = entry('last', { speaker, weight: 2 });
    const other = entry('other');
    board.update([last, other], 0);
    last.lingers = true;
    const next = entry('next', { speaker, shownAt: 0.4 });
    board.update([last, other, next], 0.5);
    expect(seen(board)).toEqual(['next', 'other']);
    expect(last.slot).toBe(-1);
  });

  it('shows once what several say at once', () => {
    const board = new Board(2);
    const cheers = [entry('Hurrah!', { weight: 3 }), entry('Hurrah!', { weight: 2 }), entry('Hurrah!')];
    board.update(cheers, 0);
    board.update(cheers, 0.1);
    expect(seen(board)).toEqual(['Hurrah!', undefined]);
    expect(cheers.slice(1).map(({ sharedWith }) => sharedWith)).toEqual([cheers[0], cheers[0]]);
    cheers[1]!.phrase = 'And again!';
    cheers[1]!.shownAt = 0.2;
    board.update(cheers, 0.2);
    expect(seen(board)).toEqual(['Hurrah!', 'And again!']);
  });

  it('over heads shows each its own, also in the midst of a phrase', () => {
    const board = new Board(2, { fresh: Number.POSITIVE_INFINITY, shares: false });
    board.update([entry('Hurrah!'), entry('Hurrah!')], 5);
    expect(seen(board)).toEqual(['Hurrah!', 'Hurrah!']);
  });

  it('keeps its order in any crowd: nobody moves, no speaker twice, no chatter before the story', () => {
    const change = fc.record({
      who: fc.integer({ min: 0, max: 7 }),
      weight: fc.double({ min: 0, max: 5, noNaN: true }),
      story: fc.boolean(),
      what: fc.constantFrom('say', 'phrase', 'linger', 'go'),
      phrase: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(change, { maxLength: 80 }), (most, changes) => {
        const board = new Board(most);
        const speakers = Array.from({ length: 8 }, () => ({}));
        let entries: ReturnType<typeof entry>[] = [];
        let now = 0;
        for (const { who, weight, story, what, phrase } of changes) {
          now += 0.3;
          const mine = entries.findLast(({ speaker }) => speaker === speakers[who]);
          if (what === 'say' || !mine)
            entries.push(entry(phrase, { speaker: speakers[who]!, weight, story, shownAt: now }));
          else if (what === 'phrase') Object.assign(mine, { phrase, shownAt: now });
          else if (what === 'linger') Object.assign(mine, { lingers: true });
          else entries = entries.filter((each) => each !== mine);
          const before = new Map(entries.map((each) => [each, each.slot]));
          board.update(entries, now);

          const holders = board.holders.filter((holder) => holder !== undefined);
          expect(new Set(holders.map(({ speaker }) => speaker)).size).toBe(holders.length);
          for (const [each, slot] of before) if (slot >= 0) expect([slot, -1]).toContain(each.slot);
          board.holders.forEach((holder, slot) => {
            if (holder) expect(holder.slot).toBe(slot);
          });
          const waits = entries.some(
            (each) =>
              each.story &&
              !each.lingers &&
              each.slot < 0 &&
              !each.sharedWith &&
              !entries.some(({ speaker, order }) => speaker === each.speaker && order > each.order),
          );
          if (waits) expect(holders.every((holder) => holder.story)).toBe(true);
        }
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});
