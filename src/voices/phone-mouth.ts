import { cuesOfPhones, type Phone } from '../lipsync/phones.ts';
import type { Cue } from '../speech/cue.ts';
import { soundsOfIpa } from '../speech/ipa.ts';
import { PlausibleTimes } from './plausible-times.ts';

/** A sound in IPA that is spoken from one moment to another, seconds in line time. */
export interface TimedSound {
  readonly ipa: string;
  readonly start: number;
  readonly end: number;
}

/** A shorter gap between two sounds is no pause but rounding, seconds. */
const GAP = 0.02;

/** What services write for silence. */
const SILENCE = /^[\s\p{P}\p{S}]*(?:sil|sp|spn|silence|pau|pause)?[\s\p{P}\p{S}]*$/iu;

/** The mouth of sounds with their times, as they stream in. */
export class PhoneMouth {
  readonly #times = new PlausibleTimes<TimedSound>();
  #latest = 0;
  /** A breath at the end of a run: it is made with the shape of the sound that follows. */
  #breath: Phone | undefined;

  /**
   * The cues of a run of sounds, in rising order. One that begins before the last has ended begins when it ends; one of
   * wild times among others is left out.
   */
  push(sounds: readonly TimedSound[]): Cue[] {
    const phones = this.#times.push(sounds).flatMap((sound) => this.#phonesOf(sound));
    if (this.#breath) phones.unshift(this.#breath);
    this.#breath = phones.at(-1)?.id === 'hh' ? phones.pop() : undefined;
    return cuesOfPhones(phones);
  }

  /** The last cues, now that the line is known to last `duration` seconds. */
  end(duration: number): Cue[] {
    const phones = this.#breath ? [this.#breath] : [];
    this.#breath = undefined;
    if (duration > this.#latest) phones.push({ id: 'pau', start: this.#latest, end: duration });
    this.#latest = Math.max(this.#latest, duration);
    return cuesOfPhones(phones);
  }

  #phonesOf({ ipa, start, end }: TimedSound): Phone[] {
    const silent = SILENCE.test(ipa);
    const ids = silent ? ['pau'] : soundsOfIpa(ipa).map(({ id }) => id);
    if (ids.length === 0 || end <= this.#latest) return [];
    const phones: Phone[] = [];
    if (start - this.#latest >= GAP) phones.push({ id: 'pau', start: this.#latest, end: start });
    const from = start - this.#latest >= GAP ? start : this.#latest;
    const step = (end - from) / ids.length;
    for (const [nth, id] of ids.entries()) {
      const until = nth === ids.length - 1 ? end : from + (nth + 1) * step;
      phones.push({ id, start: from + nth * step, end: until });
    }
    this.#latest = end;
    return phones;
  }
}
