import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, Floor } from '../../../src/director/floor.ts';
import { SEAT, Seat, weigh } from '../../../src/director/seat.ts';

const LIMITS = { voices: 2, agingSeconds: 5, storyPriority: 1 };

function claim(name: string, { priority = 0, since = 0, distance = 5, view = 1 } = {}) {
  const seat = new Seat();
  seat.row[SEAT.distance] = distance;
  seat.row[SEAT.view] = view;
  seat.onScreen = true;
  weigh(seat);
  return { name, seat, priority, since };
}

type Named = Claim & { readonly name: string };

function begun(floor: Floor<Named>, now: number): string[] {
  const names: string[] = [];
  for (let turn = floor.next(now); turn; turn = floor.next(now)) {
    names.push(turn.instead ? `${turn.begin.name} for ${turn.instead.name}` : turn.begin.name);
  }
  return names;
}

describe('who may speak', () => {
  it('as many as there are voices; the next when one has ended', () => {
    const floor = new Floor<Named>(LIMITS);
    const [a, b, c] = [claim('a'), claim('b'), claim('c')];
    for (const one of [a, b, c]) floor.ask(one);
    expect(begun(floor, 0)).toEqual(['a', 'b']);
    floor.leave(a);
    expect(begun(floor, 0)).toEqual(['c']);
  });

  it('the one in front of the player wins over one aside and one farther away', () => {
    const floor = new Floor<Named>({ ...LIMITS, voices: 1 });
    floor.ask(claim('far', { distance: 12 }));
    floor.ask(claim('aside', { distance: 3, view: 0 }));
    floor.ask(claim('in front', { distance: 3 }));
    expect(begun(floor, 0)).toEqual(['in front']);
  });

  it('the one that has waited longest speaks next, even from farther away', () => {
    const floor = new Floor<Named>({ ...LIMITS, voices: 1 });
    floor.ask(claim('near', { since: 9, distance: 1 }));
    floor.ask(claim('patient', { since: 0, distance: 20 }));
    expect(begun(floor, 10)).toEqual(['patient']);
  });

  it('a line of the story takes the voice of the chatter that counts least, once', () => {
    const floor = new Floor<Named>(LIMITS);
    const chatter = [claim('near', { distance: 2 }), claim('far', { distance: 9 })];
    for (const one of chatter) floor.ask(one);
    begun(floor, 0);
    const quest = claim('quest', { priority: 2, distance: 20 });
    floor.ask(quest);
    expect(begun(floor, 1)).toEqual(['quest for far']);
    expect(chatter.map((one) => floor.isDucked(one))).toEqual([true, true]);
    expect(floor.isDucked(quest)).toBe(false);
  });

  it('waiting gives no right to interrupt', () => {
    const floor = new Floor<Named>({ ...LIMITS, voices: 1 });
    floor.ask(claim('speaks'));
    begun(floor, 0);
    floor.ask(claim('waits', { priority: 0.9 }));
    expect(begun(floor, 1000)).toEqual([]);
  });

  it('while the story is told no chatter begins; afterwards it does', () => {
    const floor = new Floor<Named>(LIMITS);
    const quest = claim('quest', { priority: 1 });
    floor.ask(quest);
    floor.ask(claim('chatter', { since: -100 }));
    expect(begun(floor, 0)).toEqual(['quest']);
    expect(begun(floor, 100)).toEqual([]);
    floor.leave(quest);
    expect(begun(floor, 100)).toEqual(['chatter']);
  });

  it('never has more voices than there are, starves nobody, and forgets who left, whoever comes and goes', () => {
    const step = fc.record({
      priority: fc.constantFrom(-1, 0, 0, 1, 2),
      distance: fc.double({ min: 0, max: 50, noNaN: true }),
      ends: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const floor = new Floor<Named>(LIMITS);
        const asked: Named[] = [];
        let now = 0;
        const take = () => {
          for (let turn = floor.next(now); turn; turn = floor.next(now)) {
            if (turn.instead) floor.leave(turn.instead);
            expect(floor.speaking.size).toBeLessThanOrEqual(LIMITS.voices);
          }
        };
        for (const { ends, ...options } of steps) {
          const one = claim(String(asked.length), { ...options, since: now });
          asked.push(one);
          floor.ask(one);
          take();
          if (ends === 0) for (const speaker of [...floor.speaking].slice(0, 1)) floor.leave(speaker);
          now += 0.5;
        }
        for (let round = 0; round < asked.length && floor.waiting.size + floor.speaking.size > 0; round++) {
          now += 1;
          for (const speaker of [...floor.speaking]) floor.leave(speaker);
          take();
        }
        for (const speaker of [...floor.speaking]) floor.leave(speaker);
        expect(floor.waiting.size + floor.speaking.size).toBe(0);
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
