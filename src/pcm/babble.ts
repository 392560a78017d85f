/*
 * Babble: many people who talk at once and say nothing. Each is a pulse train through three resonances, as formant
 * synthesizers make voices (Klatt 1980), from vowel to vowel in syllables and phrases.
 */

/** First three formants of vowels, Hz: means of men (Peterson & Barney 1952). */
const VOWELS: readonly (readonly [number, number, number])[] = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
  [490, 1350, 1690],
];

/** Bandwidths of the resonances, Hz. */
const BANDWIDTHS = [90, 110, 170] as const;

/** Formants of women are so much higher. */
const WOMEN = 1.17;

/** Pitch of a man's and of a woman's voice: least, and most more, Hz. */
const PITCHES = [
  [95, 45],
  [175, 55],
] as const;

/** Length of a syllable: speech has four to six a second; and of a pause between phrases: least, and most more, seconds. */
const SYLLABLE = [0.14, 0.12] as const;
const PAUSE = [0.2, 0.8] as const;
/** Syllables of a phrase: least, and most more. */
const PHRASE = [4, 12] as const;

/** Part of a syllable that is its consonant, how soft the voice is in it, and how much it hisses. */
const CONSONANT = 0.3;
const CLOSED = 0.12;
const HISS = 0.02;

/** Resonances are set anew after so many samples. */
const STEP = 64;

/** Samples that are made between two rests: a millisecond or two. */
const SLICE = 8_192;

/** Above this it gets softer, Hz: walls and air take the highs of voices from afar. */
const DULL = 2_500;

/** Below this voices have nothing, Hz. */
const UNDER = 70;

/** How loud it is, as a root mean square of full scale: -26 dB, as one voice with its pauses. */
const LEVEL = 0.05;

/** What babble is made of. */
export interface BabbleOptions {
  /** Samples a second. Default 16,000. */
  readonly sampleRate?: number;
  /** Length, seconds; the end goes on at the beginning. Default 16. */
  readonly seconds?: number;
  /** People. Default 7. */
  readonly talkers?: number;
  /** A number from 0 to below 1 for each index, the same each time. */
  readonly chance: (index: number) => number;
}

/** Makes babble, a slice at a time: whoever asks for the next one decides when. Returns the samples, as loud as one voice. */
export function* babble({
  sampleRate = 16_000,
  seconds = 16,
  talkers = 7,
  chance,
}: BabbleOptions): Generator<void, Float32Array<ArrayBuffer>> {
  const out = new Float32Array(Math.round(sampleRate * seconds));
  let drawn = 0;
  const draw = () => chance(drawn++);
  for (let talker = 0; talker < talkers; talker++)
    yield* talk(out, sampleRate, talker % PITCHES.length, draw);
  finish(out, sampleRate);
  return out;
}

/** One talker, added to `out` from anywhere on, all around: begins and ends in a pause. */
function* talk(out: Float32Array, rate: number, sex: number, draw: () => number): Generator<void> {
  const scale = sex === 0 ? 1 : WOMEN;
  const [lowest, higher] = PITCHES[sex]!;
  const pitch = lowest + higher * draw();
  const offset = Math.floor(draw() * out.length);
  const loudness = 0.6 + 0.8 * draw();
  const voice = new Voice(rate);
  let made = 0;
  let from = VOWELS[0]!;
  while (made < out.length) {
    const syllables = PHRASE[0] + Math.floor(PHRASE[1] * draw());
    for (let index = 0; index < syllables; index++) {
      const count = Math.round((SYLLABLE[0] + SYLLABLE[1] * draw()) * rate);
      // The last half second is left to the pause that the beginning goes on with.
      if (made + count > out.length - 0.5 * rate) break;
      const to = VOWELS[Math.floor(draw() * VOWELS.length)]!;
      const fall = 1.1 - (0.2 * index) / syllables;
      voice.hisses = draw() < 0.5;
      voice.pitch = pitch * fall * (0.94 + 0.12 * draw());
      voice.from = from;
      voice.to = to;
      voice.scale = scale;
      voice.addSyllable(out, offset + made, count, loudness);
      from = to;
      made += count;
      if (made % SLICE < count) yield;
    }
    const rest = Math.round((PAUSE[0] + PAUSE[1] * draw()) * rate);
    voice.addSilence(out, offset + made, Math.min(rest, Math.round(0.1 * rate)));
    made += rest;
  }
}

/** A throat: what is left of one syllable rings on into the next. */
class Voice {
  pitch = 100;
  hisses = false;
  scale = 1;
  from = VOWELS[0]!;
  to = VOWELS[0]!;
  readonly #rate: number;
  readonly #state = new Float64Array(6);
  readonly #feed = new Float64Array(9);
  #phase = 0;
  #noise = 1;
  #glottis = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  addSyllable(out: Float32Array, at: number, count: number, loudness: number): void {
    for (let done = 0; done < count; done += STEP) {
      const part = done / count;
      this.#tune(Math.min(1, part / 0.5));
      // A closure, then a vowel that swells and falls.
      const open =
        part < CONSONANT ? CLOSED : Math.sin((Math.PI * (part - CONSONANT)) / (1 - CONSONANT)) ** 0.5;
      const hiss = this.hisses && part < CONSONANT ? HISS : 0.001;
      this.#run(out, at + done, Math.min(STEP, count - done), loudness * open, loudness * hiss);
    }
  }

  /** Lets it ring out. */
  addSilence(out: Float32Array, at: number, count: number): void {
    this.#run(out, at, count, 0, 0);
  }

  #tune(part: number): void {
    for (let formant = 0; formant < 3; formant++) {
      const hertz = (this.from[formant]! + (this.to[formant]! - this.from[formant]!) * part) * this.scale;
      const c = -Math.exp((-2 * Math.PI * BANDWIDTHS[formant]!) / this.#rate);
      const b = 2 * Math.sqrt(-c) * Math.cos((2 * Math.PI * hertz) / this.#rate);
      this.#feed[formant * 3] = 1 - b - c;
      this.#feed[formant * 3 + 1] = b;
      this.#feed[formant * 3 + 2] = c;
    }
  }

  #run(out: Float32Array, at: number, count: number, open: number, hiss: number): void {
    const state = this.#state;
    const feed = this.#feed;
    const step = this.pitch / this.#rate;
    for (let index = 0; index < count; index++) {
      this.#phase += step;
      const pulse = this.#phase >= 1 ? 1 : 0;
      this.#phase -= pulse;
      this.#noise = (Math.imul(this.#noise, 1_664_525) + 1_013_904_223) | 0;
      // The pulse of the glottis falls by 12 dB an octave, lips lift by 6: one pole is what is left.
      this.#glottis = 0.9 * this.#glottis + pulse * open + (hiss * this.#noise) / 2_147_483_648;
      let sample = this.#glottis;
      for (let formant = 0; formant < 3; formant++) {
        const place = formant * 2;
        const next =
          feed[formant * 3]! * sample +
          feed[formant * 3 + 1]! * state[place]! +
          feed[formant * 3 + 2]! * state[place + 1]!;
        state[place + 1] = state[place]!;
        state[place] = next;
        sample = next;
      }
      const to = (at + index) % out.length;
      out[to] = out[to]! + sample;
    }
  }
}

/**
 * Takes away what is under voices and the highs, and sets the level. Both filters begin with the last second, which goes
 * before the first, so that there is no seam.
 */
function finish(out: Float32Array, rate: number): void {
  const share = 1 - Math.exp((-2 * Math.PI * DULL) / rate);
  const kept = Math.exp((-2 * Math.PI * UNDER) / rate);
  let low = 0;
  let last = 0;
  let high = 0;
  const lead = Math.min(rate, out.length);
  // The lead is heard, and not written.
  for (let index = -lead; index < out.length; index++) {
    low += share * (out[index < 0 ? out.length + index : index]! - low);
    high = low - last + kept * high;
    last = low;
    if (index >= 0) out[index] = high;
  }
  let power = 0;
  for (const sample of out) power += sample * sample;
  const gain = power > 0 ? LEVEL / Math.sqrt(power / out.length) : 0;
  for (let index = 0; index < out.length; index++) out[index] = out[index]! * gain;
}
