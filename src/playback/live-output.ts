import type { OutputClock } from '../clock/output-clock.ts';
import { ClockReader } from './clock-reader.ts';
import type { HostState, Output } from './output.ts';
import { OutputDevice } from './output-device.ts';
import { overruleRinger, type RingerPlatform, type RingerRemedy, ringerPlatform } from './ringer.ts';
import { Trim } from './trim.ts';
import { localTrims, type TrimStore } from './trim-store.ts';
import { unlockOnGesture } from './unlock.ts';

/** What an iPhone's ringer switch does to voices: `obey` silences them, as it does ring tones and games. */
export type RingerSwitch = 'ignore' | 'obey';

/** How sound leaves the page. */
export interface LiveOutputOptions {
  /** How much later than its performance time a frame is seen, milliseconds, 0 to 1,000. Default 0. */
  readonly displayLatencyMs?: number | undefined;
  /** Where the user's trim of each output device is kept; `none` keeps none. Default: `localStorage`. */
  readonly trimStore?: TrimStore | 'none' | undefined;
  /** What an iPhone's ringer switch does to voices: `ignore` lets them be heard. Default `ignore`. */
  readonly ringerSwitch?: RingerSwitch | undefined;
  /** Where the silent sound lies that older iPhones need for that. Default: beside the module. */
  readonly silenceUrl?: string | URL | undefined;
  /** Default: that of this page. */
  readonly platform?: RingerPlatform | undefined;
}

/** The player's loudspeakers: they need a gesture, have a clock of their own, and may be changed at any time. */
export class LiveOutput implements Output {
  readonly #context: AudioContext;
  readonly #undoUnlock: () => void;
  readonly #ringer: RingerRemedy | undefined;
  readonly #reader: ClockReader;
  readonly #trim: Trim;
  readonly #device: OutputDevice;

  /** `owned`: nobody else suspends the context. */
  constructor(context: AudioContext, clock: OutputClock, owned: boolean, options: LiveOutputOptions) {
    const { displayLatencyMs = 0, trimStore = localTrims() } = options;
    this.#context = context;
    this.#ringer = ringerOf(options);
    this.#undoUnlock = unlockOnGesture(context, { owned });
    clock.displayLatencyMs = displayLatencyMs;
    this.#reader = new ClockReader(context, clock);
    this.#trim = new Trim(clock, trimStore === 'none' ? undefined : trimStore);
    this.#device = new OutputDevice(context, {
      handleDeviceChange: () => {
        clock.handleDeviceChange(performance.now());
        this.#trim.handleDeviceChange();
      },
      handleDeviceName: (name) => void this.#trim.useDeviceAsync(name),
    });
  }

  get state(): HostState {
    if (this.#context.state === 'running') return 'running';
    return this.#context.state === 'closed' ? 'closed' : 'locked';
  }

  async unlockAsync(): Promise<void> {
    await this.#context.resume();
  }

  setTrimMs(trimMs: number): void {
    this.#trim.set(trimMs);
  }

  setSpeaking(speaking: boolean): void {
    this.#ringer?.setSpeaking(speaking);
  }

  /** A reading is of now, whatever moment the frame is for. */
  update(): void {
    this.#reader.update(performance.now());
  }

  handleState(): void {
    this.#reader.read(performance.now());
  }

  dispose(): void {
    this.#device.dispose();
    this.#undoUnlock();
    this.#ringer?.dispose();
  }
}

function ringerOf({
  ringerSwitch = 'ignore',
  platform = ringerPlatform(navigator),
  silenceUrl,
}: LiveOutputOptions): RingerRemedy | undefined {
  return ringerSwitch === 'ignore' ? overruleRinger(platform, document, silenceUrl) : undefined;
}
