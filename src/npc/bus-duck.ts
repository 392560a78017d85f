import type { AbstractAudioBus } from '@babylonjs/core/AudioV2/abstractAudio/abstractAudioBus.js';

/** Buses get softer and louder by so much in a second at most, decibels: 0.6 dB in 10 ms, so that nobody hears it begin. */
const DECIBELS_PER_SECOND = 60;

/** What a number may be off and still be the one that was set. */
const SLACK = 0.005;

/**
 * Makes buses of the game softer, and gives them back as they were: music, say, while the story speaks. Whoever sets such
 * a bus meanwhile to a volume that is not between the two keeps it.
 */
export class BusDuck {
  readonly #buses: readonly AbstractAudioBus[];
  /** Volumes before. */
  readonly #volumes: Float64Array;
  readonly #factor: number;
  readonly #seconds: number;
  #ducked = false;
  /** When they were let go, seconds. */
  readonly #since = new Float64Array(1).fill(Number.NEGATIVE_INFINITY);

  constructor(buses: readonly AbstractAudioBus[], decibels: number) {
    this.#buses = buses;
    this.#volumes = new Float64Array(buses.length);
    this.#factor = 10 ** (-decibels / 20);
    this.#seconds = decibels / DECIBELS_PER_SECOND;
  }

  /** One frame at `clock[0]` seconds. Allocates nothing while nothing changes. */
  step(ducked: boolean, clock: Float64Array): void {
    if (ducked === this.#ducked) return;
    this.#ducked = ducked;
    const returning = clock[0]! - this.#since[0]! < this.#seconds;
    this.#since[0] = clock[0]!;
    for (const [index, bus] of this.#buses.entries()) {
      // On their way back they are not yet what they were.
      if (ducked && !returning) this.#volumes[index] = bus.volume;
      if (ducked) this.#ramp(bus, this.#volumes[index]! * this.#factor);
      else if (this.#isOurs(bus, this.#volumes[index]!)) this.#ramp(bus, this.#volumes[index]!);
    }
  }

  /** Gives them back. */
  dispose(): void {
    if (!this.#ducked) return;
    this.#ducked = false;
    for (const [index, bus] of this.#buses.entries())
      if (this.#isOurs(bus, this.#volumes[index]!)) this.#ramp(bus, this.#volumes[index]!);
  }

  #isOurs({ volume }: AbstractAudioBus, before: number): boolean {
    return volume <= before + SLACK && volume >= before * this.#factor - SLACK;
  }

  #ramp(bus: AbstractAudioBus, volume: number): void {
    bus.setVolume(volume, { duration: this.#seconds });
  }
}
