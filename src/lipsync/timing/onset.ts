/** Level of a hundredth of a second from which there is sound at all, as a part of full scale: -56 dB. */
const SOUND = 10 ** (-56 / 20) * 32_768;

/** Finds when a line is first heard, as soon as its samples are there. */
export class Onset {
  /** Line time, seconds; undefined while all is silent. */
  seconds: number | undefined;
  readonly #rate: number;
  readonly #length: number;
  #sum = 0;
  #count = 0;
  #samples = 0;

  constructor(sampleRate: number) {
    this.#rate = sampleRate;
    this.#length = Math.round(sampleRate / 100);
  }

  push(samples: Int16Array): void {
    for (let i = 0; i < samples.length && this.seconds === undefined; i++) {
      this.#sum += samples[i]! * samples[i]!;
      this.#samples++;
      if (++this.#count < this.#length) continue;
      if (Math.sqrt(this.#sum / this.#length) > SOUND)
        this.seconds = (this.#samples - this.#length) / this.#rate;
      this.#sum = 0;
      this.#count = 0;
    }
  }
}
