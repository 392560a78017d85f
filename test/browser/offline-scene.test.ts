import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, it } from 'vitest';
import {
  CreateParleyAsync,
  type Line,
  type OfflineFrame,
  type Parley,
  renderOfflineAsync,
  type TalkingNpc,
  trackVoices,
  type VoiceSource,
} from '../../src/index.ts';
import { countingTrack } from './heard.ts';
import { Stage } from './stage.ts';
import { pause } from './waiting.ts';

const HELLO = countingTrack(4, 'a');
const ANSWER = countingTrack(3, 'b');
const RATE = 48_000;
const SECONDS = 2.5;

/** What a recording holds: both ears, every morph target of every frame, every word, and playheads. */
interface Recording {
  readonly ears: Float32Array[];
  readonly poses: number[][];
  readonly words: string[];
  /** Line time that each frame showed of the first line. */
  readonly playheads: number[];
  readonly outcomes: string[];
}

interface Cast {
  readonly parley: Parley;
  readonly stage: Stage;
  readonly mira: TalkingNpc;
  readonly tomas: TalkingNpc;
  readonly lines: Line[];
}

/** A source that takes its time, another one each run. */
function dawdling(voices: VoiceSource): VoiceSource {
  return {
    ...voices,
    async *speak(request, signal) {
      for await (const part of voices.speak(request, signal)) {
        await pause(Math.random() * 20);
        yield part;
      }
    },
  };
}

/** Two people talk: she left of the middle, he right of it, and the camera turns meanwhile. */
async function record({
  fps = 20,
  volume = 1,
  seconds = SECONDS,
  act = talk,
}: {
  fps?: number;
  volume?: number;
  seconds?: number;
  act?: (cast: Cast, frame: OfflineFrame) => void | Promise<void>;
} = {}): Promise<Recording> {
  const stage = new Stage();
  stage.stop();
  const roots = [await stage.load('mira'), await stage.load('tomas')] as const;
  roots[0].position.x = -1.5;
  roots[1].position.x = 1.5;
  // Faces move whether they are drawn or not, and drawing by software takes most of the time.
  for (const mesh of roots.flatMap((root) => root.getChildMeshes())) mesh.isVisible = false;
  const parley = await CreateParleyAsync(stage.scene, {
    voices: dawdling(trackVoices([HELLO, ANSWER])),
    audioContext: new OfflineAudioContext(2, seconds * RATE, RATE),
  });
  parley.setVolume(volume);
  const mira = parley.addNpc(roots[0], { name: 'Mira' });
  const tomas = parley.addNpc(roots[1], { name: 'Tomas' });
  const lines: Line[] = [];
  const words: string[] = [];
  for (const npc of [mira, tomas]) {
    npc.onLineObservable.add((line) => {
      lines.push(line);
      line.onWordObservable.add((word) => words.push(`${npc.name} ${word.text}`));
    });
  }
  const influences = roots.flatMap(targetsOf);
  const poses: number[][] = [];
  const playheads: number[] = [];
  stage.scene.onAfterRenderObservable.add(() => {
    poses.push(influences.map((target) => target.influence));
    playheads.push(lines[0]?.playhead ?? 0);
  });
  const cast = { parley, stage, mira, tomas, lines };
  const sound = await renderOfflineAsync(parley, { fps, onFrame: (frame) => act(cast, frame) });
  const ears = [0, 1].map((channel) => sound.getChannelData(channel));
  const outcomes = await Promise.all(lines.map(async (line) => (await line.finished).outcome));
  parley.dispose();
  stage.dispose();
  return { ears, poses, words, playheads, outcomes };
}

function talk({ stage, mira, tomas }: Cast, { seconds }: OfflineFrame): void {
  if (seconds === 0) mira.say(HELLO.text);
  if (seconds === 0.5) tomas.say(ANSWER.text);
  if (seconds === 0.6) mira.say(ANSWER.text);
  stage.camera.rotation.y = seconds * 0.4;
}

function targetsOf(root: TransformNode) {
  return root
    .getChildMeshes()
    .flatMap(({ morphTargetManager: manager }) =>
      Array.from({ length: manager?.numTargets ?? 0 }, (_, index) => manager!.getTarget(index)),
    );
}

/** Where two rows of numbers differ first; -1 where they are the same, bit by bit. */
function firstChange(row: ArrayLike<number>, other: ArrayLike<number>): number {
  if (row.length !== other.length) return Math.min(row.length, other.length);
  for (let index = 0; index < row.length; index++) if (!Object.is(row[index], other[index])) return index;
  return -1;
}

function loudness(signal: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from * RATE; index < to * RATE; index++) sum += signal[index]! ** 2;
  return Math.sqrt(sum / ((to - from) * RATE));
}

describe('a scene recorded offline', () => {
  it('is the same each time, bit by bit, however long its voices take', async () => {
    const [first, second] = [await record(), await record()];
    expect(first.outcomes).toEqual(['finished', 'finished', 'finished']);
    expect(second.words).toEqual(first.words);
    expect(firstChange(second.poses.flat(), first.poses.flat())).toBe(-1);
    for (const ear of [0, 1]) expect(firstChange(second.ears[ear]!, first.ears[ear]!)).toBe(-1);
    // What is the same is not nothing: she is heard on the left, then he on the right, and mouths open.
    expect(first.poses).toHaveLength(50);
    const [left, right] = first.ears as [Float32Array, Float32Array];
    expect(loudness(left, 0.1, 0.4)).toBeGreaterThan(0.01);
    expect(loudness(left, 0.1, 0.4)).toBeGreaterThan(2 * loudness(right, 0.1, 0.4));
    expect(new Set(first.words).size).toBe(10);
    expect(Math.max(...first.poses.flat())).toBeGreaterThan(0.3);
  });

  it('shows in each frame exactly what is heard at its moment', async () => {
    const { ears, playheads } = await record({ fps: 50, seconds: 1 });
    const onset = ears[0]!.findIndex((sample) => sample !== 0) / RATE;
    const lags = playheads
      .map((playhead, index) => ({ playhead, lag: index / 50 - playhead }))
      .filter(({ playhead }) => playhead > 0)
      .map(({ lag }) => lag);
    expect(lags.length).toBeGreaterThan(40);
    expect(Math.max(...lags) - Math.min(...lags)).toBeLessThan(1e-9);
    expect(Math.abs(lags[0]! - onset)).toBeLessThan(0.002); // The first sample of a sine is 0, and it fades in.
  });

  it('has the same faces at the same moments at any frame rate', async () => {
    const [coarse, fine] = [await record({ fps: 20, seconds: 1 }), await record({ fps: 40, seconds: 1 })];
    for (const [index, pose] of coarse.poses.entries()) {
      for (const [target, influence] of pose.entries()) {
        expect(Math.abs(fine.poses[2 * index]![target]! - influence)).toBeLessThan(2e-4); // Targets are held a hair above 0 once they have moved.
      }
    }
  });

  it('has the same faces when it is muted', async () => {
    const [loud, muted] = [await record(), await record({ volume: 0 })];
    for (const ear of muted.ears) expect(ear.findLastIndex((sample) => sample !== 0)).toBeLessThan(RATE / 10);
    expect(firstChange(muted.poses.flat(), loud.poses.flat())).toBe(-1);
    expect(muted.words).toEqual(loud.words);
  });

  it('stops the lines that it was too short for', async () => {
    const act = ({ mira }: Cast, { index }: OfflineFrame) => {
      if (index > 0) return;
      mira.say(HELLO.text);
      mira.say(ANSWER.text);
    };
    expect((await record({ seconds: 0.5, act })).outcomes).toEqual(['stopped', 'stopped']);
  });

  it('fails with what a frame throws, and ends when it is told to', async () => {
    const act = () => {
      throw new Error('from the game');
    };
    await expect(record({ act })).rejects.toThrow('from the game');
    const stage = new Stage();
    stage.stop();
    const parley = await CreateParleyAsync(stage.scene, {
      voices: trackVoices([]),
      audioContext: new OfflineAudioContext(1, RATE, RATE),
    });
    const abort = new AbortController();
    const ended = renderOfflineAsync(parley, {
      signal: abort.signal,
      onFrame: ({ index }) => {
        if (index === 3) abort.abort(new Error('enough'));
      },
    });
    await expect(ended).rejects.toThrow('enough');
    await expect(renderOfflineAsync(parley)).rejects.toMatchObject({ code: 'invalid-input' });
    parley.dispose();
    stage.dispose();
  });

  it.each([0, 241, Number.NaN])('is refused at %s frames a second', async (fps) => {
    await expect(record({ fps })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('needs an offline context', async () => {
    const stage = new Stage();
    const parley = await CreateParleyAsync(stage.scene, { voices: trackVoices([]) });
    await expect(renderOfflineAsync(parley)).rejects.toMatchObject({ code: 'invalid-input' });
    parley.dispose();
    stage.dispose();
  });
});
