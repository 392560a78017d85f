import '@babylonjs/loaders/glTF/2.0/index.js';
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import mira from '../../../assets/characters/mira.glb?url';
import tomas from '../../../assets/characters/tomas.glb?url';
import { bindFace, type FaceBinding } from '../../../src/face/binding.ts';
import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { EMOTION_NAMES, resolveEmotion } from '../../../src/pose/emotion.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { VISEMES, type Viseme } from '../../../src/speech/viseme.ts';
import { Lips } from '../../kit/lip-gap.ts';
import { syllables } from '../../kit/syllables.ts';

function lineOf(phones: readonly (readonly [Viseme, number])[]): { curve: PoseCurve; cues: Cue[] } {
  let time = 0;
  const cues = phones.map(([viseme, seconds]) => {
    const start = time;
    time += seconds;
    return { viseme, start, end: time, weight: 1 };
  });
  return lineOfCues(cues);
}

function lineOfCues(cues: Cue[]): { curve: PoseCurve; cues: Cue[] } {
  const curve = new PoseCurve();
  curve.addCues(cues);
  curve.end(cues.at(-1)!.end);
  return { curve, cues };
}

describe.each([
  ['Mira', mira],
  ['Tomas', tomas],
])('%s', (_name, url) => {
  let engine: Engine;
  let scene: Scene;
  let root: TransformNode;
  let idle: AnimationGroup | undefined;
  let face: FaceBinding;
  let lips: Lips;
  const pose = createPose();
  const row = new Float32Array(ROW);
  const undertones = new Undertones(() => true);

  /** Shows a moment of a line as a frame of a game does: animations first, then the face. */
  function show(curve: PoseCurve, time: number, emotion?: Float32Array): void {
    clearPose(pose);
    if (emotion) pose.set(emotion);
    curve.sample(time, row);
    addVisemes(pose, row);
    settleMouth(pose);
    undertones.add(pose, row);
    face.write(pose);
  }

  beforeAll(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    engine = new Engine(canvas, false);
    scene = new Scene(engine);
    new FreeCamera('camera', new Vector3(0, 1.5, 0.6), scene).setTarget(new Vector3(0, 1.5, 0));
    const container = await LoadAssetContainerAsync(url, scene);
    container.addAllToScene();
    root = container.rootNodes[0] as TransformNode;
    idle = container.animationGroups[0];
    lips = await Lips.ofAsync(root, url);
    face = bindFace(root);
  });

  afterAll(() => {
    face.dispose();
    scene.dispose();
    engine.dispose();
  });

  it('has every viseme of its own, a head and two eyes', () => {
    expect(face.report.problems).toEqual([]);
    expect(VISEMES.filter((viseme) => face.report.visemes[viseme].origin !== 'own')).toEqual([]);
    expect(face.report.joints).toEqual({
      head: 'Head',
      leftEye: 'LeftEye',
      rightEye: 'RightEye',
      neck: 'Neck',
      chest: 'Spine2',
    });
    expect(face.head?.getClassName()).toBe('TransformNode');
  });

  it('has closed lips at rest', () => {
    face.rest();
    expect(lips.widest()).toBeLessThan(1);
  });

  /** Shapes of the line at a speed, and the greatest or least of a measure over the frames in which each may be seen. */
  function overFrames(
    speed: number,
    fps: number,
    emotion: Float32Array,
    viseme: Viseme,
    around: number,
    measure: () => number,
  ): number[][] {
    const { curve, cues } = lineOfCues(syllables(speed));
    return cues
      .filter((cue) => cue.viseme === viseme)
      .map(({ start, end }) => {
        const first = Math.floor((start - around) * fps);
        const last = Math.ceil((end + around) * fps);
        return Array.from({ length: last - first + 1 }, (_, i) => {
          show(curve, (first + i) / fps, emotion);
          return measure();
        });
      });
  }

  describe.each(EMOTION_NAMES)('feeling %s', (name) => {
    it.each([0.5, 1])(
      'brings the lips together on every p b m and parts them on every aa, at intensity %s',
      (intensity) => {
        const emotion = resolveEmotion('test', { name, intensity });
        for (const speed of [0.7, 1, 1.5, 2]) {
          for (const fps of [30, 60]) {
            const at = `speed ${speed}, ${fps} Hz`;
            for (const closure of overFrames(speed, fps, emotion, 'PP', 0.02, () => lips.widest()))
              expect(Math.min(...closure), at).toBeLessThan(1);
            for (const vowel of overFrames(speed, fps, emotion, 'aa', 0, () => lips.middle()))
              expect(Math.max(...vowel), at).toBeGreaterThan(4);
          }
        }
      },
    );
  });

  it('is at rest when the line is over', () => {
    const { curve, cues } = lineOfCues(syllables());
    show(curve, 0.3);
    show(curve, cues.at(-1)!.end);
    expect(lips.widest()).toBeLessThan(1);
  });

  it('keeps its face while its own animation plays and the engine draws', async () => {
    idle?.start(true);
    await scene.whenReadyAsync();
    const { curve } = lineOf([
      ['aa', 0.4],
      ['sil', 0.2],
    ]);
    const turned: number[] = [];
    const frame = scene.onBeforeRenderObservable.add(() => {
      show(curve, 0.2);
      pose[CHANNEL.headYaw] = 0.3;
      face.write(pose);
      turned.push(face.head!.rotationQuaternion!.length());
    });
    for (let i = 0; i < 4; i++) scene.render();
    frame.remove();
    expect(idle).toBeDefined();
    expect(lips.middle()).toBeGreaterThan(4);
    for (const length of turned) expect(length).toBeCloseTo(1, 3);
    const sideways = (): number => face.head!.getDirection(Vector3.Forward()).x;
    const with03 = sideways();
    face.rest();
    face.head!.computeWorldMatrix(true);
    expect(Math.abs(with03 - sideways())).toBeGreaterThan(0.2);
    expect(Math.abs(with03 - sideways())).toBeLessThan(0.4);
  });
});
