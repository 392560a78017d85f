import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DWELL_SECONDS, Rings } from '../../../src/director/rings.ts';
import { RING, RINGS, SEAT, Seat } from '../../../src/director/seat.ts';

const LIMITS = { faces: 2, mouths: 3, nearMetres: 8, middleMetres: 24, hearingMetres: 48 };
const FRAME = 1 / 30;

/** Characters in a row, and the time that passes for them. */
class Scene {
  readonly seats: Seat[] = [];
  readonly changes: { seat: Seat; ring: number; at: number }[] = [];
  readonly rings = new Rings(LIMITS, (seat) => this.changes.push({ seat, ring: seat.ring, at: this.now }));
  readonly #clock = new Float64Array(1);

  get now(): number {
    return this.#clock[0]!;
  }

  add(distance: number, { onScreen = true, view = 1 } = {}): Seat {
    const seat = new Seat();
    seat.row[SEAT.distance] = distance;
    seat.row[SEAT.view] = view;
    seat.onScreen = onScreen;
    this.seats.push(seat);
    this.rings.add(seat);
    return seat;
  }

  pass(seconds: number): void {
    for (const end = this.now + seconds - FRAME / 2; this.now < end; ) {
      this.#clock[0] = this.now + FRAME;
      this.rings.update(this.#clock);
    }
  }

  get shown(): string[] {
    return this.seats.map(({ ring }) => RINGS[ring]!);
  }
}

describe('who has which ring', () => {
  it('the nearest have whole faces, the next mouths, the rest jaws, and whom nobody hears nothing', () => {
    const scene = new Scene();
    for (const metres of [30, 2, 60, 12, 4, 6, 10, 14]) scene.add(metres);
    scene.pass(FRAME);
    expect(scene.shown).toEqual(['far', 'near', 'unheard', 'middle', 'near', 'middle', 'middle', 'far']);
  });

  it('who is looked at comes before who is nearer at the edge of sight', () => {
    const scene = new Scene();
    scene.add(3, { view: 0 });
    scene.add(3.2, { view: 0 });
    scene.add(3.4);
    scene.pass(FRAME);
    expect(scene.shown).toEqual(['near', 'middle', 'near']);
  });

  it('who leaves the screen is a voice alone half a second later, and whole again in the frame in which it is back', () => {
    const scene = new Scene();
    const seat = scene.add(3);
    scene.pass(1);
    seat.onScreen = false;
    scene.pass(0.4);
    expect(scene.shown).toEqual(['near']);
    scene.pass(0.2);
    expect(scene.shown).toEqual(['unseen']);
    seat.onScreen = true;
    scene.pass(FRAME);
    expect(scene.shown).toEqual(['near']);
  });

  it('who comes on the screen has its ring at once, whatever it had before', () => {
    const scene = new Scene();
    const seat = scene.add(30, { onScreen: false });
    scene.pass(1);
    seat.row[SEAT.distance] = 3;
    seat.onScreen = true;
    scene.pass(FRAME);
    expect(scene.shown).toEqual(['near']);
  });

  it('whoever walks to and fro over a border changes at most every two seconds, and hardly at all by a step', () => {
    const scene = new Scene();
    const seat = scene.add(8);
    scene.pass(2);
    const before = scene.changes.length;
    for (let step = 0; step < 100; step++) {
      seat.row[SEAT.distance] = 8 + (step % 2 === 0 ? 0.3 : -0.3);
      scene.pass(0.1);
    }
    expect(scene.changes.length - before).toBeLessThanOrEqual(1);
  });

  it('two who count alike do not take each other’s place in turn', () => {
    const scene = new Scene();
    const [, second, third] = [scene.add(1), scene.add(4), scene.add(4.1)];
    scene.pass(3);
    expect(scene.shown).toEqual(['near', 'near', 'middle']);
    for (let step = 0; step < 50; step++) {
      second!.row[SEAT.distance] = 4 + 0.2 * (step % 2);
      third!.row[SEAT.distance] = 4.2 - 0.2 * (step % 2);
      scene.pass(0.5);
    }
    expect(scene.changes).toHaveLength(3);
  });

  it('who speaks counts more than who does not', () => {
    const scene = new Scene();
    const seats = [scene.add(2), scene.add(2.1), scene.add(2.5)];
    scene.pass(3);
    expect(scene.shown).toEqual(['near', 'near', 'middle']);
    seats[2]!.speaking = true;
    scene.pass(DWELL_SECONDS + 0.5);
    expect(scene.shown[2]).toBe('near');
  });

  it('somebody at no place is not heard, and nobody has a place twice or beyond the limits, whatever they do', () => {
    const move = fc.record({
      who: fc.nat(9),
      distance: fc.oneof(fc.double({ min: 0, max: 70, noNaN: true }), fc.constant(Number.NaN)),
      view: fc.double({ min: -1, max: 1, noNaN: true }),
      onScreen: fc.boolean(),
      speaking: fc.boolean(),
      seconds: fc.double({ min: FRAME, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
        const scene = new Scene();
        for (let index = 0; index < 10; index++) scene.add(5 * index);
        for (const { who, distance, view, onScreen, speaking, seconds } of moves) {
          const seat = scene.seats[who]!;
          seat.row[SEAT.distance] = distance;
          seat.row[SEAT.view] = view;
          seat.onScreen = onScreen;
          seat.speaking = speaking;
          scene.pass(seconds);
          expect(scene.rings.count(RING.near)).toBeLessThanOrEqual(LIMITS.faces);
          expect(scene.rings.count(RING.middle)).toBeLessThanOrEqual(LIMITS.mouths);
        }
        for (const seat of scene.seats) {
          if (Number.isNaN(seat.row[SEAT.distance]!)) seat.row[SEAT.distance] = Number.POSITIVE_INFINITY;
        }
        scene.pass(2 * DWELL_SECONDS);
        for (const { row, ring } of scene.seats) {
          if (row[SEAT.distance] === Number.POSITIVE_INFINITY) expect(ring).toBe(RING.unheard);
        }
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('lets go of who leaves: the place is another’s', () => {
    const scene = new Scene();
    const [first] = [scene.add(1), scene.add(2), scene.add(3)];
    scene.pass(3);
    scene.rings.remove(first!);
    scene.rings.remove(first!);
    scene.pass(1);
    expect(scene.shown).toEqual(['near', 'near', 'near']); // The first keeps what it last had; nobody asks.
    expect(scene.rings.count(RING.near)).toBe(2);
  });
});
