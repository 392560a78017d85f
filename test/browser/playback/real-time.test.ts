import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { expect, it, onTestFinished } from 'vitest';
import { type AudioHost, createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import { Space } from '../../../src/playback/space.ts';
import { spaceSettings } from '../../../src/playback/space-settings.ts';
import { Recorder } from '../recorder.ts';

const HZ = 400;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

it('a voice by HRTF does not click while others come, go and turn, in real time', async () => {
  const host = await createAudioHostAsync();
  const engine = new NullEngine();
  const scene = new Scene(engine);
  new FreeCamera('camera', Vector3.Zero(), scene);
  await host.unlockAsync();
  const space = new Space(scene, host.engine, host.context, spaceSettings({ hrtfVoices: 3 }));
  const voices = await Promise.all(
    [1, 2, 3].map(async (distance) => {
      const voice = await host.createVoiceAsync({ cone: false, rolloffFactor: 0 });
      const node = new TransformNode('mouth', scene);
      node.position.set(distance / 2, 0, distance);
      voice.attach(node);
      space.add(voice);
      return { voice, node };
    }),
  );
  onTestFinished(() => {
    for (const { voice } of voices) voice.dispose();
    space.dispose();
    host.dispose();
    engine.dispose();
  });
  await expect.poll(() => space.hrtfReady, { timeout: 20_000 }).toBe(true);
  const [still, turning, coming] = voices;

  const recorder = await Recorder.start(endOf(host));
  const line = still!.voice.begin({ sampleRate: 24_000 });
  line.push(
    Int16Array.from({ length: 6 * 24_000 }, (_, n) => 9_000 * Math.sin((2 * Math.PI * HZ * n) / 24_000)),
  );
  line.end();
  turning!.voice.begin({ sampleRate: 24_000 }).push(new Int16Array(6 * 24_000));
  await pause(300);
  for (let frame = 0; frame < 250; frame++) {
    turning!.node.position.set(2 * Math.sin(frame / 5), 0, 2 * Math.cos(frame / 5));
    if (frame % 25 === 0) {
      const silence = coming!.voice.begin({ sampleRate: 24_000 });
      silence.push(new Int16Array(1_200));
      silence.end();
    }
    scene.incrementRenderId();
    space.update();
    await pause(12);
  }
  const heard = recorder.stop()[0]!;
  const rate = host.context.sampleRate;
  const begun = heard.findIndex((sample) => Math.abs(sample) > 0.02) / rate;
  const itself = kink(heard, rate, begun + 0.05, begun + 0.25);
  expect(kink(heard, rate, begun + 0.25, begun + 2.8)).toBeLessThan(1.5 * itself);
});

/** Largest change of slope from sample to sample, from `from` to `to` seconds. */
function kink(signal: Float32Array, rate: number, from: number, to: number): number {
  let most = 0;
  for (let frame = Math.round(from * rate); frame < Math.round(to * rate); frame++) {
    most = Math.max(most, Math.abs(signal[frame]! - 2 * signal[frame - 1]! + signal[frame - 2]!));
  }
  return most;
}

/** What all voices are mixed into, on its way to the device. */
function endOf(host: AudioHost): AudioNode {
  return (host.engine.mainOut as unknown as { _inNode: AudioNode })._inNode;
}
