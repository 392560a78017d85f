import { BEHIND, DIRECTIONS, LEFT, RIGHT } from '../director/murmur-mix.ts';
import { Glide } from './glide.ts';

/** Time constant with which a direction gets louder or softer, seconds: crowds swell, they do not start. */
const SWELL = 0.3;

/** How far aside the sides are, and what is heard of those behind, Hz: the head is between. */
const ASIDE = 0.85;
const BEHIND_HERTZ = 1_400;

/** Under this nothing is heard of it, and none of it is rendered. */
const SILENCE = 1e-4;

/** Time in which it goes when it is disposed, seconds. */
const LEAVING = 0.1;

/** After so long its last sound is gone, seconds: five times its time constant, and more. */
const FADED = 2;

/**
 * One babble, played from four sides: each begins at another place of it, so that they have nothing in common. Nothing in
 * it moves but four gains.
 */
export class MurmurBed {
  readonly #context: BaseAudioContext;
  readonly #out: GainNode;
  readonly #mix: GainNode;
  readonly #sources: readonly AudioBufferSourceNode[];
  readonly #nodes: AudioNode[] = [];
  readonly #glides: readonly Glide[];
  #awake = false;
  /** When somebody was last heard, seconds of the context. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #disposed = false;

  /** `out` is what it is heard through. */
  constructor(
    context: BaseAudioContext,
    out: GainNode,
    samples: Float32Array<ArrayBuffer>,
    sampleRate: number,
  ) {
    this.#context = context;
    this.#out = out;
    this.#mix = new GainNode(context);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate, numberOfChannels: 1 });
    buffer.copyToChannel(samples, 0);
    const glides: Glide[] = [];
    this.#sources = Array.from({ length: DIRECTIONS }, (_, direction) => {
      const source = new AudioBufferSourceNode(context, { buffer, loop: true });
      const gain = new GainNode(context, { gain: 0 });
      const place = placeOf(context, direction);
      source.connect(gain).connect(place).connect(this.#mix);
      source.start(0, (buffer.duration * direction) / DIRECTIONS);
      this.#nodes.push(source, gain, place);
      glides.push(new Glide(gain.gain, SWELL));
      return source;
    });
    this.#glides = glides;
  }

  /** Whether any of it is rendered. */
  get awake(): boolean {
    return this.#awake;
  }

  /** How loud a direction is from now on, linear. Call {@link settle} after the last. */
  setGain(direction: number, gain: number): void {
    const now = this.#context.currentTime;
    this.#glides[direction]!.moveTo(gain < SILENCE ? 0 : gain, now);
    if (gain < SILENCE) return;
    this.#heardAt = now;
    if (this.#awake || this.#disposed) return;
    this.#awake = true;
    this.#mix.connect(this.#out);
  }

  /** Cuts it off where nothing of it is heard any more. */
  settle(): void {
    if (!this.#awake || this.#context.currentTime - this.#heardAt < FADED) return;
    this.#awake = false;
    this.#mix.disconnect();
  }

  /** Falls silent within a tenth of a second; then it lets everything go, and calls `gone`. */
  dispose(gone: () => void): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#awake = false;
    const now = this.#context.currentTime;
    this.#mix.gain.setTargetAtTime(0, now, LEAVING / 5);
    const clear = () => {
      for (const node of this.#nodes) node.disconnect();
      this.#mix.disconnect();
      gone();
    };
    if (this.#context.state === 'running') this.#sources[0]!.onended = clear;
    for (const source of this.#sources) source.stop(now + LEAVING);
    if (this.#context.state !== 'running') clear();
  }
}

function placeOf(context: BaseAudioContext, direction: number): AudioNode {
  if (direction === BEHIND)
    return new BiquadFilterNode(context, { type: 'lowpass', frequency: BEHIND_HERTZ, Q: 0.5 });
  const pan = direction === RIGHT ? ASIDE : direction === LEFT ? -ASIDE : 0;
  return new StereoPannerNode(context, { pan });
}
