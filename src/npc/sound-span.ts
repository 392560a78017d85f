/** Samples below this are silence to the ear beside speech: 40 dB under full scale, where recordings of voices have their noise. */
const FLOOR = 328;

/** Finds where the sound of a line begins and ends: services send silence before and after it, each as much as it likes. */
export class SoundSpan {
  #from = -1;
  #to = 0;
  #count = 0;

  /** Takes in the next samples. */
  add(samples: Int16Array): void {
    let last = samples.length - 1;
    while (last >= 0 && isSilent(samples[last]!)) last--;
    if (last >= 0) {
      this.#to = this.#count + last + 1;
      if (this.#from < 0) this.#from = this.#count + samples.findIndex((sample) => !isSilent(sample));
    }
    this.#count += samples.length;
  }

  /** Samples before the first that is heard: all of them where none is. */
  get from(): number {
    return this.#from < 0 ? this.#count : this.#from;
  }

  /** Samples up to the last that is heard, and with it: all of them where none is. */
  get to(): number {
    return this.#from < 0 ? this.#count : this.#to;
  }
}

function isSilent(sample: number): boolean {
  return sample < FLOOR && sample > -FLOOR;
}
