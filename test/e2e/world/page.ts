/** A page with a light scene and one NPC, for tests that hide it. */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { CreateParleyAsync, type Line, trackVoices } from '../../../src/index.ts';
import { countingTrack, HeardWatch } from '../../browser/heard.ts';
import { openSound } from '../../browser/open-sound.ts';
import { Stage } from '../../browser/stage.ts';

/** What the test reads of the first line. */
export interface Report {
  readonly visible: boolean;
  readonly frames: number;
  readonly playhead: number;
  readonly state: string;
  /** Words told so far, each with the line time heard when it was told. */
  readonly words: { readonly text: string; readonly playhead: number }[];
  /** The longest time between two frames, milliseconds, and how far the frame after it was ahead of the sound. */
  readonly gapMs: number;
  readonly aheadMs: number;
}

export interface World {
  /** Says a line of as many words, a quarter of a second each; `lines()` tells how all of them ended. */
  say(words: number): void;
  report(): Report;
  outcomes(): Promise<string[]>;
}

declare global {
  interface Window {
    world?: World;
  }
}

const stage = new Stage();
const sound = await openSound();
const watch = new HeardWatch(sound.audioContext);
const tracks = new Map([8, 32, 280].map((words) => [words, countingTrack(words)]));
const parley = await CreateParleyAsync(stage.scene, {
  voices: trackVoices([...tracks.values()]),
  ...sound,
  frameTime: watch.frameTime,
});
const npc = parley.addNpc(new TransformNode('Mira', stage.scene), { name: 'Mira' });
const lines: Line[] = [];

window.world = {
  say(words) {
    lines.push(npc.say(tracks.get(words)!.text));
    if (lines.length === 1) watch.follow(stage.scene, lines[0]!);
  },
  report() {
    const spoken = watch.speakingFrames;
    const gaps = spoken.map((frame, index) => frame.ms - (spoken[index - 1]?.ms ?? frame.ms));
    const gapMs = Math.max(0, ...gaps);
    const at = gaps.indexOf(gapMs);
    return {
      visible: document.visibilityState === 'visible',
      frames: watch.frames.length,
      playhead: lines[0]?.playhead ?? 0,
      state: lines[0]?.state ?? 'none',
      words: watch.words.map(({ text, playhead }) => ({ text, playhead })),
      gapMs,
      aheadMs: at > 0 ? watch.aheadMs(spoken[at]!, spoken.slice(0, at)) : Number.NaN,
    };
  },
  async outcomes() {
    return Promise.all(lines.map(async (line) => (await line.finished).outcome));
  },
};
