import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterEach } from 'vitest';
import {
  CreateParleyAsync,
  type Parley,
  type ParleyOptions,
  type TalkingNpc,
  type Track,
  trackVoices,
} from '../../../src/index.ts';
import { HeardWatch, type ShownFrame } from '../heard.ts';
import { MouthWatch, mouthOfTrack } from '../mouth-watch.ts';
import { Stage } from '../stage.ts';

/** How far a frame may be off the sound, milliseconds: far under what anybody sees, above the noise of a busy machine. */
const CLOSE_MS = 15;

/** How far a weight of the mouth may be off what the line has somewhere in that time. */
const CLOSE_WEIGHT = 0.05;

/** A whole Parley: a character that is drawn, heard and watched. */
export interface Speaker {
  readonly stage: Stage;
  readonly root: TransformNode;
  readonly parley: Parley;
  readonly npc: TalkingNpc;
  readonly watch: HeardWatch;
  readonly mouth: MouthWatch;
  /** Says the track and watches it. */
  say(track: Track): ReturnType<TalkingNpc['say']>;
  /** Which of some frames were wrong, by others that were right: in words, empty if none. */
  wrongOf(frames: readonly ShownFrame[], right: readonly ShownFrame[]): string[];
  /**
   * The same, empty if it is no more than a quarter of them: a sink that drops out under the load of a test shows a frame
   * too far, which cannot be taken back.
   */
  manyWrongOf(frames: readonly ShownFrame[], right: readonly ShownFrame[]): string[];
}

const opened: Speaker[] = [];

afterEach(() => {
  for (const { watch, parley, stage } of opened.splice(0)) {
    watch.stop();
    parley.dispose();
    stage.dispose();
  }
});

/** Opens one, ended after the test. Its face does nothing but speak. */
export async function openSpeaker(
  options: Partial<ParleyOptions> = {},
  { lockstep = false } = {},
): Promise<Speaker> {
  const stage = new Stage({ lockstep });
  const root = await stage.load('mira');
  const watch = new HeardWatch();
  const voices = trackVoices([]);
  const parley = await CreateParleyAsync(stage.scene, { voices, frameTime: watch.frameTime, ...options });
  watch.listenTo(parley.audioContext);
  if (parley.audioContext) await parley.unlockAsync();
  const npc = parley.addNpc(root, { name: 'Mira', life: false });
  const mouth = new MouthWatch(root);
  // The first frames compile shaders, which takes a machine without a GPU seconds.
  for (let frame = 0; frame < 5; frame++)
    await new Promise((resolve) => stage.scene.onAfterRenderObservable.addOnce(resolve));
  let mouthAt: ReturnType<typeof mouthOfTrack> = () => [];
  const speaker: Speaker = {
    stage,
    root,
    parley,
    npc,
    watch,
    mouth,
    say(track) {
      const line = npc.say(track);
      mouthAt = mouthOfTrack(track);
      watch.stop();
      watch.frames.length = watch.words.length = 0;
      watch.follow(stage.scene, line, () => mouth.weights());
      return line;
    },
    wrongOf(frames, right) {
      return frames.flatMap((frame) => {
        const aheadMs = watch.aheadMs(frame, right);
        const error = watch.mouthError(frame, right, CLOSE_MS, mouthAt);
        if (Math.abs(aheadMs) < CLOSE_MS && error < CLOSE_WEIGHT) return [];
        return [`at ${frame.playhead} s: ${aheadMs} ms ahead of the sound, mouth off by ${error}`];
      });
    },
    manyWrongOf(frames, right) {
      const wrong = speaker.wrongOf(frames, right);
      return wrong.length > frames.length / 4 ? wrong : [];
    },
  };
  opened.push(speaker);
  return speaker;
}
