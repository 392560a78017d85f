/** What 64 voices cost: which layout of worklet nodes serves them best, what panners cost, and what a frame does. */
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { expect, it } from 'vitest';
import { createAudioHostAsync } from '../../src/playback/audio-host.ts';
import { HrtfData } from '../../src/playback/hrtf-data.ts';
import { Space } from '../../src/playback/space.ts';
import { spaceSettings } from '../../src/playback/space-settings.ts';
import { loadWorkletAsync, VoicePlayer } from '../../src/playback/voice-player.ts';

const RATE = 48_000;
const SECONDS = 2;
const ROUNDS = 7;
const VOICES = 64;

/** Frames that are timed together: a page's clock shows tenths of a millisecond. */
const BATCH = 20;
const WORKLET = new URL('./crowd.worklet.ts', import.meta.url);

type Build = (context: BaseAudioContext) => void;

/** `nodes` worklet nodes of `outputs` outputs each, of which the first `speaking` speak; gain and panner follow each. */
const crowd =
  (nodes: number, outputs: number, speaking: number, place: Place = placed()): Build =>
  (context) => {
    for (let node = 0; node < nodes; node++) {
      const worklet = new AudioWorkletNode(context, 'crowd', {
        numberOfInputs: 0,
        numberOfOutputs: outputs,
        outputChannelCount: Array(outputs).fill(1),
        processorOptions: { speaking: Math.max(0, Math.min(outputs, speaking - node * outputs)) },
      });
      for (let output = 0; output < outputs; output++) place(worklet, output, node * outputs + output);
    }
  };

type Place = (source: AudioNode, output: number, index: number) => void;

interface PlaceOptions {
  /** How a voice gets its direction. */
  readonly by?: 'stereo panner' | 'panner node' | 'HRTF';
  /** The first so many by HRTF, whatever `by` says. */
  readonly hrtf?: number;
  /** Whether all of them move all the time, told 60 times a second. */
  readonly moving?: boolean;
}

function placed({ by = 'stereo panner', hrtf = 0, moving = false }: PlaceOptions = {}): Place {
  return (source, output, index) => {
    const { context } = source;
    const how = index < hrtf ? 'HRTF' : by;
    const gain = source.connect(new GainNode(context), output);
    if (how === 'stereo panner') {
      const panner = new StereoPannerNode(context, { pan: (index % 9) / 4 - 1 });
      gain.connect(panner).connect(context.destination);
      if (moving) move(panner.pan, (at) => Math.sin(at + index));
    } else {
      const panningModel = how === 'HRTF' ? 'HRTF' : 'equalpower';
      const panner = new PannerNode(context, { panningModel, positionX: (index % 9) - 4, positionZ: -2 });
      gain.connect(panner).connect(context.destination);
      if (!moving) return;
      move(panner.positionX, (at) => 4 * Math.sin(at + index));
      move(panner.positionZ, (at) => -4 * Math.cos(at + index));
    }
  };
}

function move(param: AudioParam, value: (at: number) => number): void {
  for (let at = 0; at < SECONDS; at += 1 / 60) param.setTargetAtTime(value(at), at, 0.015);
}

const players =
  (connect: (player: VoicePlayer) => void): Build =>
  (context) => {
    for (let index = 0; index < VOICES; index++) connect(new VoicePlayer(context));
  };

const builds: Readonly<Record<string, Build>> = {
  'nothing at all': () => {},
  '64 speak: 64 nodes of 1 output': crowd(64, 1, 64),
  '64 speak: 8 nodes of 8 outputs': crowd(8, 8, 64),
  '64 speak: 4 nodes of 16 outputs': crowd(4, 16, 64),
  '64 speak: 1 node of 64 outputs': crowd(1, 64, 64),
  '4 of 64 speak: 64 nodes of 1 output': crowd(64, 1, 4),
  '4 of 64 speak: 8 nodes of 8 outputs': crowd(8, 8, 4),
  '4 of 64 speak: 1 node of 64 outputs': crowd(1, 64, 4),
  '4 of 64 speak: 4 nodes of 1 output, the others not there': crowd(4, 1, 4),
  '64 players idle: in the graph': players(({ output }) => placed()(output, 0, 0)),
  '64 players idle: worklet node cut off': players(({ tap }) => tap.disconnect()),
  '64 players idle: cut off behind its gain': players(({ output }) => output.disconnect()),
  '64 speak: no panners': crowd(64, 1, 64, (source) => source.connect(source.context.destination)),
  '64 speak: stereo panners, moving': crowd(64, 1, 64, placed({ moving: true })),
  '64 speak: panner nodes (equal power), still': crowd(64, 1, 64, placed({ by: 'panner node' })),
  '64 speak: panner nodes (equal power), moving': crowd(
    64,
    1,
    64,
    placed({ by: 'panner node', moving: true }),
  ),
  '64 speak: 4 by HRTF, still': crowd(64, 1, 64, placed({ hrtf: 4 })),
  '64 speak: 64 by HRTF, still': crowd(64, 1, 64, placed({ by: 'HRTF' })),
  '64 speak: 64 by HRTF, moving': crowd(64, 1, 64, placed({ by: 'HRTF', moving: true })),
};

async function prepare(context: BaseAudioContext, build: Build): Promise<void> {
  await loadWorkletAsync(context);
  await context.audioWorklet.addModule(WORKLET);
  build(context);
}

async function millisecondsPerSecond(build: Build): Promise<number> {
  const context = new OfflineAudioContext(2, RATE * SECONDS, RATE);
  await prepare(context, build);
  const start = performance.now();
  await context.startRendering();
  return (performance.now() - start) / SECONDS;
}

/** Chromium's own count of dropouts; other browsers have none. */
interface PlaybackStats {
  readonly underrunEvents: number;
  readonly underrunDuration: number;
}

/** Dropouts of a context in real time, and how long they were, in ten seconds. */
async function dropouts(build: Build): Promise<string> {
  const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' });
  await context.resume();
  await prepare(context, build);
  const stats = (context as unknown as { playbackStats?: PlaybackStats }).playbackStats;
  if (!stats) return 'not told by this browser';
  await pause(1_000);
  const [events, seconds] = [stats.underrunEvents, stats.underrunDuration];
  await pause(10_000);
  const lost = `${stats.underrunEvents - events} dropouts, ${(1000 * (stats.underrunDuration - seconds)).toFixed(0)} ms`;
  await context.close();
  return lost;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function summary(values: number[], unit: string): string {
  const sorted = values.sort((a, b) => a - b);
  const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
  return `least ${least.toFixed(2)} ${unit}, median ${middle.toFixed(2)}, most ${most.toFixed(2)}`;
}

/** Keeps the browser's HRTF data loaded: it would load it anew for every context. */
async function loadHrtf(): Promise<AudioContext> {
  const context = new AudioContext({ sampleRate: RATE });
  const data = new HrtfData(context);
  await expect.poll(() => data.look(), { timeout: 20_000 }).toBe(true);
  return context;
}

it('a second of sound, rendered offline', { timeout: 900_000 }, async () => {
  const hrtf = await loadHrtf();
  const times = new Map(Object.keys(builds).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, build] of Object.entries(builds)) {
      const time = await millisecondsPerSecond(build);
      if (round > 0) times.get(name)!.push(time); // The first round warms up.
    }
  }
  await hrtf.close();
  const lines = [...times].map(([name, values]) => `${name.padEnd(58)} ${summary(values, 'ms')}`);
  console.log(`milliseconds for a second of sound, ${ROUNDS} rounds\n${lines.join('\n')}`);
  expect(lines).toHaveLength(times.size);
});

it('ten seconds in real time', { timeout: 300_000 }, async () => {
  const lines: string[] = [];
  for (const name of Object.keys(builds).filter(
    (key) => key.startsWith('64 speak') || key.includes('nothing'),
  ))
    lines.push(`${name.padEnd(58)} ${await dropouts(builds[name]!)}`);
  console.log(`ten seconds in real time, latency hint interactive\n${lines.join('\n')}`);
  expect(lines.length).toBeGreaterThan(5);
});

it('the page, once a frame', { timeout: 300_000 }, async () => {
  const lines: string[] = [];
  for (const rightHanded of [false, true]) {
    const audioContext = new AudioContext({ sampleRate: RATE });
    const audioEngine = await CreateAudioEngineAsync({ audioContext, disableDefaultUI: true });
    const engine = new NullEngine();
    const scene = new Scene(engine);
    scene.useRightHandedSystem = rightHanded;
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    const host = await createAudioHostAsync({ audioEngine, audioContext });
    await host.unlockAsync();
    const space = new Space(scene, host.engine, audioContext, spaceSettings());
    await expect.poll(() => space.hrtfReady, { timeout: 20_000 }).toBe(true);
    const voices = await Promise.all(
      Array.from({ length: VOICES }, async (_, index) => {
        const voice = await host.createVoiceAsync({ cone: {} });
        const node = new TransformNode('mouth', scene);
        node.position.set(index % 8, 0, 2 + (index >> 3));
        voice.attach(node);
        space.add(voice);
        voice.begin({ sampleRate: 24_000 }); // Waits for samples, in the graph.
        return voice;
      }),
    );
    for (const moving of [false, true]) {
      const times: number[] = [];
      for (let round = 0; round < 60; round++) {
        const start = performance.now();
        for (let frame = 0; frame < BATCH; frame++) {
          if (moving) camera.rotation.y += 0.02;
          scene.incrementRenderId();
          space.update();
        }
        times.push((1000 * (performance.now() - start)) / BATCH);
        await pause(20); // The audio thread takes in what was scheduled.
      }
      const how = `${rightHanded ? 'right' : 'left'}-handed, camera ${moving ? 'turning' : 'still'}`;
      lines.push(`${how.padEnd(58)} ${summary(times.slice(10), 'µs')}`);
    }
    for (const voice of voices) voice.dispose();
    space.dispose();
    host.dispose();
    audioEngine.dispose();
    engine.dispose();
  }
  console.log(`Space.update() with ${VOICES} voices speaking, ${50 * BATCH} frames\n${lines.join('\n')}`);
  expect(lines).toHaveLength(4);
});
