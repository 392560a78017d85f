import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Scene } from '@babylonjs/core/scene.js';
import { expect, onTestFinished } from 'vitest';
import { type AudioHost, createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import type { Occlusion } from '../../../src/playback/occlusion.ts';
import type { Reverb } from '../../../src/playback/reverb.ts';
import { Space } from '../../../src/playback/space.ts';
import { spaceSettings } from '../../../src/playback/space-settings.ts';
import type { SpatialOptions, SpatialVoice } from '../../../src/playback/spatial-voice.ts';
import { CONTEXT_RATE, OfflineStage, type Step, tone } from './offline.ts';

Logger.LogLevels = Logger.ErrorLogLevel | Logger.WarningLogLevel;

/** What a hall is like. */
export interface HallOptions extends SpatialOptions {
  /** Default 2. */
  readonly seconds?: number;
  /** Default 0: equal power for all. */
  readonly hrtfVoices?: number;
  readonly rightHanded?: boolean;
  readonly occlusion?: Occlusion;
  readonly reverb?: Reverb;
}

/** A voice in a hall, where its node is; its face looks along the node's +Z. */
export interface Speaker {
  readonly node: TransformNode;
  readonly voice: SpatialVoice;
}

/** A scene whose camera stands at the origin and looks straight ahead, rendered offline in stereo. Voices have no cone. */
export class Hall {
  readonly scene: Scene;
  readonly camera: FreeCamera;
  readonly host: AudioHost;
  readonly space: Space;
  readonly seconds: number;
  readonly #stage: OfflineStage;
  readonly #options: SpatialOptions;
  readonly #speakers: Speaker[] = [];

  private constructor(
    scene: Scene,
    stage: OfflineStage,
    host: AudioHost,
    options: HallOptions,
    rooms: AudioNode | undefined,
  ) {
    const { seconds = 2, hrtfVoices = 0, rightHanded = false, occlusion, reverb, ...spatial } = options;
    this.scene = scene;
    this.scene.useRightHandedSystem = rightHanded;
    this.seconds = seconds;
    this.#stage = stage;
    this.#options = { cone: false, ...spatial };
    this.host = host;
    this.camera = new FreeCamera('camera', Vector3.Zero(), scene);
    this.camera.setTarget(this.ahead(1));
    const settings = spaceSettings({ hrtfVoices, occlusion, reverb });
    this.space = new Space(scene, host.engine, host.context, settings, { rooms });
  }

  static async create(options: HallOptions = {}): Promise<Hall> {
    const stage = await OfflineStage.create(options.seconds ?? 2, 2);
    // Babylon takes an offline context at run time, though its type does not say so.
    const audioContext = stage.context as BaseAudioContext as AudioContext;
    const audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      resumeOnInteraction: false,
      listenerEnabled: true,
      listenerAutoUpdate: false,
    });
    const engine = new NullEngine();
    const host = await createAudioHostAsync({ audioEngine, audioContext });
    const rooms = options.reverb && (await host.createReturnAsync());
    const hall = new Hall(new Scene(engine), stage, host, options, rooms);
    onTestFinished(() => {
      for (const { voice } of hall.#speakers) voice.dispose();
      hall.space.dispose();
      host.dispose();
      audioEngine.dispose();
      engine.dispose();
    });
    if (options.hrtfVoices) await expect.poll(() => hall.space.hrtfReady, { timeout: 20_000 }).toBe(true);
    return hall;
  }

  /** The place so many metres before the camera as it stands at first. */
  ahead(metres: number): Vector3 {
    return new Vector3(0, 0, this.scene.useRightHandedSystem ? -metres : metres);
  }

  /** A voice at `position`. */
  async speaker(position = this.ahead(1), options: SpatialOptions = {}): Promise<Speaker> {
    const voice = await this.host.createVoiceAsync({ ...this.#options, ...options });
    const node = new TransformNode('mouth', this.scene);
    node.position.copyFrom(position);
    voice.attach(node);
    this.space.add(voice);
    const speaker = { node, voice };
    this.#speakers.push(speaker);
    return speaker;
  }

  /** What a rendered frame does. */
  update(): void {
    this.scene.incrementRenderId();
    this.camera.computeWorldMatrix();
    for (const { node } of this.#speakers) node.computeWorldMatrix(true);
    this.space.update();
  }

  /** A step that changes something and shows the next frame. */
  at(atSeconds: number, act: () => void): Step {
    const shown = () => {
      act();
      this.update();
    };
    return { atSeconds, act: shown };
  }

  /** Frames as they come, `rate` a second from `from` to `to` seconds; `act` is told the time of each. */
  frames(rate: number, from: number, to: number, act: (seconds: number) => void = () => {}): Step[] {
    const count = Math.floor((to - from) * rate);
    return Array.from({ length: count }, (_, index) => {
      const seconds = from + index / rate;
      return this.at(seconds, () => act(seconds));
    });
  }

  /** Says `samples`, 24,000 a second, or else a tone that lasts throughout; high enough for the head to shade. */
  say({ voice }: Speaker, samples: Int16Array<ArrayBuffer> = tone(this.seconds, 24_000, 1_000)): void {
    this.update();
    const line = voice.begin({ sampleRate: 24_000 });
    line.push(samples);
    line.end();
  }

  /** What is heard at both ears. */
  async render(steps: readonly Step[] = []): Promise<Ears> {
    this.update();
    const heard = await this.#stage.render(steps);
    return new Ears(heard.getChannelData(0), heard.getChannelData(1));
  }

  /** Waits until what was posted has arrived, on both sides. */
  settle(): Promise<void> {
    return this.#stage.settle();
  }
}

/** What came to both ears. */
export class Ears {
  readonly left: Float32Array;
  readonly right: Float32Array;

  constructor(left: Float32Array, right: Float32Array) {
    this.left = left;
    this.right = right;
  }

  /** Root mean square at each ear, and of both together, from `from` to `to` seconds. */
  loudness(from: number, to: number): { left: number; right: number; both: number } {
    const left = rms(this.left, from, to);
    const right = rms(this.right, from, to);
    return { left, right, both: Math.hypot(left, right) };
  }
}

function rms(signal: Float32Array, from: number, to: number): number {
  const part = signal.subarray(Math.round(from * CONTEXT_RATE), Math.round(to * CONTEXT_RATE));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

/** A ratio of amplitudes in decibels. */
export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** Noise with the long-term spectrum of speech, about: flat from 100 to 500 Hz, then falling by 6 and 12 dB an octave. */
export function speechNoise(seconds: number, rate: number): Int16Array<ArrayBuffer> {
  const pole = (hz: number) => 1 - Math.exp((-2 * Math.PI * hz) / rate);
  const [low, high, rumble] = [pole(500), pole(3_000), pole(100)];
  let [seed, first, second, slow] = [1, 0, 0, 0];
  return Int16Array.from({ length: Math.round(seconds * rate) }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    first += (seed / 2 ** 31 - 1 - first) * low;
    second += (first - second) * high;
    slow += (second - slow) * rumble;
    return Math.round(60_000 * (second - slow));
  });
}
