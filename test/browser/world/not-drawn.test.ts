import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it } from 'vitest';
import { countingTrack, WORD_SECONDS } from '../heard.ts';
import { pause, until } from '../waiting.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

const LONG = countingTrack(24, 'a');
const SHORT = countingTrack(6, 'b');
const WORDS = SHORT.words.map(({ text }) => text);

interface Halt {
  readonly name: string;
  /** Stops the drawing; the result undoes it. */
  halt(stage: Speaker['stage']): () => void;
}

const HALTS: readonly Halt[] = [
  {
    name: 'the engine is stopped',
    halt(stage) {
      stage.stop();
      return () => stage.start();
    },
  },
  {
    name: 'a menu is drawn in its place',
    halt(stage) {
      const engine = stage.scene.getEngine();
      const menu = new Scene(engine);
      new FreeCamera('menu', Vector3.Zero(), menu);
      stage.stop();
      engine.runRenderLoop(() => menu.render());
      return () => {
        engine.stopRenderLoop();
        menu.dispose();
        stage.start();
      };
    },
  },
  {
    name: 'the engine skips its frames',
    halt(stage) {
      const engine = stage.scene.getEngine();
      engine.skipFrameRender = true;
      return () => {
        engine.skipFrameRender = false;
      };
    },
  },
];

describe('a scene that is not drawn', () => {
  it.each(HALTS)('shows the right mouth in the very first frame afterwards: $name', async ({ halt }) => {
    const { stage, watch, say, wrongOf } = await openSpeaker();
    const line = say(LONG);
    await until(() => line.playhead > 2);
    const undo = halt(stage);
    const before = watch.speakingFrames;
    await pause(1_200);
    undo();
    await until(() => watch.speakingFrames.length > before.length + 5);
    const first = watch.speakingFrames[before.length]!;
    expect(first.ms - before.at(-1)!.ms).toBeGreaterThan(1_000);
    expect(wrongOf([first], before)).toEqual([]);
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: LONG.duration });
  });

  it('tells words once and in order, a heartbeat late at most, and ends its line', async () => {
    const { stage, watch, say } = await openSpeaker();
    const line = say(SHORT);
    await until(() => line.playhead > 0.3);
    stage.stop();
    const stopped = watch.frames.length;
    const begun = performance.now() - line.playhead * 1000;
    expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: SHORT.duration });
    expect(watch.frames.length).toBe(stopped); // Not one frame was drawn meanwhile.
    expect(watch.words.map(({ text }) => text)).toEqual(WORDS);
    for (const [index, { ms }] of watch.words.entries()) {
      expect(ms - begun - index * WORD_SECONDS * 1000).toBeLessThan(900);
    }
    expect(await say(SHORT).finished).toMatchObject({ outcome: 'finished' }); // The next one needs no frame either.
  });

  it('leaves no mouth open when it is drawn again after the line', async () => {
    const { stage, mouth, say } = await openSpeaker();
    const line = say(SHORT);
    await until(() => line.playhead > 0.3);
    stage.stop();
    await line.finished;
    await pause(150);
    stage.scene.render();
    expect(mouth.furthest).toBeLessThan(0.001);
    stage.start();
    await expect.poll(() => mouth.furthest, { timeout: 5_000 }).toBe(0);
  });

  it('plays silent lines on, words and end, where the page has no sound', async () => {
    const { stage, watch, say } = await openSpeaker({ audioContext: 'none' });
    const line = say(SHORT);
    await until(() => line.playhead > 0.3);
    stage.stop();
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(watch.words.map(({ text }) => text)).toEqual(WORDS);
  });
});
