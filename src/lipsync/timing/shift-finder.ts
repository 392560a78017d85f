import type { Cue } from '../../speech/cue.ts';
import { VISEME_COUNT, VISEME_INDEX } from '../../speech/viseme.ts';
import { HOP } from './mel.ts';

/** How far times may be off, frames to both sides, and how much of the line is looked back at. */
const FURTHEST = 80;
const WINDOW = 250;
/** So often shifts are compared, frames. */
const STRIDE = 5;
/**
 * Another shift must make what was heard this much more likely, natural logarithm: in all, and for each frame. Less is said by
 * chance, and by services that draw the borders of sounds elsewhere. Measured on 700 true lines of all local voices, half of
 * them short: none reaches this.
 */
const GAIN = 30;
const GAIN_EACH = 0.15;
/**
 * Frames of speech that two shifts are compared by: one soft sound, or a breath that begins a line, is soon misheard so
 * surely that it outweighs {@link GAIN}. They are speech where silence is less likely than this.
 */
const SPEECH = 60;
const SILENCE = Math.log(0.5);
/** A smaller change is not seen, frames. */
const UNSEEN = 3;
/** Shifts that are nearly as good as the best, natural logarithm: of them the smallest change is taken. */
const NEARLY = 1;
const LEAST = 0.02;
const UNKNOWN = -1;

/** Finds by how much the times of cues must be moved to fit what is heard, while both are still coming. */
export class ShiftFinder {
  /** Viseme of each frame by the cues, from their zero on. */
  #told = new Int8Array(512).fill(UNKNOWN);
  #known = 0;
  /** Log probability of each viseme in each frame heard. */
  #heard = new Float32Array(512 * VISEME_COUNT);
  #frames = 0;

  /** Cues in rising order, with their own times in seconds. */
  addCues(cues: readonly Cue[]): void {
    for (const { viseme, start, end } of cues) {
      const last = Math.round(end / HOP);
      if (last <= this.#known) continue;
      if (last > this.#told.length) this.#told = grown(this.#told, new Int8Array(2 * last));
      const first = Math.max(Math.round(start / HOP), this.#known);
      this.#told.fill(VISEME_INDEX.sil, this.#known, first); // Nothing is silence.
      this.#told.fill(VISEME_INDEX[viseme], first, last);
      this.#known = last;
    }
  }

  /** The probability of each viseme in the next frame; returns a shift that fits better than the one now, seconds. */
  push(visemes: Float32Array, now: number): number | undefined {
    const at = this.#frames * VISEME_COUNT;
    if (at + VISEME_COUNT > this.#heard.length)
      this.#heard = grown(this.#heard, new Float32Array(2 * this.#heard.length));
    for (let v = 0; v < VISEME_COUNT; v++) this.#heard[at + v] = Math.log(visemes[v]! + LEAST);
    this.#frames++;
    if (this.#frames % STRIDE > 0 || this.#known === 0) return undefined;
    return this.#better(Math.round(now / HOP));
  }

  #better(now: number): number | undefined {
    let best = { shift: now, gain: 0 };
    for (let away = UNSEEN; away <= 2 * FURTHEST; away++) {
      for (const shift of [now - away, now + away]) {
        if (Math.abs(shift) > FURTHEST) continue;
        const gain = this.#gain(shift, now);
        if (gain > best.gain + NEARLY) best = { shift, gain };
      }
    }
    return best.shift === now ? undefined : best.shift * HOP;
  }

  /** How much more likely one shift makes what was heard than another; 0 where that is too little. */
  #gain(shift: number, now: number): number {
    let gain = 0;
    let count = 0;
    let speech = 0;
    for (let frame = Math.max(this.#frames - WINDOW, 0); frame < this.#frames; frame++) {
      const [one, other] = [this.#at(frame - shift), this.#at(frame - now)];
      if (one === UNKNOWN || other === UNKNOWN) continue;
      const at = frame * VISEME_COUNT;
      gain += this.#heard[at + one]! - this.#heard[at + other]!;
      if (this.#heard[at + VISEME_INDEX.sil]! < SILENCE) speech++;
      count++;
    }
    return speech >= SPEECH && gain > GAIN && gain > GAIN_EACH * count ? gain : 0;
  }

  #at(frame: number): number {
    if (frame < 0) return VISEME_INDEX.sil;
    return frame < this.#known ? this.#told[frame]! : UNKNOWN;
  }
}

function grown<T extends Int8Array | Float32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
