/** The measurement in a page: the whole of Parley, drawn and heard. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { HrtfData } from '../../../src/playback/hrtf-data.ts';
import { Space } from '../../../src/playback/space.ts';
import { spaceSettings } from '../../../src/playback/space-settings.ts';
import { openVillage, type Village, type VillageOptions } from './village.ts';

const RATE = 48_000;
/** Rate of the lines that are rendered offline, Hz. */
const LINE_RATE = 24_000;
const OFFLINE_SECONDS = 3;

/** Frames in real time, milliseconds each. */
export interface Frames {
  readonly ours: number[];
  readonly all: number[];
  /** Dropouts of the sound meanwhile, milliseconds, by Chromium's own count. */
  readonly lostMs: number;
}

export interface CrowdPage {
  open(options: Omit<VillageOptions, 'weigh'>): Promise<void>;
  /** Passes so many frames as fast as they go, until the machine code is settled. */
  warm(frames: number): Promise<void>;
  run(seconds: number): Promise<Frames>;
  rings(): Readonly<Record<string, number>>;
  close(): void;
  /** Renders so many seconds of so many voices: milliseconds that passed for each. */
  renderMs(voices: number): Promise<{ seconds: number; wallMs: number }>;
}

declare global {
  interface Window {
    crowd?: CrowdPage;
    /** Of whoever opened the page: the heap is read. */
    readHeap(): Promise<void>;
  }
}

let village: Village | undefined;

window.crowd = {
  async open(options) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120]; // Drawn in software.
    const scene = new Scene(new Engine(canvas, false, { audioEngine: false }));
    village = await openVillage(scene, { ...options, weigh: () => window.readHeap() });
  },
  async warm(frames) {
    for (let frame = 0; frame < frames; frame++) {
      village!.frame(performance.now());
      if (frame % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  },
  async run(seconds) {
    const frames: Frames = { ours: [], all: [], lostMs: 0 };
    const lost = lostMs(village!.context);
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const { ours, all } = village!.draw();
      frames.ours.push(ours);
      frames.all.push(all);
    }
    return { ...frames, lostMs: lostMs(village!.context) - lost };
  },
  rings: () => village!.rings,
  close: () => village?.dispose(),
  renderMs,
};

function lostMs(context: AudioContext | undefined): number {
  const { playbackStats } = (context ?? {}) as { playbackStats?: { readonly underrunDuration: number } };
  return 1000 * (playbackStats?.underrunDuration ?? Number.NaN);
}

async function renderMs(voices: number): Promise<{ seconds: number; wallMs: number }> {
  const context = new OfflineAudioContext(2, OFFLINE_SECONDS * RATE, RATE);
  const engine = new NullEngine();
  const scene = new Scene(engine);
  new FreeCamera('player', Vector3.Zero(), scene).computeWorldMatrix();
  const host = await createAudioHostAsync({ audioContext: context });
  const hrtf = new HrtfData(context);
  while (!hrtf.look()) await new Promise((resolve) => setTimeout(resolve, 20));
  const space = new Space(scene, host.engine, context, spaceSettings());
  while (!space.hrtfReady) await new Promise((resolve) => setTimeout(resolve, 20));
  const samples = Int16Array.from(
    { length: OFFLINE_SECONDS * LINE_RATE },
    (_, at) => 5_000 * Math.sin(at / 9),
  );
  for (let index = 0; index < voices; index++) {
    const voice = await host.createVoiceAsync({ cone: {} });
    const node = new TransformNode('mouth', scene);
    node.position.set((index % 8) - 4, 0, 2 + (index >> 3));
    node.computeWorldMatrix(true);
    voice.attach(node);
    space.add(voice);
    const audio = voice.begin({ sampleRate: LINE_RATE });
    audio.push(samples.slice());
    audio.end();
    await voice.player.settleAsync();
  }
  space.update();
  const begun = performance.now();
  const heard = await context.startRendering();
  const took = performance.now() - begun;
  const loudest = heard.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (!(loudest > 0.01)) throw new Error(`Expected ${voices} voices to be heard, got silence.`);
  hrtf.dispose();
  space.dispose();
  host.dispose();
  engine.dispose();
  return { seconds: OFFLINE_SECONDS, wallMs: took / OFFLINE_SECONDS };
}
