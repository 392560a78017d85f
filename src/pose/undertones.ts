import { FIRST_UNDERTONE, ROW, UNDERTONES } from '../lipsync/grid.ts';
import { CHANNEL, type FacePart } from './channels.ts';
import { MOMENT, SPEAKING } from './moment.ts';

/** Face parts that show each undertone of a pose curve, at its own weight. */
const PARTS: Readonly<Record<(typeof UNDERTONES)[number], readonly FacePart[]>> = {
  lipsRound: ['mouthPucker'],
  lipsSpread: ['mouthStretchLeft', 'mouthStretchRight'],
  // The jaw goes down and the lips stay together: ARKit's mouthClose is as much as its jawOpen.
  jawBehind: ['jawOpen', 'mouthClose'],
};

/**
 * What a pose curve says besides the visemes, on faces that have parts of their own for it; on others it is left out,
 * since a part that stands for something else would open the lips.
 */
export class Undertones {
  /** Indexes in a row and in a pose, in pairs. */
  readonly #pairs: Int16Array;

  /** `has`: whether the face has a part of that name, as ARKit means it. */
  constructor(has: (part: FacePart) => boolean) {
    const pairs = UNDERTONES.flatMap((undertone, index) => {
      const parts = PARTS[undertone];
      return parts.every(has) ? parts.map((part) => [FIRST_UNDERTONE + index, CHANNEL[part]]) : [];
    });
    this.#pairs = Int16Array.from(pairs.flat());
  }

  /**
   * Adds the undertones of a curve's row to a pose whose mouth is settled, as far as the character speaks; by default, all
   * of them. Rows without them add none.
   */
  add(pose: Float32Array, row: Float32Array, moment = SPEAKING): void {
    if (row.length < ROW) return;
    const amount = moment[MOMENT.speaking]!;
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length; i += 2) {
      const channel = pairs[i + 1]!;
      pose[channel] = Math.min(pose[channel]! + row[pairs[i]!]! * amount, 1);
    }
  }
}
