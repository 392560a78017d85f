import { RateConverter } from '../../pcm/rate-converter.ts';
import type { Cue } from '../../speech/cue.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { joinSamples } from '../../speech/samples.ts';
import type { LetterWriter, WireViseme } from './lokutor-letters.ts';
import type { LokutorWire, Message } from './lokutor-wire.ts';

/** Length of a frame of sound, seconds. The last frames of a line may be any length from the shortest to the longest. */
const FRAME_SECONDS = 0.03;
const SHORTEST_SECONDS = 0.02;
const LONGEST_SECONDS = 0.04;

/** How a line is framed. */
export interface Framing {
  readonly wire: LokutorWire;
  /** Samples a second. */
  readonly sampleRate: number;
  /** Writes cues as letters; absent where the client wants none. */
  readonly letters: LetterWriter | undefined;
  /** Whether visemes come after the sound that they describe. */
  readonly late: boolean;
  /** Whether silences have visemes of their own. */
  readonly silences: boolean;
}

/** Turns the parts of one line into frames of the Lokutor protocol, but for what ends it. */
export class LokutorFrames {
  readonly #framing: Framing;
  readonly #frame: number;
  readonly #shortest: number;
  readonly #longest: number;
  #cues: Cue[] = [];
  #converter: RateConverter | undefined;
  /** Sound that is not framed yet. */
  #rest: Int16Array = new Int16Array(0);
  #framed = 0;

  constructor(framing: Framing) {
    this.#framing = framing;
    this.#frame = Math.round(FRAME_SECONDS * framing.sampleRate);
    this.#shortest = Math.round(SHORTEST_SECONDS * framing.sampleRate);
    this.#longest = Math.round(LONGEST_SECONDS * framing.sampleRate);
  }

  /** Seconds of sound framed so far. */
  get seconds(): number {
    return this.#framed / this.#framing.sampleRate;
  }

  /** The frames that a part completes: text frames are visemes, the others sound. */
  *push(part: SpeechPart): Generator<Message, void> {
    if (part.type === 'cues' && this.#framing.letters) this.#cues.push(...part.cues);
    if (part.type === 'audio') yield* this.#cut(this.#atRate(part.samples, part.sampleRate));
    if (part.type === 'end') yield* this.#end();
  }

  #atRate(samples: Int16Array, sampleRate: number): Int16Array {
    if (sampleRate === this.#framing.sampleRate) return samples;
    this.#converter ??= new RateConverter(sampleRate, this.#framing.sampleRate);
    return this.#converter.push(samples);
  }

  /** Frames, as long as enough is left for a last one. */
  *#cut(samples: Int16Array): Generator<Message, void> {
    const sound = this.#rest.length > 0 ? joinSamples([this.#rest, samples]) : samples;
    const frame = this.#frame;
    let at = 0;
    for (; sound.length - at >= frame + this.#shortest; at += frame)
      yield* this.#send(sound.subarray(at, at + frame));
    this.#rest = sound.slice(at);
  }

  *#end(): Generator<Message, void> {
    if (this.#converter) yield* this.#cut(this.#converter.end());
    const rest = this.#rest;
    const half = rest.length > this.#longest ? rest.length >> 1 : rest.length;
    if (half > 0) yield* this.#send(rest.subarray(0, half));
    if (half < rest.length) yield* this.#send(rest.subarray(half));
    this.#rest = rest.subarray(rest.length);
  }

  /** A frame of sound, just before it (or after it, where it is to be late) the visemes that begin within it. */
  *#send(samples: Int16Array): Generator<Message, void> {
    const { wire, late } = this.#framing;
    this.#framed += samples.length;
    const visemes = this.#due(this.seconds);
    if (visemes && !late) yield* wire.visemes(visemes);
    yield* wire.sound(samples);
    if (visemes && late) yield* wire.visemes(visemes);
  }

  /** The visemes that begin before a moment; undefined where none are wanted. */
  #due(until: number): WireViseme[] | undefined {
    const { letters, silences } = this.#framing;
    if (!letters) return undefined;
    const later = this.#cues.findIndex((cue) => cue.start >= until);
    const due = this.#cues.splice(0, later < 0 ? this.#cues.length : later);
    return due.filter((cue) => silences || cue.viseme !== 'sil').map((cue) => letters.write(cue));
  }
}
