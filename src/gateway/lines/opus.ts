import { RateConverter } from '../../pcm/rate-converter.ts';
import { OPUS_RATE, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import { InputError } from '../../speech/errors.ts';

/**
 * Bits a second: speech of the whole band, which RFC 6716 (section 2.1.1) puts at 28 to 40 kbit/s.
 */
const BIT_RATE = 32_000;

/**
 * Rates that the encoder is given as they are; others are converted to the greatest. It takes 8 and 12 kHz as well, but
 * codes them as telephones do: of a chord at 8 kHz a likeness of 0.65 came back, and of more than 0.8 by way of 48 kHz.
 */
const ENCODER_RATES = [16_000, 24_000, OPUS_RATE] as const;

type EncoderRate = (typeof ENCODER_RATES)[number];

/** `OPUS_GET_LOOKAHEAD`: its named property in the package is misspelt on both sides. */
const GET_LOOKAHEAD = 4_027;

type Library = typeof import('@evan/opus');

/** The encoder of the optional package `@evan/opus`. */
export interface Opus {
  /** Samples at 48 kHz that a decoder gives too many at the start. */
  readonly preSkip: number;
  /** For a line of that rate, Hz. */
  encode(sampleRate: number): LineEncoder;
}

/** Loads the package. Rejects with {@link InputError} that says how to have it. */
export async function loadOpus(load: () => Promise<Library> = () => import('@evan/opus')): Promise<Opus> {
  let library: Library;
  try {
    library = await load();
  } catch (cause) {
    throw Object.assign(
      new InputError('Sound in Opus', 'the package @evan/opus (npm install @evan/opus)', 'none'),
      { cause },
    );
  }
  const create = (sampleRate: EncoderRate) => {
    const encoder = new library.Encoder({ channels: 1, sample_rate: sampleRate, application: 'audio' });
    encoder.bitrate = BIT_RATE;
    encoder.signal = 'voice';
    return encoder;
  };
  return {
    preSkip: create(OPUS_RATE).ctl(GET_LOOKAHEAD),
    encode(sampleRate) {
      const rate = ENCODER_RATES.find((each) => each === sampleRate) ?? OPUS_RATE;
      return new LineEncoder(create(rate), sampleRate, rate);
    },
  };
}

/** One line as packets of 20 ms, the same however its samples are cut. */
export class LineEncoder {
  readonly #encoder: InstanceType<Library['Encoder']>;
  readonly #converter: RateConverter | undefined;
  /** What has come of a packet that is not whole. */
  readonly #frame: Int16Array;
  #filled = 0;

  constructor(encoder: InstanceType<Library['Encoder']>, sampleRate: number, encoderRate: EncoderRate) {
    this.#encoder = encoder;
    this.#converter = sampleRate === encoderRate ? undefined : new RateConverter(sampleRate, encoderRate);
    this.#frame = new Int16Array((encoderRate * PACKET_SAMPLES) / OPUS_RATE);
  }

  /** The packets that `samples` complete. */
  push(samples: Int16Array): Uint8Array[] {
    return this.#pack(this.#converter ? this.#converter.push(samples) : samples);
  }

  /** The last packets, with silence behind the line: a decoder gives all of it, and less than one packet more. */
  end(): Uint8Array[] {
    const packets = this.#pack(this.#converter?.end() ?? new Int16Array(0));
    // What is still to come out of a decoder: what is in no packet yet, and what the encoder holds back.
    const rest = this.#filled + this.#encoder.ctl(GET_LOOKAHEAD);
    const padding = Math.ceil(rest / this.#frame.length) * this.#frame.length - this.#filled;
    packets.push(...this.#pack(new Int16Array(padding)));
    return packets;
  }

  #pack(samples: Int16Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const count = Math.min(samples.length - at, this.#frame.length - this.#filled);
      this.#frame.set(samples.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < this.#frame.length) continue;
      packets.push(this.#encoder.encode(this.#frame).slice());
      this.#filled = 0;
    }
    return packets;
  }
}
