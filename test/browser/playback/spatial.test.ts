import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAudioHostAsync } from '../../../src/playback/audio-host.ts';
import type { LineAudio } from '../../../src/playback/line-player.ts';
import { Space } from '../../../src/playback/space.ts';
import { spaceSettings } from '../../../src/playback/space-settings.ts';
import { decibels, Hall } from './hall.ts';
import { CONTEXT_RATE, difference, peak, tone } from './offline.ts';

describe('a voice with a place', () => {
  it.each([false, true])('is heard from where its node is, right-handed scene: %s', async (rightHanded) => {
    const hall = await Hall.create({ rightHanded });
    const speaker = await hall.speaker(hall.ahead(1));
    speaker.node.position.x = 2;
    hall.say(speaker);
    const heard = await hall.render([
      hall.at(1, () => {
        speaker.node.position.x = -2;
      }),
    ]);
    const [right, left] = [heard.loudness(0.3, 0.9), heard.loudness(1.3, 1.9)];
    expect(decibels(right.right / right.left)).toBeGreaterThan(3);
    expect(decibels(left.left / left.right)).toBeGreaterThan(3);
  });

  it('follows the active camera, whichever it is', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker(new Vector3(2, 0, 1));
    const beyond = new FreeCamera('beyond', new Vector3(4, 0, 0), hall.scene);
    hall.say(speaker);
    const heard = await hall.render([
      hall.at(1, () => {
        hall.scene.activeCamera = beyond;
        beyond.computeWorldMatrix();
      }),
    ]);
    const [before, after] = [heard.loudness(0.3, 0.9), heard.loudness(1.3, 1.9)];
    expect(decibels(before.right / before.left)).toBeGreaterThan(3);
    expect(decibels(after.left / after.right)).toBeGreaterThan(3);
  });

  it("is heard where the game's own listener is not, when that stands elsewhere", async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker(new Vector3(2, 0, 1));
    const elsewhere = new FreeCamera('elsewhere', new Vector3(40, 2, -7), hall.scene);
    elsewhere.setTarget(new Vector3(-3, 5, 12));
    hall.host.engine.listener.attach(elsewhere);
    hall.host.engine.listener.update();
    hall.say(speaker);
    const { left, right } = (await hall.render()).loudness(0.3, 1.9);
    const alone = await Hall.create();
    alone.say(await alone.speaker(new Vector3(2, 0, 1)));
    const expected = (await alone.render()).loudness(0.3, 1.9);
    expect(decibels(left / expected.left)).toBeCloseTo(0, 1);
    expect(decibels(right / expected.right)).toBeCloseTo(0, 1);
  });

  it('is half as loud at twice the distance, from a metre on', async () => {
    const loudness: number[] = [];
    for (const distance of [0.5, 1, 2, 4]) {
      const hall = await Hall.create();
      hall.say(await hall.speaker(hall.ahead(distance)));
      loudness.push((await hall.render()).loudness(0.3, 1.9).left);
    }
    const [near, one, two, four] = loudness;
    expect(decibels(near! / one!)).toBeCloseTo(0, 1);
    expect(decibels(one! / two!)).toBeCloseTo(6.02, 1);
    expect(decibels(two! / four!)).toBeCloseTo(6.02, 1);
  });

  it('is as loud as before, and never louder, when the camera cuts to the other side of it', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker(hall.ahead(5));
    hall.say(speaker);
    const heard = await hall.render(
      hall.frames(50, 0.5, 1.5, (seconds) => {
        if (seconds < 1) return;
        hall.camera.position.z = 10;
        hall.camera.setTarget(Vector3.Zero());
      }),
    );
    const before = peak(heard.left, 0.3 * CONTEXT_RATE, 0.9 * CONTEXT_RATE);
    expect(peak(heard.left, 0.9 * CONTEXT_RATE, 1.4 * CONTEXT_RATE)).toBeLessThan(1.5 * before);
    expect(decibels(heard.loudness(1.3, 1.9).left / heard.loudness(0.3, 0.9).left)).toBeCloseTo(0, 1);
  });

  it('is turned down alone and with all dialogue', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker();
    hall.say(speaker);
    const heard = await hall.render([
      { atSeconds: 0.7, act: () => speaker.voice.setVolume(0.5) },
      { atSeconds: 1.3, act: () => hall.host.setVolume(0.5) },
    ]);
    const [full, halved, quartered] = [
      heard.loudness(0.2, 0.6),
      heard.loudness(0.8, 1.2),
      heard.loudness(1.4, 1.9),
    ];
    expect(decibels(full.left / halved.left)).toBeCloseTo(6.02, 1);
    expect(decibels(halved.left / quartered.left)).toBeCloseTo(6.02, 1);
  });

  it('leaves what is connected to the tap alone, at any volume', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker();
    const meter = new AnalyserNode(hall.host.context, { fftSize: 2_048 });
    speaker.voice.player.tap.connect(meter);
    meter.connect(hall.host.context.destination);
    speaker.voice.setVolume(0);
    hall.say(speaker);
    expect((await hall.render()).loudness(0.3, 1.9).left).toBeGreaterThan(0.1);
  });

  it('is silent and gone once it is disposed', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker();
    hall.say(speaker);
    const heard = await hall.render([
      {
        atSeconds: 1,
        act: () => {
          speaker.voice.dispose();
          speaker.voice.dispose();
        },
      },
    ]);
    expect(heard.loudness(0.3, 0.9).left).toBeGreaterThan(0.1);
    expect(heard.loudness(1.1, 1.9).left).toBe(0);
  });
});

describe('a voice that says nothing', () => {
  it('is out of the audio graph, and is back for the first sample of its next line', async () => {
    const lines = await Promise.all(
      [true, false].map(async (rests) => {
        const hall = await Hall.create({ seconds: 1.5 });
        const speaker = await hall.speaker();
        const begin = { atSeconds: 0.5, act: () => hall.say(speaker, tone(0.5, 24_000, 1_000)) };
        const heard = await hall.render(rests ? [hall.at(0.2, () => {}), begin] : [begin]);
        return { voice: speaker.voice, left: heard.left };
      }),
    );
    const [rested, awake] = lines;
    const first = awake!.left.findIndex((sample) => sample !== 0);
    expect(first).toBeGreaterThanOrEqual(0.5 * CONTEXT_RATE);
    expect(rested!.left.findIndex((sample) => sample !== 0)).toBe(first);
    expect(difference(rested!.left, 0, awake!.left, 0, awake!.left.length)).toBeLessThan(1e-6);
  });

  it('renders nothing of its worklet', async () => {
    const hall = await Hall.create({ seconds: 1 });
    const { voice } = await hall.speaker();
    let line: LineAudio | undefined;
    const states: (string | undefined)[] = [];
    await hall.render([
      hall.at(0.2, () => {}),
      {
        atSeconds: 0.4,
        act: () => {
          line = voice.player.begin({ sampleRate: 24_000 }); // Not by the voice, which would bring it back.
          line.push(tone(0.2, 24_000));
          line.end();
        },
      },
      { atSeconds: 0.9, act: () => states.push(line?.state) },
    ]);
    expect(states).toEqual(['buffering']);
  });

  it('rests again after each line', async () => {
    const hall = await Hall.create();
    const speaker = await hall.speaker();
    const heard: boolean[] = [];
    const look = () => heard.push(speaker.voice.heard);
    hall.say(speaker, tone(0.3, 24_000));
    await hall.render([hall.at(0.2, look), hall.at(0.4, look), hall.at(0.6, () => {}), hall.at(0.7, look)]);
    expect(heard).toEqual([true, true, false]);
  });
});

/** What is scheduled on audio parameters from now on, until the end of the test. */
function watchSchedules(): readonly string[] {
  const scheduled: string[] = [];
  const prototype = AudioParam.prototype;
  const names = [
    'setTargetAtTime',
    'setValueAtTime',
    'setValueCurveAtTime',
    'cancelScheduledValues',
  ] as const;
  for (const name of names) {
    const original = prototype[name];
    prototype[name] = function (this: AudioParam, ...args: never[]) {
      scheduled.push(name);
      return Reflect.apply(original, this, args);
    };
    onTestFinished(() => {
      prototype[name] = original as never;
    });
  }
  return scheduled;
}

describe('a frame in which nothing moved', () => {
  it.each([false, true])(
    'schedules nothing on the audio thread, right-handed scene: %s',
    async (rightHanded) => {
      const hall = await Hall.create({ rightHanded });
      const speaker = await hall.speaker(new Vector3(1, 0, 2), { cone: {}, travelTime: 'sound' });
      hall.say(speaker);
      const scheduled = watchSchedules();
      const counts: number[] = [];
      const count = () => counts.push(scheduled.length);
      await hall.render([
        ...hall.frames(60, 0.5, 1, count),
        hall.at(1.1, () => {
          count();
          speaker.node.position.x = -1;
        }),
        hall.at(1.2, count),
      ]);
      expect(new Set(counts.slice(0, -1)).size).toBe(1);
      expect(counts.at(-1)! - counts[0]!).toBeGreaterThan(0);
      expect(counts.at(-1)! - counts[0]!).toBeLessThanOrEqual(3); // Direction, loudness, and the time it takes.
    },
  );
});

describe('a context that stands still', () => {
  it('is told nothing of what moves meanwhile, and goes on from where that has got to', async () => {
    const host = await createAudioHostAsync();
    const engine = new NullEngine();
    const scene = new Scene(engine);
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    const space = new Space(scene, host.engine, host.context, spaceSettings({ hrtfVoices: 0 }));
    const voice = await host.createVoiceAsync();
    onTestFinished(() => {
      voice.dispose();
      space.dispose();
      host.dispose();
      engine.dispose();
    });
    const node = new TransformNode('mouth', scene);
    node.position.z = 3;
    voice.attach(node);
    space.add(voice);
    await host.unlockAsync();
    voice.begin({ sampleRate: 24_000 });
    const scheduled = watchSchedules();
    const turn = () => {
      camera.rotation.y += 0.1;
      scene.incrementRenderId();
      space.update();
    };
    turn();
    const moving = scheduled.length;
    expect(moving).toBeGreaterThan(0);
    await host.liveContext!.suspend();
    for (let frame = 0; frame < 50; frame++) turn();
    expect(scheduled).toHaveLength(moving);
    await host.context.resume();
    turn();
    expect(scheduled.length).toBeGreaterThan(moving);
  });
});
