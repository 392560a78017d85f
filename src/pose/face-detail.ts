import { GESTURES } from '../lipsync/gesture.ts';
import { VISEMES } from '../speech/viseme.ts';
import { CHANNEL, CHANNEL_COUNT, FIRST_PART } from './channels.ts';
import { MOMENT } from './moment.ts';

/** How much of a face is made: everything, a mouth by visemes, or a jaw. */
export const DETAIL = { jaw: 0, mouth: 1, face: 2 } as const;

/** Time in which one passes into the next, seconds: a head that is turned all the way moves back no faster than heads do. */
const GLIDE_SECONDS = 0.5;

const { aa: AA } = CHANNEL;

/** Weight of "aa" that opens the lips as far as each viseme does at weight 1. */
const OPENS = Float32Array.from(VISEMES, (viseme) => GESTURES[viseme].openMm / GESTURES.aa.openMm);

const LEVEL = 0;
const TIME = 1;

/**
 * Takes from a pose what is not to be made of it. From one detail to the next it glides, so that nobody sees the change;
 * where nobody looks, {@link jump} takes it at once.
 */
export class FaceDetail {
  /** What is to be made: one of {@link DETAIL}. */
  wanted: number = DETAIL.face;
  readonly #state = Float64Array.of(DETAIL.face, 0);
  #jumped = false;
  #whole = true;
  #mouth = true;

  /** Whether anything but the mouth is made; still so in the frame that takes the last of it away. */
  get makesFace(): boolean {
    return this.#whole;
  }

  /** The same for the visemes; without them there is a jaw. */
  get makesMouth(): boolean {
    return this.#mouth;
  }

  /** Is where it wants to be from the next frame on; all that is not made any more is taken away in it. */
  jump(): void {
    this.#state[LEVEL] = this.wanted;
    this.#jumped = true;
  }

  /** One frame, before the pose is made: how far it has come. */
  step(moment: Float64Array): void {
    const state = this.#state;
    const elapsed = moment[MOMENT.time]! - state[TIME]!;
    state[TIME] = moment[MOMENT.time]!;
    const level = state[LEVEL]!;
    this.#whole = this.#jumped || level > DETAIL.mouth || this.wanted > DETAIL.mouth;
    this.#mouth = this.#whole || level > DETAIL.jaw || this.wanted > DETAIL.jaw;
    this.#jumped = false;
    const most = Math.min(Math.max(elapsed / GLIDE_SECONDS, 0), 1);
    if (level < this.wanted) state[LEVEL] = Math.min(level + most, this.wanted);
    else state[LEVEL] = Math.max(level - most, this.wanted);
  }

  /** Takes from a settled pose what is not made. Allocates nothing. */
  trim(pose: Float32Array): void {
    const level = this.#state[LEVEL]!;
    if (level < DETAIL.face && this.#whole) {
      const share = Math.max(level - DETAIL.mouth, 0);
      for (let c = FIRST_PART; c < CHANNEL_COUNT; c++) pose[c] = pose[c]! * share;
    }
    if (level >= DETAIL.mouth) return;
    let open = 0;
    for (let v = 0; v < FIRST_PART; v++) {
      open += pose[v]! * OPENS[v]!;
      pose[v] = pose[v]! * level;
    }
    const jaw = pose[AA]! + open * (1 - level);
    pose[AA] = jaw < 1 ? jaw : 1;
  }
}
