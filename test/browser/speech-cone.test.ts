import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { Space } from '@babylonjs/core/Maths/math.axis.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CreateParleyAsync, type NpcOptions } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { peak } from './playback/offline.ts';
import { Recorder } from './recorder.ts';
import { Stage } from './stage.ts';

/** Metres from the face at which the ears are. */
const DISTANCE = 3;

/** Mira on a stage, and how loud she is at the ears, decibels. */
async function createMira(rightHanded: boolean, options: Partial<NpcOptions> = {}) {
  const stage = new Stage({ rightHanded });
  const voices = toneVoices();
  const audioContext = new AudioContext();
  const audioEngine = await CreateAudioEngineAsync({ audioContext, disableDefaultUI: true });
  const spatial = { hrtfVoices: 0 };
  const parley = await CreateParleyAsync(stage.scene, { voices, audioEngine, audioContext, spatial });
  onTestFinished(() => {
    parley.dispose();
    stage.dispose();
    audioEngine.dispose();
  });
  const root = await stage.load('mira');
  const npc = parley.addNpc(root, { name: 'Mira', ...options });
  await parley.unlockAsync();

  /** With the ears on the side of world +Z or -Z, at the height of the head. */
  const loudnessFrom = async (side: 1 | -1) => {
    stage.camera.position.set(0, 1.6, side * DISTANCE);
    stage.camera.setTarget(new Vector3(0, 1.6, 0));
    await frames(stage, 3);
    const recorder = await Recorder.start(endOf(audioEngine));
    await npc.say('a long tone').finished;
    const tops = recorder.stop().map((ear) => peak(ear)); // A steady tone, and silence about it.
    return 20 * Math.log10(Math.hypot(...tops));
  };
  return { stage, root, loudnessFrom };
}

function frames(stage: Stage, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const observer = stage.scene.onAfterRenderObservable.add(() => {
      if (--left > 0) return;
      observer.remove();
      resolve();
    });
  });
}

/** What Babylon's engine sends to the device. */
function endOf(engine: AudioEngineV2): AudioNode {
  return (engine.mainOut as unknown as { _inNode: AudioNode })._inNode;
}

describe.each([
  ['left', false],
  ['right', true],
] as const)('a face, in a %s-handed scene', (_, rightHanded) => {
  it('is louder before it than behind it, however the character is turned and carried', async () => {
    const { stage, root, loudnessFrom } = await createMira(rightHanded);
    // glTF looks along +Z, in Babylon's mirrored root of left-handed scenes too.
    expect((await loudnessFrom(1)) - (await loudnessFrom(-1))).toBeCloseTo(7, 0);
    root.rotate(Vector3.Up(), Math.PI, Space.WORLD);
    expect((await loudnessFrom(1)) - (await loudnessFrom(-1))).toBeCloseTo(-7, 0);
    const carrier = new TransformNode('carrier', stage.scene);
    carrier.rotation.y = Math.PI;
    root.parent = carrier;
    expect((await loudnessFrom(1)) - (await loudnessFrom(-1))).toBeCloseTo(7, 0);
  });
});

describe('the cone of a voice', () => {
  it('is as the NPC is told', async () => {
    const { loudnessFrom } = await createMira(false, { cone: { behindDb: -15 } });
    expect((await loudnessFrom(1)) - (await loudnessFrom(-1))).toBeCloseTo(15, 0);
  });

  it('can be left out', async () => {
    const { loudnessFrom } = await createMira(false, { cone: false });
    expect(Math.abs((await loudnessFrom(1)) - (await loudnessFrom(-1)))).toBeLessThan(0.5);
  });
});
