import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { OutputClock } from '../clock/output-clock.ts';
import { InputError } from '../speech/errors.ts';
import { AudioError } from './audio-error.ts';
import { type SpatialOptions, SpatialVoice } from './spatial-voice.ts';
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
}

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
  #disposed = false;

  /** Use {@link createAudioHostAsync}. */
  constructor(context: AudioContext, engine: AudioEngineV2, bus: AudioBus, owned: boolean) {
    this.context = context;
    this.engine = engine;
    this.#bus = bus;
    this.#owned = owned;
    this.#undoUnlock = unlockOnGesture(context);
    context.addEventListener('statechange', this.#handleState);
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

  /** A new voice on the dialogue bus; it has a place once it is attached to a node. */
  createVoiceAsync(options?: SpatialOptions): Promise<SpatialVoice> {
    return SpatialVoice.createAsync(
      this.engine,
      this.#bus,
      new VoicePlayer(this.context, this.clock),
      options,
    );
  }

  /** Once a frame, at its beginning: reads the clock when it is due. */
  update(performanceMs: number): void {
    if (this.clock.wantsReading(performanceMs)) this.#read(performanceMs);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.context.removeEventListener('statechange', this.#handleState);
    this.#undoUnlock();
    this.#bus.dispose();
    if (this.#owned) this.engine.dispose(); // Babylon closes the context with it.
  }

  readonly #handleState = (): void => {
    this.#read(performance.now());
    this.onState?.(this.state);
  };

  #read(nowMs: number): void {
    const { context } = this;
    const output = context.getOutputTimestamp?.();
    this.clock.handleReading({
      running: context.state === 'running',
      nowMs,
      currentTime: context.currentTime,
      outputTime: output?.contextTime,
      outputMs: output?.performanceTime,
      outputLatency: context.outputLatency,
      baseLatency: context.baseLatency,
    });
  }
}

/**
 * Opens the sound of a page and loads the worklet.
 * Throws {@link AudioError} `no-audio` or `worklet-failed`, and {@link InputError} for an engine without its context or the reverse.
 */
export async function createAudioHostAsync(options: AudioHostOptions = {}): Promise<AudioHost> {
  const { audioEngine, audioContext, workletUrl, latencyHint = 'interactive' } = options;
  if (audioEngine && audioContext) {
    await loadWorkletAsync(audioContext, workletUrl);
    return hostAsync(audioContext, audioEngine, false);
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
    return await hostAsync(context, await createEngineAsync(context), true);
  } catch (error) {
    if (context.state !== 'closed') await context.close();
    throw error;
  }
}

async function hostAsync(context: AudioContext, engine: AudioEngineV2, owned: boolean): Promise<AudioHost> {
  const bus = await engine.createBusAsync('parley dialogue');
  return new AudioHost(context, engine, bus, owned);
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
