/** A page with one character, for tests of what a browser may do to it. `?options={…}` are those of Parley. */
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  type AudioState,
  CreateParleyAsync,
  type Line,
  type LineState,
  type Parley,
  trackVoices,
} from '../../../src/index.ts';
import { countingTrack, HeardWatch, type ShownFrame } from '../../browser/heard.ts';
import { MouthWatch, mouthOfTrack } from '../../browser/mouth-watch.ts';
import { Stage } from '../../browser/stage.ts';

/** What became of a line. */
export interface LineReport {
  /** Its states, from what `say` returned. */
  readonly states: LineState[];
  /** Words told so far. */
  readonly words: string[];
  /** Why it failed. */
  readonly code?: string;
}

/** What the test reads. */
export interface Report {
  readonly visible: boolean;
  readonly frames: number;
  readonly context: string;
  /** The state of sound, and all that were told since the page was opened. */
  readonly audioState: AudioState;
  readonly audioStates: AudioState[];
  readonly lines: LineReport[];
  /** Line time heard of the last line, seconds. */
  readonly playhead: number;
  /** The furthest that the mouth is open now, and since the last line was said. */
  readonly open: number;
  readonly widest: number;
  /** Greatest loudness in any frame since then, root mean square, before distance and volume. */
  readonly loudest: number;
}

/** How right a frame was, by those that are judged to be right. */
export interface Verdict {
  /** How far its playhead was ahead of the sound, milliseconds. */
  readonly aheadMs: number;
  /** How far its mouth was from what the line has within 15 ms of the sound heard then. */
  readonly mouthError: number;
}

/** The first frame after the longest time without one. */
export interface Return extends Verdict {
  readonly gapMs: number;
}

export interface World {
  readonly parley: Parley;
  /** Says a line of so many words, a quarter of a second each: 6, 64 or 280. */
  say(words: number): void;
  report(): Report;
  /** Of the last line: the first frame after it was not drawn. */
  return(): Return;
  /** Of the last line: its frames after a line time, by those before another one. */
  judge(after: number, before: number): Verdict[];
  /** Resolves when all lines have ended. */
  ended(): Promise<void>;
}

declare global {
  interface Window {
    world?: World;
  }
}

const CLOSE_MS = 15;
const SETTLING_FRAMES = 15;

const stage = new Stage();
const root: TransformNode = await stage.load('mira');
const tracks = new Map([6, 64, 280].map((words) => [words, countingTrack(words)]));
const watch = new HeardWatch();
const parley = await CreateParleyAsync(stage.scene, {
  voices: trackVoices([...tracks.values()]),
  frameTime: watch.frameTime,
  ...JSON.parse(new URLSearchParams(location.search).get('options') ?? '{}'),
});
const npc = parley.addNpc(root, { name: 'Mira', life: false });
const mouth = new MouthWatch(root);
const lines: (LineReport & { readonly line: Line; readonly seconds: number })[] = [];
const audioStates: AudioState[] = [];
let mouthAt: ReturnType<typeof mouthOfTrack> = () => [];
let widest = 0;
let loudest = 0;

watch.listenTo(parley.audioContext);
parley.onAudioStateObservable.add((state) => audioStates.push(state));

const meter = parley.audioContext?.createAnalyser();
const samples = new Float32Array(meter?.fftSize ?? 0);
let metered = false;
stage.scene.onAfterRenderObservable.add(() => {
  widest = Math.max(widest, mouth.open);
  if (!meter) return;
  if (!metered && npc.spatial) npc.spatial.player.tap.connect(meter);
  metered = npc.spatial !== undefined;
  meter.getFloatTimeDomainData(samples);
  loudest = Math.max(loudest, Math.hypot(...samples) / Math.sqrt(samples.length));
});

function verdictOf(frame: ShownFrame, right: readonly ShownFrame[]): Verdict {
  return {
    aheadMs: watch.aheadMs(frame, right),
    mouthError: watch.mouthError(frame, right, CLOSE_MS, mouthAt),
  };
}

// The first frames compile shaders, which takes a machine without a GPU seconds.
for (let frame = 0; frame < SETTLING_FRAMES; frame++)
  await new Promise((resolve) => stage.scene.onAfterRenderObservable.addOnce(resolve));

window.world = {
  parley,
  say(words) {
    const track = tracks.get(words)!;
    const { text, duration } = track;
    mouthAt = mouthOfTrack(track);
    const line = npc.say(text);
    const told = { line, seconds: duration, states: [line.state], words: [] as string[] };
    line.onStateObservable.add((state) => told.states.push(state));
    line.onWordObservable.add(({ text }) => told.words.push(text));
    void line.finished.then(({ error }) => Object.assign(told, error && { code: error.code }));
    lines.push(told);
    [widest, loudest] = [0, 0];
    watch.stop();
    watch.frames.length = 0;
    watch.follow(stage.scene, line, () => mouth.weights());
  },
  report: () => ({
    visible: document.visibilityState === 'visible',
    frames: watch.frames.length,
    context: parley.audioContext?.state ?? 'none',
    audioState: parley.audioState,
    audioStates,
    lines: lines.map(({ line: _, ...told }) => told),
    playhead: lines.at(-1)?.line.playhead ?? 0,
    open: mouth.open,
    widest,
    loudest,
  }),
  return() {
    const spoken = watch.speakingFrames;
    const gaps = spoken.map(({ ms }, index) => ms - (spoken[index - 1]?.ms ?? ms));
    const gapMs = Math.max(...gaps);
    const at = gaps.indexOf(gapMs);
    return { gapMs, ...verdictOf(spoken[at]!, spoken.slice(0, at)) };
  },
  judge(after, before) {
    const spoken = watch.speakingFrames;
    const right = spoken.filter(({ playhead }) => playhead < before);
    const judged = spoken.filter(
      ({ playhead }) => playhead > after && playhead < lines.at(-1)!.seconds - 0.1,
    );
    return judged.map((frame) => verdictOf(frame, right));
  },
  ended: async () => void (await Promise.all(lines.map(({ line }) => line.finished))),
};
