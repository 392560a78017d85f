import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AudioHost, createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { Listener } from '../../../src/playback/listener.ts';
import type { SpatialOptions, SpatialVoice } from '../../../src/playback/spatial-voice.ts';
import { CONTEXT_RATE, OfflineStage, type Step, tone } from './offline.ts';

Logger.LogLevels = Logger.ErrorLogLevel | Logger.WarningLogLevel;

const SECONDS = 2;

/** A scene whose camera stands at the origin and looks along +Z, with one voice, rendered offline in stereo. */
class Hall {
  readonly scene: Scene;
  readonly camera: FreeCamera;
  readonly node: TransformNode;
  readonly host: AudioHost;
  readonly voice: SpatialVoice;
  readonly #stage: OfflineStage;
  readonly #listener: Listener;

  private constructor(scene: Scene, stage: OfflineStage, host: AudioHost, voice: SpatialVoice) {
    this.scene = scene;
    this.#stage = stage;
    this.host = host;
    this.voice = voice;
    this.camera = new FreeCamera('camera', Vector3.Zero(), scene);
    this.node = new TransformNode('mouth', scene);
    this.#listener = new Listener(scene, host.engine.listener);
    voice.attach(this.node);
  }

  static async create(options?: SpatialOptions): Promise<Hall> {
    const stage = await OfflineStage.create(SECONDS, 2);
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
    const scene = new Scene(engine);
    const host = await createAudioHostAsync({ audioEngine, audioContext });
    const hall = new Hall(scene, stage, host, await host.createVoiceAsync(options));
    onTestFinished(() => {
      hall.voice.dispose();
      host.dispose();
      audioEngine.dispose();
      engine.dispose();
    });
    return hall;
  }

  /** What a rendered frame does. */
  update(): void {
    this.scene.incrementRenderId();
    this.camera.computeWorldMatrix();
    this.node.computeWorldMatrix(true);
    this.#listener.update();
    this.voice.update();
  }

  /** Loudness at both ears, from `from` to `to` seconds, of a tone that lasts throughout; high enough for the head to shade. */
  async hear(spans: readonly (readonly [from: number, to: number])[], steps: readonly Step[] = []) {
    this.update();
    const line = this.voice.player.begin({ sampleRate: 24_000 });
    line.push(tone(SECONDS, 24_000, 1_000));
    line.end();
    const heard = await this.#stage.render(steps);
    return spans.map(([from, to]) => ({
      left: rms(heard.getChannelData(0), from, to),
      right: rms(heard.getChannelData(1), from, to),
    }));
  }
}

/**
 * Has the browser load its HRTF data, for as long as the test lasts. Chromium (156) can deadlock where an offline
 * context renders HRTF while that data is on its way; a context in real time is silent until it has come.
 */
async function loadHrtf(): Promise<void> {
  const context = new AudioContext({ sampleRate: CONTEXT_RATE });
  onTestFinished(() => context.close());
  const source = new OscillatorNode(context);
  const meter = new AnalyserNode(context);
  source
    .connect(new PannerNode(context, { panningModel: 'HRTF' }))
    .connect(meter)
    .connect(context.destination);
  source.start();
  const block = new Float32Array(meter.fftSize);
  const audible = () => {
    meter.getFloatTimeDomainData(block);
    return block.some((sample) => sample !== 0);
  };
  await expect.poll(audible, { timeout: 20_000 }).toBe(true);
}

function rms(signal: Float32Array, from: number, to: number): number {
  const part = signal.subarray(Math.round(from * CONTEXT_RATE), Math.round(to * CONTEXT_RATE));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

describe('a voice with a place', () => {
  it.each(['equalpower', 'HRTF'] as const)('is heard from where its node is, by %s', async (panningModel) => {
    if (panningModel === 'HRTF') await loadHrtf();
    const hall = await Hall.create({ panningModel });
    hall.node.position.set(2, 0, 1);
    const [right, left] = await hall.hear(
      [
        [0.3, 0.9],
        [1.3, 1.9],
      ],
      [
        {
          atSeconds: 1,
          act: () => {
            hall.node.position.x = -2;
            hall.update();
          },
        },
      ],
    );
    expect(decibels(right!.right / right!.left)).toBeGreaterThan(3);
    expect(decibels(left!.left / left!.right)).toBeGreaterThan(3);
  });

  it('follows the active camera, whichever it is', async () => {
    const hall = await Hall.create();
    hall.node.position.set(2, 0, 1);
    const beyond = new FreeCamera('beyond', new Vector3(4, 0, 0), hall.scene);
    const [before, after] = await hall.hear(
      [
        [0.3, 0.9],
        [1.3, 1.9],
      ],
      [
        {
          atSeconds: 1,
          act: () => {
            hall.scene.activeCamera = beyond;
            beyond.computeWorldMatrix();
            hall.update();
          },
        },
      ],
    );
    expect(decibels(before!.right / before!.left)).toBeGreaterThan(3);
    expect(decibels(after!.left / after!.right)).toBeGreaterThan(3);
  });

  it('is half as loud at twice the distance, from a metre on', async () => {
    const loudness: number[] = [];
    for (const distance of [0.5, 1, 2, 4]) {
      const hall = await Hall.create();
      hall.node.position.set(0, 0, distance);
      const [heard] = await hall.hear([[0.3, 1.9]]);
      loudness.push(heard!.left);
    }
    const [near, one, two, four] = loudness;
    expect(decibels(near! / one!)).toBeCloseTo(0, 1);
    expect(decibels(one! / two!)).toBeCloseTo(6.02, 1);
    expect(decibels(two! / four!)).toBeCloseTo(6.02, 1);
  });

  it('is turned down alone and with all dialogue', async () => {
    const hall = await Hall.create();
    hall.node.position.set(0, 0, 1);
    const [full, halved, quartered] = await hall.hear(
      [
        [0.2, 0.6],
        [0.8, 1.2],
        [1.4, 1.9],
      ],
      [
        { atSeconds: 0.7, act: () => hall.voice.setVolume(0.5) },
        { atSeconds: 1.3, act: () => hall.host.setVolume(0.5) },
      ],
    );
    expect(decibels(full!.left / halved!.left)).toBeCloseTo(6.02, 1);
    expect(decibels(halved!.left / quartered!.left)).toBeCloseTo(6.02, 1);
  });

  it('leaves what is connected to the tap alone, at any volume', async () => {
    const hall = await Hall.create();
    const meter = new AnalyserNode(hall.host.context, { fftSize: 2_048 });
    hall.voice.player.tap.connect(meter);
    meter.connect(hall.host.context.destination);
    hall.voice.setVolume(0);
    const [heard] = await hall.hear([[0.3, 1.9]]);
    expect(heard!.left).toBeGreaterThan(0.1);
  });

  it('is silent and gone once it is disposed', async () => {
    const hall = await Hall.create();
    hall.node.position.set(0, 0, 1);
    const [before, after] = await hall.hear(
      [
        [0.3, 0.9],
        [1.1, 1.9],
      ],
      [
        {
          atSeconds: 1,
          act: () => {
            hall.voice.dispose();
            hall.voice.dispose();
          },
        },
      ],
    );
    expect(before!.left).toBeGreaterThan(0.1);
    expect(after!.left).toBe(0);
  });
});
