/** Where murmur comes from, around the ears of the player. */
export const AHEAD = 0;
export const RIGHT = 1;
export const BEHIND = 2;
export const LEFT = 3;

/** How many directions there are. */
export const DIRECTIONS = 4;

/**
 * How loud the murmur of many is in each of four directions: their powers add up, as of voices that know nothing of one
 * another. Whoever is between two directions is heard in both.
 */
export class MurmurMix {
  readonly #powers = new Float64Array(DIRECTIONS);

  /** Nobody talks. */
  clear(): void {
    this.#powers.fill(0);
  }

  /** Somebody talks at `place`: metres to the right and ahead; `place[2]` is how loud they are heard. Allocates nothing. */
  add(place: Float64Array): void {
    const right = place[0]!;
    const ahead = place[1]!;
    const power = place[2]! * place[2]!;
    const square = right * right + ahead * ahead;
    // Whoever is right here is heard from ahead.
    const aside = square > 0 ? (right * right) / square : 0;
    const powers = this.#powers;
    const side = right > 0 ? RIGHT : LEFT;
    const way = ahead < 0 ? BEHIND : AHEAD;
    powers[side] = powers[side]! + power * aside;
    powers[way] = powers[way]! + power * (1 - aside);
  }

  /** How loud a direction is. */
  gain(direction: number): number {
    return Math.sqrt(this.#powers[direction]!);
  }
}
