/** Fields of {@link Seat.row}: numbers go in an array, because one that is handed over by itself may be put on the heap. */
export const SEAT = {
  /** Metres to the ears of the player. */
  distance: 0,
  /** Cosine of the angle between where the player looks and where the character is, -1 to 1. */
  view: 1,
  /** Last moment at which the character was on the screen, seconds. */
  seenAt: 2,
  /** How much the story wants the character to be noticed: 1 for anybody, 0 for nobody, more for its people. */
  story: 3,
  /** How much the character counts now: what {@link weigh} wrote. */
  weight: 4,
  /** When it last changed its ring, seconds. */
  changedAt: 5,
} as const;

const SEAT_LENGTH = 6;

/**
 * How well a character is heard and shown, from the best down: `near` has everything; `middle` a mouth by visemes;
 * `far` a jaw; `unseen` a voice alone; of `unheard` nothing is made at all.
 */
export const RINGS = ['near', 'middle', 'far', 'unseen', 'unheard'] as const;

/** One of {@link RINGS}. */
export type Ring = (typeof RINGS)[number];

/** A ring by its place in {@link RINGS}. */
export const RING: Readonly<Record<Ring, number>> = { near: 0, middle: 1, far: 2, unseen: 3, unheard: 4 };

/** What the director keeps of one character. */
export class Seat {
  readonly row = new Float64Array(SEAT_LENGTH);
  /** Whether the character is on the screen at this frame. */
  onScreen = false;
  /** Whether a line of it is under way. */
  speaking = false;
  /** The ring it has by importance and distance: `near`, `middle`, `far` or `unheard`. */
  quality: number = RING.unheard;
  /** What is made of it: the same, or `unseen`. */
  ring: number = RING.unheard;
  /** The ring that it should have, by the last look at all of them. */
  wanted: number = RING.unheard;

  constructor() {
    const { row } = this;
    row[SEAT.distance] = Number.POSITIVE_INFINITY;
    row[SEAT.seenAt] = row[SEAT.changedAt] = Number.NEGATIVE_INFINITY;
    row[SEAT.story] = 1;
  }
}

/** Distance at which a character counts half of one at no distance, metres: the far end of social distance (Hall 1966). */
const HALF_METRES = 3.6;
/** How much one counts that is not on the screen, and one at the edge of sight; 1 is one that is looked at. */
const OFF_SCREEN = 0.3;
const AT_THE_EDGE = 0.6;
/** How much more one counts that speaks. */
const SPEAKING = 2;

/**
 * Works out how much a character counts: by distance, by whether it is on the screen and looked at, by what the story
 * wants, and twice while it speaks. 0 to twice the story's weight.
 */
export function weigh({ row, onScreen, speaking }: Seat): void {
  const apart = row[SEAT.distance]! / HALF_METRES;
  const looked = Math.max(0, row[SEAT.view]!);
  const seen = onScreen ? AT_THE_EDGE + (1 - AT_THE_EDGE) * looked : OFF_SCREEN;
  row[SEAT.weight] = (row[SEAT.story]! * seen * (speaking ? SPEAKING : 1)) / (1 + apart * apart);
}
