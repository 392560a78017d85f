import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { OutputClock } from '../clock/output-clock.ts';
import { InputError } from '../speech/errors.ts';
import { AudioError } from './audio-error.ts';
import { ClockReader } from './clock-reader.ts';
import { OutputDevice } from './output-device.ts';
import { overruleRinger, type RingerPlatform, type RingerRemedy, ringerPlatform } from './ringer.ts';
import { type SpatialOptions, SpatialVoice } from './spatial-voice.ts';
import { Trim } from './trim.ts';
import { localTrims, type TrimStore } from './trim-store.ts';
import { unlockOnGesture } from './unlock.ts';
import { loadWorkletAsync, VoicePlayer } from './voice-player.ts';

/** Whether the page may make sound: `locked` until the player's first gesture and during an interruption. */
export type HostState = 'running' | 'locked' | 'closed';

/** Where the sound comes from. */
export interface AudioHostOptions {
  /** The game's own audio engine. Default: one of our own, disposed with the host. */
  readonly audioEngine?: AudioEngineV2 | undefined;
  /** The context that `audioEngine` was made with; Babylon has no public way to ask for it. Both or none are given. */
  readonly audioContext?: AudioContext | undefined;
  /** Where the worklet file lies. Default: beside the module. */
  readonly workletUrl?: string | URL | undefined;
  /** How a context of our own weighs delay against dropouts. Default `interactive`; `playback` where sound stutters. */
  readonly latencyHint?: AudioContextLatencyCategory | number | undefined;
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

/** What an iPhone's ringer switch does to voices: `obey` silences them, as it does ring tones and games. */
export type RingerSwitch = 'ignore' | 'obey';

/** Largest latency of a display that is believed, milliseconds; a slow television has 0.2 s. */
const MAX_DISPLAY_LATENCY_MS = 1_000;

/** What all voices of a page share: context, engine, clock, and the bus of all dialogue. */
export class AudioHost {
  readonly context: AudioContext;
  readonly engine: AudioEngineV2;
  /** Which sample leaves the device when. */
  readonly clock = new OutputClock();
  /** Called at every change of {@link state}. */
  onState: ((state: HostState) => void) | undefined;

  readonly #bus: AudioBus;
  readonly #owned: boolean;
  readonly #undoUnlock: () => void;
  readonly #ringer: RingerRemedy | undefined;
  readonly #reader: ClockReader;
  readonly #trim: Trim;
  readonly #device: OutputDevice;
  #disposed = false;

  /** Use {@link createAudioHostAsync}. */
  constructor(
    context: AudioContext,
    engine: AudioEngineV2,
    bus: AudioBus,
    owned: boolean,
    options: AudioHostOptions = {},
  ) {
    const { displayLatencyMs = 0, trimStore = localTrims() } = options;
    this.context = context;
    this.engine = engine;
    this.#bus = bus;
    this.#owned = owned;
    this.#ringer = ringerOf(options);
    this.#undoUnlock = unlockOnGesture(context, { owned });
    context.addEventListener('statechange', this.#handleState);
    this.clock.displayLatencyMs = displayLatencyMs;
    this.#reader = new ClockReader(context, this.clock);
    this.#trim = new Trim(this.clock, trimStore === 'none' ? undefined : trimStore);
    this.#device = new OutputDevice(context, {
      handleDeviceChange: () => {
        this.clock.handleDeviceChange(performance.now());
        this.#trim.handleDeviceChange();
      },
      handleDeviceName: (name) => void this.#trim.useDeviceAsync(name),
    });
  }

  get state(): HostState {
    if (this.context.state === 'running') return 'running';
    return this.context.state === 'closed' ? 'closed' : 'locked';
  }

  /** Asks the browser for sound; resolves when it runs. Call it in a handler of a gesture. */
  async unlockAsync(): Promise<void> {
    await this.context.resume();
  }

  /** Volume of all dialogue, 1 as recorded; ramps over 10 ms. */
  setVolume(volume: number): void {
    this.#bus.setVolume(volume, { duration: 0.01 });
  }

  /**
   * Sets how much later than the device says its sound is heard, milliseconds, and keeps it for this device. Throws
   * {@link InputError} beyond 2,500 either way. Read it at {@link clock}.
   */
  setTrimMs(trimMs: number): void {
    this.#trim.set(trimMs);
  }

  /** Told whether any line is on; whatever must run beside the voices then does. */
  setSpeaking(speaking: boolean): void {
    this.#ringer?.setSpeaking(speaking);
  }

  /** A new voice on the dialogue bus; it has a place once it is attached to a node. */
  createVoiceAsync(options?: SpatialOptions): Promise<SpatialVoice> {
    return SpatialVoice.createAsync(
      this.engine,
      this.#bus,
      new VoicePlayer(this.context, this.clock),
      options,
    );
  }

  /** Once a frame, at its beginning: reads the clock when it is due. A reading is of now, whenever the frame is seen. */
  update(): void {
    this.#reader.update(performance.now());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#device.dispose();
    this.context.removeEventListener('statechange', this.#handleState);
    this.#undoUnlock();
    this.#ringer?.dispose();
    this.#bus.dispose();
    if (this.#owned) this.engine.dispose(); // Babylon closes the context with it.
  }

  readonly #handleState = (): void => {
    this.#reader.read(performance.now());
    this.onState?.(this.state);
  };
}

/**
 * Opens the sound of a page and loads the worklet.
 * Throws {@link AudioError} `no-audio` or `worklet-failed`, and {@link InputError} for an engine without its context or
 * the reverse, and for a display latency out of range.
 */
export async function createAudioHostAsync(options: AudioHostOptions = {}): Promise<AudioHost> {
  const {
    audioEngine,
    audioContext,
    workletUrl,
    latencyHint = 'interactive',
    displayLatencyMs = 0,
  } = options;
  if (!(displayLatencyMs >= 0 && displayLatencyMs <= MAX_DISPLAY_LATENCY_MS))
    throw new InputError(
      'displayLatencyMs',
      `0 to ${MAX_DISPLAY_LATENCY_MS} milliseconds`,
      String(displayLatencyMs),
    );
  if (audioEngine && audioContext) {
    await loadWorkletAsync(audioContext, workletUrl);
    return hostAsync(audioContext, audioEngine, false, options);
  }
  if (audioEngine || audioContext) {
    throw new InputError(
      'Audio options',
      'audioEngine and audioContext, the one that the engine was made with, or neither',
      audioEngine ? 'audioEngine alone' : 'audioContext alone',
    );
  }
  const context = openContext(latencyHint);
  try {
    await loadWorkletAsync(context, workletUrl);
    return await hostAsync(context, await createEngineAsync(context), true, options);
  } catch (error) {
    if (context.state !== 'closed') await context.close();
    throw error;
  }
}

async function hostAsync(
  context: AudioContext,
  engine: AudioEngineV2,
  owned: boolean,
  options: AudioHostOptions,
): Promise<AudioHost> {
  const bus = await engine.createBusAsync('parley dialogue');
  return new AudioHost(context, engine, bus, owned, options);
}

function ringerOf({
  ringerSwitch = 'ignore',
  platform = ringerPlatform(navigator),
  silenceUrl,
}: AudioHostOptions): RingerRemedy | undefined {
  return ringerSwitch === 'ignore' ? overruleRinger(platform, document, silenceUrl) : undefined;
}

function createEngineAsync(audioContext: AudioContext): Promise<AudioEngineV2> {
  // Babylon's unmute button and its click-only unlock would compete with ours. Its iPhone workaround plays a data: URL,
  // which strict policies refuse, and serves Babylon's sounds only, not sources like ours.
  return CreateAudioEngineAsync({
    audioContext,
    disableDefaultUI: true,
    disableIOSRingerSwitchWorkaround: true,
    resumeOnInteraction: false,
    listenerAutoUpdate: false,
    listenerEnabled: true,
  });
}

function openContext(latencyHint: AudioContextLatencyCategory | number): AudioContext {
  try {
    return new AudioContext({ latencyHint });
  } catch (error) {
    throw AudioError.noAudio(error);
  }
}
