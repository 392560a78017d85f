import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countingTrack } from '../heard.ts';
import { pause, until } from '../waiting.ts';
import { openSpeaker } from './speaker.ts';

const LONG = countingTrack(24, 'a');
const SHORT = countingTrack(6, 'b');

/** How much later than it is made a headset shows a frame, milliseconds. */
const SHOWN_LATER_MS = 35;

/**
 * Frames as a headset asks for them: at a rate of its own, each for a later moment, through the door by which Babylon's
 * XR session comes in. The window asks for none meanwhile.
 */
class Headset {
  displayMs = 0;
  readonly #engine: AbstractEngine;
  #worn = true;

  constructor(engine: AbstractEngine) {
    this.#engine = engine;
    engine.stopRenderLoop();
    engine.customAnimationFrameRequester = {
      requestAnimationFrame: (callback: FrameRequestCallback) =>
        setTimeout(() => {
          if (!this.#worn) return;
          this.displayMs = performance.now() + SHOWN_LATER_MS;
          callback(performance.now());
        }, 1000 / 72),
    };
  }

  /** It asks for no frame any more, and tells nobody. */
  takeOff(): void {
    this.#worn = false;
  }

  leave(): void {
    this.#worn = false;
    this.#engine.stopRenderLoop();
    this.#engine.customAnimationFrameRequester = null;
  }
}

describe('frames that no window asks for', () => {
  it('show what is heard when a headset shows them, and words go on when it is taken off', async () => {
    const { stage, watch, say, manyWrongOf } = await openSpeaker();
    const line = say(LONG);
    await until(() => line.playhead > 2);
    const window_ = watch.speakingFrames;
    const headset = new Headset(stage.scene.getEngine());
    watch.seenMs = () => Math.max(headset.displayMs, performance.now());
    const asked = vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(0);
    onTestFinished(() => asked.mockRestore());
    stage.start();
    await until(() => line.playhead > 4);
    headset.takeOff();
    const worn = watch.speakingFrames.slice(window_.length);
    expect(worn.length).toBeGreaterThan(20);
    expect(manyWrongOf(worn, window_)).toEqual([]);
    await pause(100);
    const { length } = watch.frames;
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(watch.frames).toHaveLength(length);
    expect(watch.words).toHaveLength(24);
    expect(asked).not.toHaveBeenCalled();
    headset.leave();
  });

  it('show what is heard when the game makes them by hand, at any moment it likes', async () => {
    const { stage, watch, say, manyWrongOf } = await openSpeaker();
    const line = say(LONG);
    await until(() => line.playhead > 2);
    const before = watch.speakingFrames;
    stage.stop();
    for (const ms of [3, 0, 40, 170, 15, 330, 1, 90, 8, 500, 60, 0, 25, 200, 10]) {
      await pause(ms);
      stage.scene.render();
    }
    const made = watch.speakingFrames.slice(before.length);
    expect(made).toHaveLength(15);
    stage.start(); // The last frame is judged by those after it.
    await until(() => watch.speakingFrames.length > before.length + 20);
    expect(manyWrongOf(made, before)).toEqual([]);
  });
});

describe('a game in lockstep', () => {
  /** Says a silent line; frames come after so many milliseconds. Gives what each step showed, from the first of the line. */
  async function playAsync(frameMs: number) {
    const time = { ms: () => 0 };
    const speaker = await openSpeaker(
      { audioContext: 'none', frameTime: () => time.ms() },
      { lockstep: true },
    );
    const { scene } = speaker.stage;
    const engine = scene.getEngine();
    time.ms = () => scene.getStepId() * engine.getTimeStep();
    speaker.stage.stop();
    const shown = new Map<number, readonly number[]>();
    const line = speaker.say(SHORT);
    let begun = Number.NaN;
    line.onStateObservable.add((state) => {
      if (state === 'speaking') begun = scene.getStepId();
    });
    const frame = () => {
      engine.beginFrame();
      scene.render();
      engine.endFrame();
    };
    await until(() => {
      if (!(begun >= 0)) frame();
      return begun >= 0;
    });
    while (!line.ended) {
      const step = scene.getStepId() - begun;
      if (!line.ended) shown.set(step, [line.playhead, ...speaker.mouth.weights()]);
      await pause(frameMs);
      frame();
    }
    return {
      shown,
      line,
      words: speaker.watch.words.map(({ text }) => text),
      timeStep: engine.getTimeStep(),
    };
  }

  it('has the same faces at the same steps, however fast the machine is', async () => {
    const [fast, slow] = [await playAsync(4), await playAsync(50)];
    for (const { shown, line, words, timeStep } of [fast, slow]) {
      expect(await line.finished).toMatchObject({ outcome: 'finished', seconds: SHORT.duration });
      expect(words).toEqual(SHORT.words.map(({ text }) => text));
      for (const [step, [playhead]] of shown) {
        expect(playhead).toBeCloseTo(Math.min((step * timeStep) / 1000, SHORT.duration), 9);
      }
    }
    const common = [...slow.shown.keys()].filter((step) => fast.shown.has(step));
    expect(common.length).toBeGreaterThan(3);
    for (const step of common) {
      for (const [index, weight] of slow.shown.get(step)!.entries())
        expect(weight).toBeCloseTo(fast.shown.get(step)![index]!, 5);
    }
  });

  it('stands still with its words while it makes no step', async () => {
    const time = { ms: 0 };
    const { stage, watch, mouth, say } = await openSpeaker(
      { audioContext: 'none', frameTime: () => time.ms },
      { lockstep: true },
    );
    const line = say(SHORT);
    stage.stop();
    await until(() => line.state === 'buffering');
    for (let frame = 0; frame < 30; frame++) {
      time.ms += 1000 / 60;
      stage.scene.render();
    }
    const [playhead, words, weights] = [line.playhead, watch.words.length, mouth.weights()];
    expect(playhead).toBeCloseTo(29 / 60, 6);
    await pause(1_000);
    expect([line.playhead, watch.words.length, mouth.weights()]).toEqual([playhead, words, weights]);
    time.ms += 1000 / 60;
    stage.scene.render();
    expect(line.playhead).toBeCloseTo(30 / 60, 6);
  });
});
