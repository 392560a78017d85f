import { RateConverter } from '../pcm/rate-converter.ts';
import type { Cue } from '../speech/cue.ts';
import type { SpeechPart } from '../speech/part.ts';
import { LetterWriter } from './lokutor-letters.ts';

/** The protocol's sample rate, Hz. */
export const LOKUTOR_RATE = 44_100;

/** Samples in a frame of sound: 30 ms. The last frames of a line may be any length from 20 to 40 ms. */
const FRAME = 1_323;
const SHORTEST = 882;
const LONGEST = 1_764;

/** Turns the parts of one line into frames of the Lokutor protocol, but for the last, `EOS`. */
export class LokutorFrames {
  readonly #letters: LetterWriter | undefined;
  #cues: Cue[] = [];
  #converter: RateConverter | undefined;
  /** Sound that is not framed yet. */
  #rest: Int16Array = new Int16Array(0);
  #framed = 0;

  /** `text` is the request's; letters with times are made only where they are wanted. */
  constructor(text: string, visemes: boolean) {
    this.#letters = visemes ? new LetterWriter(text) : undefined;
  }

  /** The frames that a part completes: text frames are visemes, the others sound. */
  *push(part: SpeechPart): Generator<string | Uint8Array, void> {
    if (part.type === 'cues' && this.#letters) this.#cues.push(...part.cues);
    if (part.type === 'audio') yield* this.#frame(this.#atRate(part.samples, part.sampleRate), SHORTEST);
    if (part.type === 'end') yield* this.#end();
  }

  #atRate(samples: Int16Array, sampleRate: number): Int16Array {
    if (sampleRate === LOKUTOR_RATE) return samples;
    this.#converter ??= new RateConverter(sampleRate, LOKUTOR_RATE);
    return this.#converter.push(samples);
  }

  /** Frames of 30 ms, as long as at least `spare` samples are left: enough for a last frame. */
  *#frame(samples: Int16Array, spare: number): Generator<string | Uint8Array, void> {
    const sound = joined(this.#rest, samples);
    let at = 0;
    for (; sound.length - at >= FRAME + spare; at += FRAME) yield* this.#send(sound.subarray(at, at + FRAME));
    this.#rest = sound.slice(at);
  }

  *#end(): Generator<string | Uint8Array, void> {
    if (this.#converter) yield* this.#frame(this.#converter.end(), SHORTEST);
    const rest = this.#rest;
    const half = rest.length > LONGEST ? rest.length >> 1 : rest.length;
    if (half > 0) yield* this.#send(rest.subarray(0, half));
    if (half < rest.length) yield* this.#send(rest.subarray(half));
    this.#rest = rest.subarray(rest.length);
  }

  /** A frame of sound, just before it the visemes that begin within it. */
  *#send(samples: Int16Array): Generator<string | Uint8Array, void> {
    this.#framed += samples.length;
    const until = this.#framed / LOKUTOR_RATE;
    const later = this.#cues.findIndex((cue) => cue.start >= until);
    const due = this.#cues.splice(0, later < 0 ? this.#cues.length : later);
    if (this.#letters && due.length > 0) {
      const letters = this.#letters;
      yield JSON.stringify(due.map((cue) => letters.write(cue)));
    }
    yield new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  if (first.length === 0) return second;
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
