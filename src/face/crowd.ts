import { CHANNEL, FIRST_PART } from '../pose/channels.ts';

/** A mesh of which only so many targets can be shown at once. */
export interface CrowdedMesh {
  /** Its targets are those from `from` to before `to` of the writer's. */
  readonly from: number;
  readonly to: number;
  /** How many may be above 0. */
  readonly most: number;
}

/** How much more a mouth counts than a brow of the same weight, and a blink. */
const MOUTH = 8;
const BLINK = 4;

/**
 * Decides which targets wait where a graphics card shows only a few of a mesh at once: left alone, Babylon shows the
 * first by index, so that a viseme may vanish behind a brow. The mouth goes first, then blinks, then what is strongest.
 */
export class Crowd {
  readonly #meshes: readonly CrowdedMesh[];
  readonly #worth: Float64Array;

  /** `channels`: for each target of the writer, the channel in a pose that it is. */
  constructor(meshes: readonly CrowdedMesh[], channels: ArrayLike<number>) {
    this.#meshes = meshes;
    this.#worth = Float64Array.from(channels, worthOf);
  }

  /** Puts the weights of those that wait to 0. Allocates nothing. */
  thin(weights: Float64Array): void {
    for (let m = 0; m < this.#meshes.length; m++) {
      const { from, to, most } = this.#meshes[m]!;
      let shown = 0;
      for (let t = from; t < to; t++) if (weights[t] !== 0) shown++;
      for (; shown > most; shown--) {
        let least = -1;
        let leastWorth = Number.POSITIVE_INFINITY;
        for (let t = from; t < to; t++) {
          const worth = Math.abs(weights[t]!) * this.#worth[t]!;
          if (worth > 0 && worth < leastWorth) {
            least = t;
            leastWorth = worth;
          }
        }
        weights[least] = 0;
      }
    }
  }
}

const MOUTH_PARTS = [CHANNEL.jawForward, CHANNEL.mouthUpperUpRight] as const;

/** How much a target counts at weight 1, by the channel in a pose that it is. */
export function worthOf(channel: number): number {
  if (channel < FIRST_PART || channel === CHANNEL.tongueOut) return MOUTH;
  if (channel >= MOUTH_PARTS[0] && channel <= MOUTH_PARTS[1]) return MOUTH;
  return channel === CHANNEL.eyeBlinkLeft || channel === CHANNEL.eyeBlinkRight ? BLINK : 1;
}
