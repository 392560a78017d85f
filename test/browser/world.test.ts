import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, type Parley, type TalkingNpc, trackVoices } from '../../src/index.ts';
import { countingTrack, HeardWatch, WORD_SECONDS } from './heard.ts';
import { type OpenSound, openSound } from './open-sound.ts';
import { Stage } from './stage.ts';
import { pause, until } from './waiting.ts';

const LONG = countingTrack(14, 'a');
const SHORT = countingTrack(6, 'b');

/** How far a frame may be off the sound, milliseconds: far under what anybody sees, above the noise of a busy machine. */
const CLOSE_MS = 15;

describe('a scene that is not drawn', () => {
  let stage: Stage;
  let root: TransformNode;
  let parley: Parley;
  let npc: TalkingNpc;
  let watch: HeardWatch;
  let sound: OpenSound;

  beforeEach(async () => {
    stage = new Stage();
    root = new TransformNode('Mira', stage.scene); // No face: frames must be light, time is what is judged.
    sound = await openSound();
    watch = new HeardWatch(sound.audioContext);
    const voices = trackVoices([LONG, SHORT]);
    parley = await CreateParleyAsync(stage.scene, { voices, ...sound, frameTime: watch.frameTime });
    await parley.unlockAsync();
    npc = parley.addNpc(root, { name: 'Mira' });
  });
  afterEach(() => {
    watch.stop();
    parley.dispose();
    stage.dispose();
    sound.audioEngine.dispose();
  });

  it('shows the right mouth in the very first frame when it is drawn again', async () => {
    const line = npc.say(LONG.text);
    watch.follow(stage.scene, line);
    await until(() => watch.speakingFrames.length >= 10);
    stage.stop();
    const before = watch.speakingFrames;
    await pause(1_200);
    stage.start();
    await until(() => watch.speakingFrames.length > before.length + 5);
    const first = watch.speakingFrames[before.length]!;
    expect(first.ms - before.at(-1)!.ms).toBeGreaterThan(1_000);
    expect(Math.abs(watch.aheadMs(first, before))).toBeLessThan(CLOSE_MS);
    expect((await line.finished).outcome).toBe('finished');
  });

  it('tells words once and in order, a heartbeat late at most, and ends its line', async () => {
    const line = npc.say(SHORT.text);
    watch.follow(stage.scene, line);
    await until(() => line.playhead > 0.3);
    stage.stop();
    const stopped = watch.frames.length;
    const begun = performance.now() - line.playhead * 1000;
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: SHORT.duration });
    expect(watch.frames.length).toBe(stopped); // Not one frame was drawn meanwhile.
    expect(watch.words.map(({ text }) => text)).toEqual(SHORT.words.map(({ text }) => text));
    for (const [index, { ms }] of watch.words.entries()) {
      expect(ms - begun - index * WORD_SECONDS * 1000).toBeLessThan(900);
    }
    const next = npc.say(SHORT.text); // The line after it needs no frame either.
    expect(await next.finished).toMatchObject({ outcome: 'finished' });
  });

  it('leaves no mouth open when it is drawn again after the line', async () => {
    root = await stage.load('mira');
    npc = parley.addNpc(root, { name: 'Tomas' });
    const line = npc.say(SHORT.text);
    await until(() => line.playhead > 0.3);
    stage.stop();
    await line.finished;
    await pause(150);
    stage.scene.render();
    expect(widestOf(root)).toBeLessThan(0.001);
    stage.start();
    await expect.poll(() => widestOf(root), { timeout: 5_000 }).toBe(0);
  });

  it('plays silent lines on, words and end, where the page may make no sound', async () => {
    parley.dispose();
    sound.audioEngine.dispose();
    sound = await openSound({ suspended: true });
    const voices = trackVoices([SHORT]);
    parley = await CreateParleyAsync(stage.scene, { voices, ...sound, whenLocked: 'silent' });
    npc = parley.addNpc(root, { name: 'Mira' });
    const line = npc.say(SHORT.text);
    watch.follow(stage.scene, line);
    await until(() => line.playhead > 0.3);
    stage.stop();
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(watch.words.map(({ text }) => text)).toEqual(SHORT.words.map(({ text }) => text));
  });
});

/** The strongest viseme on any mesh of the character. */
function widestOf(root: TransformNode): number {
  let widest = 0;
  for (const { morphTargetManager: manager } of root.getChildMeshes()) {
    for (let index = 0; index < (manager?.numTargets ?? 0); index++) {
      const target = manager!.getTarget(index);
      if (/^viseme_/.test(target.name)) widest = Math.max(widest, target.influence);
    }
  }
  return widest;
}
