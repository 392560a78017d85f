import type { AbstractSoundSource } from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { OutputClock } from '../clock/output-clock.ts';
import { InputError } from '../speech/errors.ts';
import { AudioError } from './audio-error.ts';
import { LiveOutput, type LiveOutputOptions } from './live-output.ts';
import { isOffline, OfflineOutput } from './offline-output.ts';
import type { HostState, Output } from './output.ts';
import { type SpatialOptions, SpatialVoice } from './spatial-voice.ts';
import { loadWorkletAsync, VoicePlayer } from './voice-player.ts';

/** Where the sound comes from. */
export interface AudioHostOptions extends LiveOutputOptions {
  /** The game's own audio engine. Default: one of our own, disposed with the host. */
  readonly audioEngine?: AudioEngineV2 | undefined;
  /**
   * The context that `audioEngine` was made with; Babylon has no public way to ask for it. Both or none are given, but
   * for an offline context, which may come alone.
   */
  readonly audioContext?: AudioContext | OfflineAudioContext | undefined;
  /** Where the worklet file lies. Default: beside the module. */
  readonly workletUrl?: string | URL | undefined;
  /** How a context of our own weighs delay against dropouts. Default `interactive`; `playback` where sound stutters. */
  readonly latencyHint?: AudioContextLatencyCategory | number | undefined;
}

/** Largest latency of a display that is believed, milliseconds; a slow television has 0.2 s. */
const MAX_DISPLAY_LATENCY_MS = 1_000;

/** What all voices of a page share: context, engine, clock, and the bus of all dialogue. */
export class AudioHost {
  readonly context: AudioContext | OfflineAudioContext;
  readonly engine: AudioEngineV2;
  /** Which sample leaves the device when. */
  readonly clock = new OutputClock();
  readonly output: Output;
  /** Called at every change of {@link state}. */
  onState: ((state: HostState) => void) | undefined;

  readonly #bus: AudioBus;
  readonly #owned: boolean;
  readonly #returns: AbstractSoundSource[] = [];
  #disposed = false;

  /** Use {@link createAudioHostAsync}. */
  constructor(
    context: AudioContext | OfflineAudioContext,
    engine: AudioEngineV2,
    bus: AudioBus,
    owned: boolean,
    options: AudioHostOptions = {},
  ) {
    this.context = context;
    this.engine = engine;
    this.#bus = bus;
    this.#owned = owned;
    this.output = isOffline(context)
      ? new OfflineOutput(context, this.clock)
      : new LiveOutput(context, this.clock, owned, options);
    context.addEventListener('statechange', this.#handleState);
  }

  /** The context, unless it is one for a recording. */
  get liveContext(): AudioContext | undefined {
    return isOffline(this.context) ? undefined : this.context;
  }

  get state(): HostState {
    return this.output.state;
  }

  /** Asks the browser for sound; resolves when it runs. Call it in a handler of a gesture. */
  async unlockAsync(): Promise<void> {
    await this.output.unlockAsync();
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
    this.output.setTrimMs(trimMs);
  }

  /** Told whether any line is on; whatever must run beside the voices then does. */
  setSpeaking(speaking: boolean): void {
    this.output.setSpeaking(speaking);
  }

  /** A new voice on the dialogue bus; it has a place once it is attached to a node. */
  createVoiceAsync(options?: SpatialOptions): Promise<SpatialVoice> {
    const player = new VoicePlayer(this.context, this.clock);
    if (this.output instanceof OfflineOutput) this.output.addPlayer(player);
    return SpatialVoice.createAsync(this.engine, this.#bus, player, options);
  }

  /** Sound of ours without a place, heard with the voices, at their volume. Whoever asks for it disposes it. */
  createSourceAsync(name: string, node: AudioNode): Promise<AbstractSoundSource> {
    return this.engine.createSoundSourceAsync(name, node, { outBus: this.#bus });
  }

  /** A node whose sound is heard with the voices, at their volume, until the host is disposed. */
  async createReturnAsync(): Promise<AudioNode> {
    const node = new GainNode(this.context);
    this.#returns.push(await this.engine.createSoundSourceAsync('parley rooms', node, { outBus: this.#bus }));
    return node;
  }

  /** Once a frame, at its beginning: reads the clock when it is due. */
  update(performanceMs: number): void {
    this.output.update(performanceMs);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.context.removeEventListener('statechange', this.#handleState);
    this.output.dispose();
    for (const source of this.#returns) source.dispose();
    this.#bus.dispose();
    if (this.#owned) this.engine.dispose(); // Babylon closes the context with it.
  }

  readonly #handleState = (): void => {
    this.output.handleState();
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
  if (audioContext && isOffline(audioContext)) {
    await loadWorkletAsync(audioContext, workletUrl);
    return hostAsync(audioContext, await createEngineAsync(audioContext), true, options);
  }
  if (audioEngine || audioContext) {
    throw new InputError(
      'Audio options',
      'audioEngine and audioContext, the one that the engine was made with, or neither, or an OfflineAudioContext',
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
  context: AudioContext | OfflineAudioContext,
  engine: AudioEngineV2,
  owned: boolean,
  options: AudioHostOptions,
): Promise<AudioHost> {
  const bus = await engine.createBusAsync('parley dialogue');
  return new AudioHost(context, engine, bus, owned, options);
}

function createEngineAsync(audioContext: AudioContext | OfflineAudioContext): Promise<AudioEngineV2> {
  // Babylon's unmute button and its click-only unlock would compete with ours. Its iPhone workaround plays a data: URL,
  // which strict policies refuse, and serves Babylon's sounds only, not sources like ours. Its attempts to resume go on
  // during a phone call, when nobody may ask.
  return CreateAudioEngineAsync({
    audioContext: audioContext as AudioContext, // Babylon takes offline contexts too, but does not say so.
    disableDefaultUI: true,
    disableIOSRingerSwitchWorkaround: true,
    resumeOnInteraction: false,
    resumeOnPause: false,
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
