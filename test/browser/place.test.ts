/** A scene with a wall and a cellar, from `CreateParleyAsync` to what Babylon's engine sends to the device. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { expect, it, onTestFinished } from 'vitest';
import { CreateParleyAsync, rayOcclusion, reverbZones } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { peak } from './playback/offline.ts';
import { Recorder } from './recorder.ts';
import { Stage } from './stage.ts';

/** What Babylon's engine sends to the device. */
function endOf(engine: AudioEngineV2): AudioNode {
  return (engine.mainOut as unknown as { _inNode: AudioNode })._inNode;
}

it('a wall of the scene muffles a voice, a door that opens frees it, and a cellar rings', async () => {
  const stage = new Stage();
  const audioContext = new AudioContext();
  const audioEngine = await CreateAudioEngineAsync({ audioContext, disableDefaultUI: true });
  const wall = CreateBox('wall', { width: 8, height: 6, depth: 0.2 }, stage.scene);
  const cellar = CreateBox('cellar', { width: 6, height: 6, depth: 6 }, stage.scene);
  cellar.isVisible = false;
  wall.position.set(0, 1.5, 2);
  cellar.position.set(0, 0, -40);
  const parley = await CreateParleyAsync(stage.scene, {
    voices: toneVoices(),
    audioEngine,
    audioContext,
    spatial: {
      hrtfVoices: 0,
      occlusion: rayOcclusion(stage.scene),
      reverb: reverbZones([{ space: cellar, preset: 'hall', wetDb: 0 }]),
    },
  });
  onTestFinished(() => {
    parley.dispose();
    stage.dispose();
    audioEngine.dispose();
  });
  const root = await stage.load('mira');
  const npc = parley.addNpc(root, { name: 'Mira' });
  await parley.unlockAsync();
  stage.camera.position.set(0, 1.6, 4);
  stage.camera.setTarget(new Vector3(0, 1.6, 0));
  await new Promise((resolve) => setTimeout(resolve, 300));

  /** The loudest of a line, and of what comes after it. */
  const heard = async () => {
    const recorder = await Recorder.start(endOf(audioEngine));
    await npc.say('a long tone').finished;
    await new Promise((resolve) => setTimeout(resolve, 600));
    const [left] = recorder.stop() as [Float32Array, ...Float32Array[]];
    return { line: peak(left), after: peak(left, left.length - 0.3 * audioContext.sampleRate) };
  };
  const walled = await heard();
  wall.position.x = 20;
  const free = await heard();
  expect(20 * Math.log10(walled.line / free.line)).toBeLessThan(-10);
  expect(20 * Math.log10(walled.line / free.line)).toBeGreaterThan(-20);
  expect(free.after).toBeLessThan(free.line / 1_000);

  root.position.z = -40;
  stage.camera.position.z = -38;
  const below = await heard();
  expect(below.after).toBeGreaterThan(free.line / 100);
});
