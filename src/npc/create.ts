import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AudioError } from '../playback/audio-error.ts';
import { type AudioHost, createAudioHostAsync } from '../playback/audio-host.ts';
import type { RingerSwitch } from '../playback/live-output.ts';
import { OfflineOutput } from '../playback/offline-output.ts';
import { type SpaceOptions, type SpaceSettings, spaceSettings } from '../playback/space-settings.ts';
import type { TrimStore } from '../playback/trim-store.ts';
import { checkEmotions, type EmotionTables } from '../pose/emotion.ts';
import { InputError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import type { Director } from './director.ts';
import { MOST_BYTES } from './intake.ts';
import { Parley } from './parley.ts';
import { Sound } from './sound.ts';
import type { WhenLocked } from './sound-gate.ts';

/** What `CreateParleyAsync` needs, and what it can be told. */
export interface ParleyOptions {
  /** Where lines come from: an adapter of a service, the gateway, local synthesis. */
  readonly voices: VoiceSource;
  /** The game's own audio engine; `audioContext` must come with it. Default: an engine of our own, ended with Parley. */
  readonly audioEngine?: AudioEngineV2;
  /**
   * The context that `audioEngine` was made with: Babylon has no public way to ask an engine for it. Or an offline
   * context, without an engine, for `renderOfflineAsync`. `none`: every line is silent, on the time of the frames, as
   * where a page has no audio; for games in lockstep, pictures and tests.
   */
  readonly audioContext?: AudioContext | OfflineAudioContext | 'none';
  /** Whose ears hear the scene. Default: the active camera, followed when it changes and in XR. */
  readonly listener?: TransformNode;
  /** How voices are heard in the world: HRTF, distance, travel time. */
  readonly spatial?: SpaceOptions;
  /** Where the worklet file lies, if the bundler cannot find it by itself. Default: beside the module. */
  readonly workletUrl?: string | URL;
  /**
   * How much later than its performance time a frame is seen, milliseconds, 0 to 1,000: the mouth shows what is heard
   * then. Default 0; browsers do not tell, a television in its film mode takes 100 and more.
   */
  readonly displayLatencyMs?: number;
  /** Where the user's trim of each output device is kept. Default: `localStorage`; `none` keeps none. */
  readonly trimStore?: TrimStore | 'none';
  /**
   * What an iPhone's ringer switch does to voices. Default `ignore`: they are heard, as those of a film are; where the
   * browser has an audio session (Safari 16.4), music of other apps pauses for it. `obey` leaves the switch its power.
   */
  readonly ringerSwitch?: RingerSwitch;
  /** Where the silent sound lies that older iPhones need for that, if the bundler cannot find it. Default: beside the module. */
  readonly silenceUrl?: string | URL;
  /** What lines do before the player's first gesture. Default: wait 30 s, then play silently. */
  readonly whenLocked?: WhenLocked['policy'] | Partial<WhenLocked>;
  /** Most bytes of sound in one line; one that is longer fails there with `too-long`. Default 32 MiB, six minutes at 48 kHz. */
  readonly maxLineBytes?: number;
  /**
   * Time of the frame that is being made, milliseconds of performance time; asked once a rendered frame, and a few times
   * a second while none is rendered, so asking must not move it on. Default `performance.now`. In XR the moment at which
   * the frame will be seen. Times of the game's own making (steps of a fixed length) fit silent lines only: sound has the
   * device's time. A recording has its own and does not ask.
   */
  readonly frameTime?: () => number;
  /**
   * Emotions of the game's own, by their names: weights of face parts, such as `{ smug: { mouthSmileLeft: 0.5 } }`.
   * `mouthSmile` is both sides. One named as a known emotion takes its place.
   */
  readonly emotions?: EmotionTables;
  /** Shares out faces and voices in a crowd. Default: none, every character has everything. */
  readonly director?: Director;
}

/** {@link ParleyOptions} with every default filled in. */
export interface ResolvedOptions {
  readonly listener: TransformNode | undefined;
  readonly whenLocked: WhenLocked;
  readonly spatial: SpaceSettings;
  /** Where the sound of rooms goes, where there are any. */
  readonly rooms: AudioNode | undefined;
  readonly maxLineBytes: number;
  readonly frameTime: () => number;
  readonly emotions: EmotionTables;
  readonly director: Director | undefined;
}

const WHEN_LOCKED: WhenLocked = { policy: 'wait', seconds: 30 };

/**
 * Gives the scene's characters the means to speak. Resolves when the audio worklet is loaded; where the page has no
 * audio at all, or is to have none, lines are played silently, with mouth and captions, and `audioState` is `none`.
 * Throws {@link AudioError} when there is audio but its worklet cannot be loaded, and says what to do;
 * {@link InputError} for a scene that is disposed, for an engine without its context, for numbers out of range and
 * for emotions that no face can show.
 */
export async function CreateParleyAsync(scene: Scene, options: ParleyOptions): Promise<Parley> {
  checkOptions(options);
  const { voices, listener, whenLocked = WHEN_LOCKED, maxLineBytes = MOST_BYTES } = options;
  const { emotions = {} } = options;
  checkEmotions('CreateParleyAsync({ emotions })', emotions);
  const locked = typeof whenLocked === 'string' ? { policy: whenLocked } : whenLocked;
  const settings = spaceSettings(options.spatial);
  const sound = new Sound(await hostAsync(options));
  const output = sound.host?.output;
  const offline = output instanceof OfflineOutput ? output : undefined;
  const rooms = settings.reverb && (await sound.host?.createReturnAsync());
  const { frameTime = () => performance.now() } = options;
  if (scene.isDisposed) {
    sound.dispose();
    throw new InputError('CreateParleyAsync(scene)', 'a scene in use', 'one that was disposed meanwhile');
  }
  return new Parley(scene, voices, sound, {
    listener,
    // When the browser has its HRTF data depends on the machine, a recording must not.
    spatial: offline ? { ...settings, hrtfVoices: 0 } : settings,
    rooms,
    whenLocked: { ...WHEN_LOCKED, ...locked },
    maxLineBytes,
    frameTime: offline ? () => offline.frameMs : frameTime,
    emotions,
    director: options.director,
  });
}

/** Everything that would otherwise show much later, or never. */
function checkOptions({
  voices,
  whenLocked = WHEN_LOCKED,
  maxLineBytes = MOST_BYTES,
  audioContext,
  audioEngine,
  frameTime,
}: ParleyOptions): void {
  const where = 'CreateParleyAsync({ %s })';
  if (typeof voices?.speak !== 'function') {
    throw new InputError(
      where.replace('%s', 'voices'),
      'a voice source, such as lokutorVoices()',
      String(voices),
    );
  }
  const { policy = 'wait', seconds = 0 } =
    typeof whenLocked === 'string' ? { policy: whenLocked } : whenLocked;
  if (!['wait', 'silent', 'fail'].includes(policy) || !(seconds >= 0)) {
    const got = `${policy}, ${seconds} s`;
    throw new InputError(where.replace('%s', 'whenLocked'), 'wait, silent or fail, and seconds from 0', got);
  }
  if (!(maxLineBytes > 0)) {
    throw new InputError(where.replace('%s', 'maxLineBytes'), 'a number above 0', String(maxLineBytes));
  }
  if (audioContext === 'none' && audioEngine) {
    throw new InputError(where.replace('%s', 'audioContext'), 'the context of audioEngine', 'none');
  }
  if (frameTime !== undefined && typeof frameTime !== 'function') {
    throw new InputError(where.replace('%s', 'frameTime'), 'a function', typeof frameTime);
  }
}

async function hostAsync({ audioContext, ...options }: ParleyOptions): Promise<AudioHost | undefined> {
  if (audioContext === 'none') return undefined;
  try {
    return await createAudioHostAsync({ audioContext, ...options });
  } catch (error) {
    if (error instanceof AudioError && error.code === 'no-audio') return undefined;
    throw error;
  }
}
