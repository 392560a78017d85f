import type { OutputClock } from '../clock/output-clock.ts';
import { InputError } from '../speech/errors.ts';
import type { TrimStore } from './trim-store.ts';

/** Largest trim either way, milliseconds: AirPlay is 2 s late. */
export const MAX_TRIM_MS = 2_500;

/** The user's trim of a clock, kept for each output device and loaded when that device is used. */
export class Trim {
  readonly #clock: OutputClock;
  readonly #store: TrimStore | undefined;
  #device: string | undefined;
  #unsaved = false;
  #changes = 0;

  /** Without a store, the trim lasts as long as the page, and is the same for all devices. */
  constructor(clock: OutputClock, store: TrimStore | undefined) {
    this.#clock = clock;
    this.#store = store;
  }

  /** Sets the trim, milliseconds, and keeps it. Throws {@link InputError} beyond 2,500 either way. */
  set(trimMs: number): void {
    if (!isTrim(trimMs))
      throw new InputError('The trim', `milliseconds from -${MAX_TRIM_MS} to ${MAX_TRIM_MS}`, String(trimMs));
    this.#changes++;
    this.#clock.trimMs = trimMs;
    this.#unsaved = true;
    this.#save();
  }

  /** Another device may be used; what is set from now on is kept for that one, once it is known. */
  handleDeviceChange(): void {
    this.#device = undefined;
  }

  /** The device is known: loads its trim. */
  async useDeviceAsync(device: string): Promise<void> {
    this.#device = device;
    if (this.#unsaved) return this.#save(); // It was set for this device before its name was known.
    if (!this.#store) return;
    const change = ++this.#changes;
    try {
      const trimMs = (await this.#store.load(device)) ?? 0;
      if (change === this.#changes) this.#clock.trimMs = isTrim(trimMs) ? trimMs : 0;
    } catch (error) {
      reportError(error); // The store is the game's; sound goes on without its trim.
    }
  }

  #save(): void {
    if (this.#device === undefined) return;
    this.#unsaved = false;
    void this.#saveAsync(this.#device, this.#clock.trimMs);
  }

  async #saveAsync(device: string, trimMs: number): Promise<void> {
    try {
      await this.#store?.save(device, trimMs);
    } catch (error) {
      reportError(error);
    }
  }
}

function isTrim(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_TRIM_MS;
}
