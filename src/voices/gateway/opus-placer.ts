import { RateConverter } from '../../pcm/rate-converter.ts';
import { OPUS_RATE, PACKET_SAMPLES, PRE_ROLL } from '../../protocol/opus-bundle.ts';
import { joinSamples } from '../../speech/samples.ts';

/** Full scale of 16-bit samples. */
const FULL_SCALE = 32_768;

/** Where the sound of a line begins. */
export interface OpusStart {
  /** The line's own rate, Hz. */
  readonly sampleRate: number;
  /** Samples at 48 kHz that the decoder gives too many at the start. */
  readonly preSkip: number;
  /** First sample of the line that is wanted. */
  readonly from: number;
}

/**
 * Makes samples of the line out of what an Opus decoder gives: at the line's own rate, from the sample that is wanted, as
 * many as the line has. A decoder that began in the middle is not believed before its pre-roll is over.
 */
export class OpusPlacer {
  readonly #start: OpusStart;
  readonly #converter: RateConverter | undefined;
  /** Position at 48 kHz of the next sample that the converter takes; what is before it is passed over. */
  #taken: number | undefined;
  /** Sample of the line that the converter gives next. */
  #made = 0;
  /** What may be beyond the end of the line: less than a packet. */
  #held: Int16Array<ArrayBuffer> = new Int16Array(0);
  #given: number;

  constructor(start: OpusStart) {
    const { sampleRate, from } = start;
    this.#start = start;
    this.#given = from;
    this.#converter = sampleRate === OPUS_RATE ? undefined : new RateConverter(OPUS_RATE, sampleRate);
  }

  /** Sample of the line that is given next. */
  get next(): number {
    return this.#given;
  }

  /** What the decoder gave for the packets from a position on; the samples that are certain. */
  push(position: number, decoded: Float32Array): Int16Array<ArrayBuffer> {
    this.#taken ??= this.#firstTaken(position);
    const skip = Math.min(decoded.length, Math.max(0, this.#taken - position));
    const samples = Int16Array.from(decoded.subarray(skip), toInt16);
    this.#taken += samples.length;
    this.#add(this.#converter ? this.#converter.push(samples) : samples);
    const holding = Math.ceil((PACKET_SAMPLES * this.#start.sampleRate) / OPUS_RATE);
    return this.#give(Math.max(0, this.#held.length - holding));
  }

  /** The rest of a line with so many samples: with it all of them were given. */
  end(samples: number): Int16Array<ArrayBuffer> {
    if (this.#converter) this.#add(this.#converter.end());
    const left = Math.max(0, samples - this.#given);
    const rest = this.#give(Math.min(left, this.#held.length));
    const whole = new Int16Array(left); // A gateway that sent too few packets leaves silence.
    whole.set(rest);
    this.#given += left - rest.length;
    return whole;
  }

  /**
   * The converter begins where a sample of the line lies exactly on one at 48 kHz, so that its samples are those of one that
   * began with the line. With odd rates there is none near: then it is right within half a sample.
   */
  #firstTaken(position: number): number {
    const { sampleRate, preSkip } = this.#start;
    const settled = Math.max(0, (position === 0 ? 0 : position + PRE_ROLL) - preSkip);
    const divisor = gcd(sampleRate, OPUS_RATE);
    const step = OPUS_RATE / divisor;
    const near = step <= PACKET_SAMPLES;
    const steps = near ? Math.ceil(settled / step) : settled / step;
    this.#made = Math.round((steps * sampleRate) / divisor);
    return preSkip + Math.round(steps * step);
  }

  /** Leaves out what is before the first sample that is wanted. */
  #add(samples: Int16Array<ArrayBuffer>): void {
    const wanted = this.#given + this.#held.length;
    const early = Math.min(samples.length, Math.max(0, wanted - this.#made));
    this.#made += samples.length;
    if (samples.length > early) this.#held = joinSamples([this.#held, samples.subarray(early)]);
  }

  #give(count: number): Int16Array<ArrayBuffer> {
    const samples = this.#held.slice(0, count);
    this.#held = this.#held.slice(count);
    this.#given += count;
    return samples;
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function toInt16(value: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value * FULL_SCALE)));
}
