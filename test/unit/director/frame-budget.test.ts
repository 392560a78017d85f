import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameBudget } from '../../../src/director/frame-budget.ts';

const LIMITS = { frameMicroseconds: 1_000, faces: 8, mouths: 24 };
const FPS = 60;

/** A game whose frames cost what it says. */
class Game {
  readonly budget: FrameBudget;
  /** Places and when they came, seconds. */
  readonly changes: { at: number; faces: number; mouths: number }[] = [];
  readonly #clock = new Float64Array(1);
  readonly #cost = new Float64Array(1);

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.budget = new FrameBudget({ ...LIMITS, ...limits });
  }

  /** `cost`: microseconds of a frame, by the places there are. */
  pass(seconds: number, cost: (budget: FrameBudget) => number): void {
    for (let frame = 0; frame < seconds * FPS; frame++) {
      this.#clock[0] = this.#clock[0]! + 1 / FPS;
      this.#cost[0] = cost(this.budget);
      if (this.budget.step(this.#clock, this.#cost))
        this.changes.push({ at: this.#clock[0]!, faces: this.budget.faces, mouths: this.budget.mouths });
    }
  }
}

/** What so many faces and mouths cost, on a machine of a certain speed. */
const machine =
  (slowness: number) =>
  ({ faces, mouths }: FrameBudget) =>
    slowness * (100 * faces + 20 * mouths);

describe('the budget of a frame', () => {
  it('leaves everything where frames are cheap, and tells their mean', () => {
    const game = new Game();
    game.pass(10, () => 900);
    expect([game.budget.faces, game.budget.mouths, game.changes]).toEqual([8, 24, []]);
    expect(game.budget.microseconds).toBeCloseTo(900, 3);
  });

  it('takes whole faces first, a quarter at a time, then mouths, until frames keep to it', () => {
    const game = new Game();
    game.pass(60, machine(3)); // 3,840 microseconds with everything.
    const { faces, mouths } = game.budget;
    expect(machine(3)(game.budget)).toBeLessThanOrEqual(1_000);
    expect(faces).toBe(0);
    expect(mouths).toBeGreaterThan(0);
    for (const [index, change] of game.changes.entries()) {
      if (change.faces > 0) expect(change.mouths).toBe(24);
      expect(change.at - (game.changes[index - 1]?.at ?? 0)).toBeGreaterThan(2);
    }
  });

  it('gives them back when there is room again, mouths first', () => {
    const game = new Game();
    game.pass(60, () => 5_000);
    expect([game.budget.faces, game.budget.mouths]).toEqual([0, 0]);
    game.changes.length = 0;
    game.pass(120, machine(0.1));
    expect([game.budget.faces, game.budget.mouths]).toEqual([8, 24]);
    expect(game.changes.findIndex(({ faces }) => faces > 0)).toBeGreaterThan(
      game.changes.findLastIndex(({ mouths }) => mouths < 24),
    );
  });

  it('does not go to and fro: what could not be held is tried again more and more rarely', () => {
    const game = new Game();
    // Six faces are too many, four well within the budget.
    game.pass(600, ({ faces }) => (faces > 4 ? 1_200 : 500));
    const tries = game.changes.filter(({ faces }) => faces === 6).map(({ at }) => at);
    expect(tries.length).toBeLessThan(14);
    const waits = tries.slice(1).map((at, index) => at - tries[index]!);
    expect(waits.at(-1)).toBeGreaterThan(60);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan((waits[index - 1] ?? 0) - 0.1);
  });

  it('does not mind a single long frame, nor a clock that stands or jumps', () => {
    const game = new Game();
    let frame = 0;
    game.pass(60, () => (++frame % 200 === 0 ? 50_000 : 700));
    expect(game.changes).toEqual([]);
    const [clock, cost] = [new Float64Array([5]), new Float64Array([700])];
    for (const time of [5, 5, 1e9, 3, 3.01]) {
      clock[0] = time;
      expect(game.budget.step(clock, cost)).toBe(false);
      expect(game.budget.microseconds).toBeGreaterThan(0);
    }
  });

  it('finds the mean by a clock of whole milliseconds too', () => {
    const game = new Game();
    let [rest, frames] = [0, 0];
    game.pass(20, () => {
      rest += 950 + 100 * Math.sin(frames++);
      const shown = 1_000 * Math.floor(rest / 1_000);
      rest -= shown;
      return shown;
    });
    expect(game.changes).toEqual([]);
    expect(game.budget.microseconds).toBeGreaterThan(850);
    game.pass(3, () => (++frames % 2 === 0 ? 3_000 : 0));
    expect(game.changes).not.toEqual([]);
  });

  it('never has more places than there are, and none between the steps, whatever frames cost', () => {
    const phases = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 20 }), cost: fc.nat(4_000) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(phases, fc.nat(9), fc.nat(30), (all, faces, mouths) => {
        const game = new Game({ faces, mouths });
        for (const { seconds, cost } of all) game.pass(seconds, () => cost);
        let last = { faces, mouths };
        for (const change of game.changes) {
          expect(change.faces).toBeLessThanOrEqual(faces);
          expect(change.mouths).toBeLessThanOrEqual(mouths);
          expect([change.faces, change.mouths]).not.toEqual([last.faces, last.mouths]);
          if (change.mouths < mouths) expect(change.faces).toBe(0);
          last = change;
        }
        game.pass(400, () => 100);
        expect([game.budget.faces, game.budget.mouths]).toEqual([faces, mouths]);
      }),
      { seed: 8, numRuns: 60 },
    );
  });
});
