import { RateConverter } from '../../pcm/rate-converter.ts';
import { OPUS_RATE, PACKET_SAMPLES } from '../../protocol/opus-bundle.ts';
import { InputError } from '../../speech/errors.ts';

/**
 * Bits a second: speech of the whole band, which RFC 6716 (section 2.1.1) puts at 28 to 40 kbit/s.
 */
const BIT_RATE = 32_000;

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
  const create = () => {
    const encoder = new library.Encoder({ channels: 1, sample_rate: OPUS_RATE, application: 'audio' });
    encoder.bitrate = BIT_RATE;
    encoder.signal = 'voice';
    return encoder;
  };
  const preSkip = create().ctl(GET_LOOKAHEAD);
  return { preSkip, encode: (sampleRate) => new LineEncoder(create(), sampleRate, preSkip) };
}

/** One line as packets of 20 ms at 48 kHz, the same however its samples are cut. */
export class LineEncoder {
  readonly #encoder: InstanceType<Library['Encoder']>;
  readonly #converter: RateConverter | undefined;
  readonly #preSkip: number;
  /** What has come of a packet that is not whole. */
  readonly #frame = new Int16Array(PACKET_SAMPLES);
  #filled = 0;

  constructor(encoder: InstanceType<Library['Encoder']>, sampleRate: number, preSkip: number) {
    this.#encoder = encoder;
    this.#converter = sampleRate === OPUS_RATE ? undefined : new RateConverter(sampleRate, OPUS_RATE);
    this.#preSkip = preSkip;
  }

  /** The packets that `samples` complete. */
  push(samples: Int16Array): Uint8Array[] {
    return this.#pack(this.#converter ? this.#converter.push(samples) : samples);
  }

  /** The last packets, with silence behind the line: a decoder gives all of it, and less than one packet more. */
  end(): Uint8Array[] {
    const packets = this.#pack(this.#converter?.end() ?? new Int16Array(0));
    // What is still to come out of a decoder: what is in no packet yet, and what the encoder holds back.
    const rest = this.#filled + this.#preSkip;
    const padding = Math.ceil(rest / PACKET_SAMPLES) * PACKET_SAMPLES - this.#filled;
    packets.push(...this.#pack(new Int16Array(padding)));
    return packets;
  }

  #pack(samples: Int16Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const count = Math.min(samples.length - at, PACKET_SAMPLES - this.#filled);
      this.#frame.set(samples.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < PACKET_SAMPLES) continue;
      packets.push(this.#encoder.encode(this.#frame).slice());
      this.#filled = 0;
    }
    return packets;
  }
}
