import { Glide } from './glide.ts';

/**
 * Where low and treble part, Hz: the lower edge of Steam Audio's middle band, and near the 1 kHz at which the level of a
 * voice's treble is usually measured against the rest (alpha ratio).
 */
export const CORNER_HZ = 800;

/** Time constant of a change, seconds: 95 % of it is done in 150 ms. */
const GLIDE_SECONDS = 0.05;

/** Change that is told, as a part of what is heard: 0.1 dB. */
const SLACK = 0.01;

/** Time after which what is left of a change is below -100 dB, seconds. */
const SETTLED = 12 * GLIDE_SECONDS;

/**
 * Makes a voice duller or brighter between two nodes: what is below {@link CORNER_HZ} by one gain, what is above by
 * another, with a slope of 6 dB an octave at most between them. The voice itself goes straight on; what is to be added to
 * it or taken from it comes from two gains beside it, one of them behind a fixed filter. So nothing is ever taken out of
 * the sound's way, no filter changes while it sounds, nothing clicks, and a voice as it was recorded costs nothing.
 */
export class VoiceTone {
  readonly #from: AudioNode;
  readonly #to: AudioNode;
  #nodes: Nodes | undefined;
  #joined = false;
  #low = 1;
  #treble = 1;
  #settlesAt = 0;

  /** The voice goes from `from` to `to`, which are connected. */
  constructor(from: AudioNode, to: AudioNode) {
    this.#from = from;
    this.#to = to;
  }

  /** Whether anything is done to the voice, or was until just now. */
  get active(): boolean {
    return this.#joined;
  }

  /** Once a frame: both gains, 0 or above, 1 as recorded; `now` is the context's time. Allocates nothing but the first time. */
  moveTo(low: number, treble: number, now: number): void {
    const neutral = low === 1 && treble === 1;
    if (neutral ? this.#low === 1 && this.#treble === 1 : this.#isNear(low, treble)) {
      if (this.#joined && neutral && now > this.#settlesAt) this.#leave();
      return;
    }
    this.#low = low;
    this.#treble = treble;
    this.#settlesAt = now + SETTLED;
    const nodes = this.#join();
    nodes.above.moveTo(treble - 1, now);
    nodes.below.moveTo(low - treble, now);
  }

  /** Has both gains at once: for when nothing sounds. */
  jumpTo(low: number, treble: number): void {
    this.#low = low;
    this.#treble = treble;
    this.#settlesAt = 0;
    if (low === 1 && treble === 1) {
      this.#leave();
      return;
    }
    const nodes = this.#join();
    nodes.above.jumpTo(treble - 1);
    nodes.below.jumpTo(low - treble);
  }

  dispose(): void {
    this.#leave();
  }

  #isNear(low: number, treble: number): boolean {
    return (
      Math.abs(low - this.#low) <= SLACK * this.#low &&
      Math.abs(treble - this.#treble) <= SLACK * this.#treble
    );
  }

  /** Both gains are 0 when they come and when they go. */
  #join(): Nodes {
    this.#nodes ??= new Nodes(this.#from.context);
    if (this.#joined) return this.#nodes;
    this.#joined = true;
    this.#nodes.above.jumpTo(0);
    this.#nodes.below.jumpTo(0);
    this.#from.connect(this.#nodes.direct);
    this.#from.connect(this.#nodes.filter);
    this.#nodes.added.connect(this.#to);
    return this.#nodes;
  }

  #leave(): void {
    if (!this.#joined || !this.#nodes) return;
    this.#joined = false;
    this.#from.disconnect(this.#nodes.direct);
    this.#from.disconnect(this.#nodes.filter);
    this.#nodes.added.disconnect();
  }
}

/** What is added to the voice: a share of all of it, and a share of what is below the corner. */
class Nodes {
  readonly direct: GainNode;
  readonly filter: IIRFilterNode;
  readonly filtered: GainNode;
  /** Both: Chromium adds three inputs of a node in any order, and the last bit of a recording would be another each time. */
  readonly added: GainNode;
  readonly above: Glide;
  readonly below: Glide;

  constructor(context: BaseAudioContext) {
    // One pole by the bilinear transform: what it lets through and what it holds back add up to the voice, sample by sample.
    const k = Math.tan((Math.PI * CORNER_HZ) / context.sampleRate);
    const b = k / (1 + k);
    this.direct = new GainNode(context, { gain: 0 });
    this.filter = new IIRFilterNode(context, { feedforward: [b, b], feedback: [1, (k - 1) / (k + 1)] });
    this.filtered = new GainNode(context, { gain: 0 });
    this.added = new GainNode(context);
    this.direct.connect(this.added);
    this.filter.connect(this.filtered).connect(this.added);
    this.above = new Glide(this.direct.gain, GLIDE_SECONDS);
    this.below = new Glide(this.filtered.gain, GLIDE_SECONDS);
  }
}
