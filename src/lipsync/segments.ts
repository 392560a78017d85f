import { bellStep } from './smooth.ts';

/** A row of shapes, each held from a moment to another; in rising order, and never two at once. */
export class Segments {
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly viseme: number[] = [];
  readonly strength: number[] = [];
  /** Half the time the mouth takes to go into a shape or out of it, seconds. */
  readonly reach: number;

  constructor(reach: number) {
    this.reach = reach;
  }

  /** Takes a shape; returns its index. */
  add(start: number, end: number, viseme: number, strength: number): number {
    this.start.push(start);
    this.end.push(end);
    this.viseme.push(viseme);
    return this.strength.push(strength) - 1;
  }

  /** Index of the first shape that is still seen at `time`. */
  firstAt(time: number): number {
    let low = 0;
    let high = this.end.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end[middle]! + this.reach > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * How much of the mouth a shape has at a moment, 0 to 1: its step seen through a bell as wide as a movement. The
   * shares of shapes that follow one another add up to 1.
   */
  shareAt(index: number, time: number): number {
    const { reach } = this;
    return bellStep((this.end[index]! - time) / reach) - bellStep((this.start[index]! - time) / reach);
  }
}
