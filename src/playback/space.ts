import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { chooseHrtf } from './hrtf-choice.ts';
import { HrtfData } from './hrtf-data.ts';
import { hrtfDelayAt } from './hrtf-delay.ts';
import { isInterrupted } from './interruption.ts';
import { Listener } from './listener.ts';
import { askFor, askOcclusion, type Occlusion } from './occlusion.ts';
import { HrtfArms } from './panner-arm.ts';
import type { Reverb } from './reverb.ts';
import type { SpaceSettings } from './space-settings.ts';
import type { SpatialVoice, VoiceSpace } from './spatial-voice.ts';

/** What the voices of a scene share: the listener, what stands in their way, the rooms, and HRTF for a few of them. */
export class Space implements VoiceSpace {
  readonly hrtfArms: HrtfArms;
  readonly hrtfDelay: number;
  readonly occlusion: Occlusion | undefined;
  readonly reverb: Reverb | undefined;

  readonly #context: BaseAudioContext;
  readonly #listener: Listener;
  readonly #hrtfVoices: number;
  readonly #hrtf: HrtfData | undefined;
  readonly #voices: SpatialVoice[] = [];

  /**
   * `listener` is the node whose ears hear; without it, those of the active camera. `rooms` is where reverb goes; without
   * it there is none. Throws `InputError` for a reverb in use.
   */
  constructor(
    scene: Scene,
    engine: AudioEngineV2,
    context: BaseAudioContext,
    { hrtfVoices, occlusion, reverb }: SpaceSettings,
    {
      listener,
      rooms,
    }: { readonly listener?: Node | undefined; readonly rooms?: AudioNode | undefined } = {},
  ) {
    this.#context = context;
    this.hrtfArms = new HrtfArms(context);
    this.hrtfDelay = hrtfVoices > 0 ? hrtfDelayAt(context.sampleRate) : 0;
    this.occlusion = occlusion;
    if (rooms) reverb?.begin(rooms, this.hrtfDelay);
    this.reverb = rooms && reverb;
    this.#listener = new Listener(scene, engine.listener, listener);
    this.#hrtfVoices = hrtfVoices;
    this.#hrtf = hrtfVoices > 0 ? new HrtfData(context) : undefined;
  }

  /** Whether the browser has its HRTF data; before that, every voice is heard by equal power. */
  get hrtfReady(): boolean {
    return this.#hrtf?.look() ?? false;
  }

  /** Takes in a voice; it is heard from its place from now on. */
  add(voice: SpatialVoice): void {
    this.#voices.push(voice);
    voice.enter(this);
  }

  /** Lets go of a voice, which its owner disposes. */
  remove(voice: SpatialVoice): void {
    const index = this.#voices.indexOf(voice);
    if (index < 0) return;
    this.#voices.splice(index, 1);
    voice.enter(undefined);
  }

  /** Once a rendered frame, when camera and characters are where they are shown. Allocates nothing. */
  update(): void {
    // What is scheduled while sound stands still would pile up, for as long as a call on the phone lasts.
    if (isInterrupted(this.#context)) return;
    const now = this.#context.currentTime;
    this.#listener.update(now);
    this.reverb?.update(this.#listener.position, now);
    if (this.occlusion) askOcclusion(this.occlusion, this.#voices, this.#listener.position, now);
    for (let index = 0; index < this.#voices.length; index++)
      this.#voices[index]!.update(this.#listener, now);
    this.#choose(now);
  }

  /** Called by a voice that is about to sound. */
  handleWake(voice: SpatialVoice): void {
    const now = this.#context.currentTime;
    this.#listener.update(now);
    this.reverb?.update(this.#listener.position, now);
    voice.locate(this.#listener);
    if (this.occlusion) askFor(this.occlusion, voice, this.#listener.position, now);
    this.#choose(now);
    voice.jump(this.#listener, now);
  }

  dispose(): void {
    for (const voice of this.#voices) voice.enter(undefined);
    this.#voices.length = 0;
    this.reverb?.dispose();
    this.#hrtf?.dispose();
  }

  #choose(now: number): void {
    // Chromium's HRTF clicks when its listener moves, and that listener is the game's.
    const possible = this.hrtfReady && this.#listener.engineStandsStill(now);
    chooseHrtf(this.#voices, possible ? this.#hrtfVoices : 0);
  }
}
