import { RING, SEAT, type Seat, weigh } from './seat.ts';

/** How many may have which ring, and to where they reach. */
export interface RingLimits {
  /** Most characters with a whole face: gaze, life, undertones. Default 8. */
  readonly faces: number;
  /** Most characters beside those whose mouth moves by visemes. Default 24. */
  readonly mouths: number;
  /** How far away a whole face, and a mouth, are still told from less, metres. Default 8 and 24. */
  readonly nearMetres: number;
  readonly middleMetres: number;
  /** How far voices are heard, metres. Default 48. */
  readonly hearingMetres: number;
}

/** What a character stays in a ring at least, seconds, while it is seen: twice a second is a flicker. */
export const DWELL_SECONDS = 2;

/** How often the characters are compared with one another, seconds. */
const LOOK_SECONDS = 0.25;

/** How long one that left the screen keeps its face, seconds: a turn of the camera and back changes nothing. */
const AFTERIMAGE_SECONDS = 0.5;

/** How much more another must count to take the place of one that has it, and how much nearer it must be to come in. */
const ADVANTAGE = 1.25;
const INWARDS = 0.9;

const NOW = 0;
const LOOKED = 1;

/**
 * Decides who has which ring. Who counts most has the best, as far as places and distance go; who has one keeps it
 * until another counts a quarter more; nobody that is seen changes more than once in {@link DWELL_SECONDS}. Who comes on
 * the screen has its ring at once: nobody has seen it in another.
 */
export class Rings {
  readonly #limits: RingLimits;
  readonly #onChange: (seat: Seat) => void;
  /** Whole faces, and mouths besides, that there may be at the moment. */
  #faces: number;
  #mouths: number;
  /** By what they count, falling; nearly sorted from one look to the next. */
  readonly #seats: Seat[] = [];
  readonly #held = new Int32Array(RING.unheard + 1);
  /** This frame and the last look at all of them, seconds. */
  readonly #times = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);

  /** `onChange` is told of a seat whose ring is another now. */
  constructor(limits: RingLimits, onChange: (seat: Seat) => void) {
    this.#limits = limits;
    this.#faces = limits.faces;
    this.#mouths = limits.mouths;
    this.#onChange = onChange;
  }

  /** From the next look on there may be so many whole faces, and mouths besides; who loses one keeps it for its time. */
  setPlaces(faces: number, mouths: number): void {
    this.#faces = faces;
    this.#mouths = mouths;
  }

  /** Takes in a character; it has its ring at the next {@link update}. */
  add(seat: Seat): void {
    this.#seats.push(seat);
    this.#times[LOOKED] = Number.NEGATIVE_INFINITY;
  }

  remove(seat: Seat): void {
    const index = this.#seats.indexOf(seat);
    if (index >= 0) this.#seats.splice(index, 1);
  }

  /** How many have a ring, by its place in `RINGS`. */
  count(ring: number): number {
    let count = 0;
    for (let index = 0; index < this.#seats.length; index++) if (this.#seats[index]!.ring === ring) count++;
    return count;
  }

  /** One frame: `clock[0]` is its time, seconds; the seats hold what is known at it. Allocates nothing. */
  update(clock: Float64Array): void {
    const times = this.#times;
    const now = clock[0]!;
    times[NOW] = now;
    let appeared = false;
    for (let index = 0; index < this.#seats.length; index++) {
      const seat = this.#seats[index]!;
      if (!seat.onScreen) continue;
      if (seat.ring === RING.unseen || seat.quality === RING.unheard) {
        if (now - seat.row[SEAT.seenAt]! > AFTERIMAGE_SECONDS) {
          seat.row[SEAT.changedAt] = Number.NEGATIVE_INFINITY;
          appeared = true;
        }
      }
      seat.row[SEAT.seenAt] = now;
    }
    const since = now - times[LOOKED]!;
    if (appeared || since >= LOOK_SECONDS || since < 0) {
      times[LOOKED] = now;
      this.#rank();
      this.#place();
      this.#move();
    }
    this.#show();
  }

  /** Sorts by what they count; who has a good ring counts more. */
  #rank(): void {
    const seats = this.#seats;
    for (let index = 0; index < seats.length; index++) {
      const seat = seats[index]!;
      weigh(seat);
      const { row } = seat;
      if (seat.quality === RING.near) row[SEAT.weight] = row[SEAT.weight]! * ADVANTAGE * ADVANTAGE;
      else if (seat.quality === RING.middle) row[SEAT.weight] = row[SEAT.weight]! * ADVANTAGE;
      let place = index;
      for (; place > 0 && seats[place - 1]!.row[SEAT.weight]! < row[SEAT.weight]!; place--)
        seats[place] = seats[place - 1]!;
      seats[place] = seat;
    }
  }

  /** Gives the places away from the first to the last. */
  #place(): void {
    const { nearMetres, middleMetres, hearingMetres } = this.#limits;
    let near = 0;
    let middle = 0;
    for (let index = 0; index < this.#seats.length; index++) {
      const seat = this.#seats[index]!;
      const distance = seat.row[SEAT.distance]!;
      const has = seat.quality;
      // Written so that a distance that is no number is out of hearing.
      if (!(distance <= hearingMetres * (has < RING.unheard ? 1 : INWARDS))) seat.wanted = RING.unheard;
      else if (near < this.#faces && distance <= nearMetres * (has === RING.near ? 1 : INWARDS)) {
        seat.wanted = RING.near;
        near++;
      } else if (middle < this.#mouths && distance <= middleMetres * (has <= RING.middle ? 1 : INWARDS)) {
        seat.wanted = RING.middle;
        middle++;
      } else seat.wanted = RING.far;
    }
  }

  /** First those that give up a place, then those that take one. */
  #move(): void {
    const held = this.#held;
    held.fill(0);
    for (let index = 0; index < this.#seats.length; index++) {
      const seat = this.#seats[index]!;
      if (seat.wanted > seat.quality && this.#isFree(seat)) this.#give(seat, seat.wanted);
      held[seat.quality] = held[seat.quality]! + 1;
    }
    for (let index = 0; index < this.#seats.length; index++) {
      const seat = this.#seats[index]!;
      let wanted = seat.wanted;
      if (wanted >= seat.quality || !this.#isFree(seat)) continue;
      if (wanted === RING.near && held[RING.near]! >= this.#faces) wanted = RING.middle;
      if (wanted === RING.middle && held[RING.middle]! >= this.#mouths) wanted = RING.far;
      if (wanted >= seat.quality) continue;
      held[seat.quality] = held[seat.quality]! - 1;
      held[wanted] = held[wanted]! + 1;
      this.#give(seat, wanted);
    }
  }

  #isFree(seat: Seat): boolean {
    return seat.ring === RING.unseen || this.#times[NOW]! - seat.row[SEAT.changedAt]! >= DWELL_SECONDS;
  }

  #give(seat: Seat, quality: number): void {
    seat.quality = quality;
    seat.row[SEAT.changedAt] = this.#times[NOW]!;
  }

  /** What is not on the screen needs no face, however important. */
  #show(): void {
    const now = this.#times[NOW]!;
    for (let index = 0; index < this.#seats.length; index++) {
      const seat = this.#seats[index]!;
      const lately = now - seat.row[SEAT.seenAt]! <= AFTERIMAGE_SECONDS;
      const ring = lately || seat.quality === RING.unheard ? seat.quality : RING.unseen;
      if (ring === seat.ring) continue;
      seat.ring = ring;
      this.#onChange(seat);
    }
  }
}
