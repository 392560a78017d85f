import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { expect, it, onTestFinished } from 'vitest';
import { createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { reverbZones } from '../../../src/playback/reverb/reverb-zones.ts';
import { Space } from '../../../src/playback/space.ts';
import { type SpaceOptions, spaceSettings } from '../../../src/playback/space-settings.ts';
import { openSound } from '../open-sound.ts';
import { Recorder } from '../recorder.ts';
import { pause, until } from '../waiting.ts';
import { peak, steepest, tone } from './offline.ts';

/** A voice 30 metres away in a real context, and a recorder of all that leaves the engine. */
async function openVoice(options: SpaceOptions = {}) {
  const { audioContext: context, audioEngine } = await openSound();
  const host = await createAudioHostAsync({ audioEngine, audioContext: context });
  const engine = new NullEngine();
  const scene = new Scene(engine);
  new FreeCamera('camera', Vector3.Zero(), scene);
  const settings = spaceSettings({ maxDistance: 2, ...options });
  const rooms = settings.reverb && (await host.createReturnAsync());
  const space = new Space(scene, host.engine, context, settings, { rooms });
  const voice = await host.createVoiceAsync({ ...settings, cone: false });
  const node = new TransformNode('mouth', scene);
  node.position.z = 30;
  voice.attach(node);
  space.add(voice);
  await host.unlockAsync();
  // Babylon keeps the node through which all of an engine's sound goes to itself.
  const end = (audioEngine.mainOut as unknown as { readonly _inNode: AudioNode })._inNode;
  const silence = new ConstantSourceNode(context, { offset: 0 }); // What nobody plays into is not recorded.
  silence.connect(end);
  silence.start();
  const recorder = await Recorder.start(end);
  onTestFinished(() => {
    voice.dispose();
    space.dispose();
    host.dispose();
    audioEngine.dispose();
    engine.dispose();
  });
  const say = (seconds: number) => {
    const line = voice.begin({ sampleRate: 24_000 });
    line.push(tone(seconds, 24_000));
    line.end();
    return line;
  };
  /** Suspends the context, does something meanwhile, and lets it go on: how many frames were recorded before. */
  const whileSuspended = async (act: () => void) => {
    await context.suspend();
    let frames = -1;
    while (frames !== recorder.frames) {
      frames = recorder.frames;
      await pause(200); // The last blocks are still on their way.
    }
    act();
    await pause(50);
    await context.resume();
    return frames;
  };
  return { space, voice, recorder, say, whileSuspended };
}

/** Around the voice and the ears. */
const HALL = [{ space: { centre: Vector3.Zero(), radius: 50 }, preset: 'church' }] as const;

it.each([
  ['near', 'while the context is suspended', { travelTime: 'off' }],
  ['far away, whose sound is still in the air,', 'while the context is suspended', { travelTime: 'sound' }],
  ['near', 'and still fades as the context is suspended', { travelTime: 'off' }],
  ['far away', 'and still fades as the context is suspended', { travelTime: 'sound' }],
  ['in a hall', 'while the context is suspended', { reverb: HALL }],
  ['in a hall', 'and still fades as the context is suspended', { reverb: HALL }],
] as const)('a voice %s that is stopped %s is not heard again', async (_where, when, options) => {
  const { reverb, ...others } = { reverb: undefined, ...options };
  const rooms = reverb && reverbZones(reverb);
  const { voice, recorder, say, whileSuspended } = await openVoice({ ...others, reverb: rooms });
  const line = say(5);
  await until(() => line.position > 0.5);
  if (when.startsWith('and')) line.stop(1_000);
  const frames = await whileSuspended(() => line.stop(60));
  expect((await line.ended).reason).toBe('stopped');
  await pause(500);
  const heard = recorder.heard();
  expect(heard.length).toBeGreaterThan(frames + 10_000);
  expect(peak(heard, frames - 20_000, frames)).toBeGreaterThan(0.02);
  expect(peak(heard, frames)).toBe(0);

  const next = say(0.3);
  await next.ended;
  await pause(500);
  expect(voice.player.line).toBe(next);
  expect(peak(recorder.heard(), heard.length)).toBeGreaterThan(0.02);
});

it('a voice goes on with the very next sample when its context does', async () => {
  const { voice, recorder, say, whileSuspended } = await openVoice();
  const line = say(2);
  await until(() => line.position > 0.5);
  const frames = await whileSuspended(() => {});
  expect((await line.ended).reason).toBe('finished');
  await pause(300);
  const heard = recorder.heard();
  const own = steepest(heard.subarray(frames - 9_600, frames - 4_800));
  expect(own).toBeGreaterThan(0);
  expect(steepest(heard.subarray(frames - 4_800, frames + 4_800))).toBeLessThan(1.01 * own);
  expect(voice.player.line!.gapMap.pieces).toBe(1);
  expect(line.stalledMs).toBe(0);
});

it('a voice that is muted while its context is suspended is not heard when that goes on', async () => {
  const { voice, recorder, say, whileSuspended } = await openVoice();
  const line = say(2);
  await until(() => line.position > 0.5);
  const frames = await whileSuspended(() => voice.setVolume(0));
  await pause(200);
  expect(line.state).toBe('playing');
  expect(peak(recorder.heard(), frames)).toBe(0);
});
