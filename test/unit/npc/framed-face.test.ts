import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { FACE_PARTS } from '../../../src/pose/channels.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';
import type { Track } from '../../../src/speech/track.ts';
import type { Viseme } from '../../../src/speech/viseme.ts';
import { addMesh, OCULUS } from '../face/rigs.ts';
import { Actor, CALM, open, trackOf, until } from './actor.ts';

const FPS = 60;

/** What a face of frames does at a moment: every part its own way, the lids only where they are asked for. */
function partAt(part: number, time: number, lids: boolean): number {
  const name = FACE_PARTS[part]!;
  if (/^eye/.test(name)) return lids && /Blink/.test(name) ? Math.max(0, Math.sin(time * 4)) : 0;
  return Math.round(1000 * (0.25 + 0.2 * Math.sin(time * (2 + (part % 5)) + part))) / 1000;
}

function framed(seconds: number, cues: readonly (readonly [Viseme, number])[], { lids = false } = {}): Track {
  const frames = new Float32Array(seconds * FPS * SHAPE_COUNT);
  for (let frame = 0; frame < seconds * FPS; frame++)
    for (let part = 0; part < FACE_PARTS.length; part++)
      frames[frame * SHAPE_COUNT + part] = partAt(part, frame / FPS, lids);
  let time = 0;
  const made = cues.map(([viseme, length]) => {
    const start = time;
    time += length;
    return { viseme, start, end: time, weight: 1 };
  });
  return { ...trackOf('', seconds), cues: made, shapes: { fps: FPS, frames } };
}

const VOWELS = [
  ['sil', 0.2],
  ['aa', 3.6],
  ['sil', 0.2],
] as const;

/** What the frames of a track say at a line time. */
function wanted(track: Track, part: number, time: number): number {
  const { frames } = track.shapes!;
  const place = Math.floor(time * FPS);
  const one = frames[place * SHAPE_COUNT + part]!;
  const other = frames[Math.min(place + 1, frames.length / SHAPE_COUNT - 1) * SHAPE_COUNT + part]!;
  return one + (other - one) * (time * FPS - place);
}

async function speaking(track: Track, options = {}) {
  const world = await open();
  const mira = new Actor(world.parley, 'Mira', Vector3.Zero(), Math.PI, { life: CALM, ...options });
  const line = mira.npc.say(track);
  await until(() => line.state === 'speaking' && line.playhead > 0.2, world.frame);
  return { ...world, mira, line };
}

describe('a face that has ARKit’s shapes', () => {
  it('shows the frames of a line as they are, at the playhead, at any rate, when paused and after a seek', async () => {
    const track = framed(4, VOWELS);
    const { mira, line, frame, again } = await speaking(track);
    const compare = () => {
      for (const [part, name] of FACE_PARTS.entries())
        if (!/^eye/.test(name)) expect(mira.weight(name)).toBeCloseTo(wanted(track, part, line.playhead), 5);
      expect(mira.weight('viseme_aa')).toBeLessThan(0.001);
    };
    for (let step = 0; step < 20; step++) {
      await frame();
      compare();
    }
    line.rate = 1.5;
    await frame(0.3);
    compare();
    line.pause();
    await frame(0.02);
    const held = line.playhead;
    await again();
    expect(line.playhead).toBe(held);
    line.resume();
    line.seek(2.5);
    await until(() => line.playhead > 2.6, frame);
    compare();
  });

  it('closes its lips on p b m whatever the frames say, and rests at the end', async () => {
    const track = framed(4, [
      ['aa', 1],
      ['PP', 0.1],
      ['aa', 1],
      ['FF', 0.1],
      ['aa', 1.6],
      ['sil', 0.2],
    ]);
    const { mira, line, frame } = await speaking(track);
    const contacts = { PP: 0, FF: 0 };
    while (!line.ended) {
      for (const viseme of ['PP', 'FF'] as const) {
        if (mira.weight(`viseme_${viseme}`) < 0.899) continue;
        contacts[viseme]++;
        for (const part of [
          'jawOpen',
          'mouthFunnel',
          'mouthLowerDownLeft',
          'mouthSmileRight',
          'noseSneerLeft',
        ])
          expect(mira.weight(part)).toBeLessThan(0.01);
        expect(mira.weight('browInnerUp')).toBeGreaterThan(0.01);
      }
      await frame();
    }
    expect(contacts.PP).toBeGreaterThan(1);
    expect(contacts.FF).toBeGreaterThan(1);
    await frame(0.3);
    for (const name of FACE_PARTS) if (!/^eye/.test(name)) expect(mira.weight(name)).toBe(0);
  });

  it('has one pose for one playhead', async () => {
    const track = framed(4, VOWELS, { lids: true });
    const { mira, line, frame } = await speaking(track);
    const seen = new Map<number, number[]>();
    let compared = 0;
    for (const round of [0, 1]) {
      line.seek(1);
      await until(() => line.playhead > 1.02 && line.playhead < 1.2, frame);
      await frame(0.2); // The mouth comes back after a seek.
      for (let step = 0; step < 30; step++) {
        await frame();
        const state = ['jawOpen', 'mouthPucker', 'browInnerUp', 'eyeBlinkLeft'].map((name) =>
          mira.weight(name),
        );
        if (round === 0) seen.set(line.playhead, state);
        else {
          const nearest = [...seen.keys()].find((time) => Math.abs(time - line.playhead) < 1e-6);
          if (nearest === undefined) continue;
          expect(state).toEqual(seen.get(nearest)!.map((weight) => expect.closeTo(weight, 6)));
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('blinks as the frames do where they bring lids, and of itself where they bring none', async () => {
    for (const lids of [true, false]) {
      const track = framed(12, [['aa', 12]], { lids });
      const { mira, line, frame } = await speaking(track, { life: {} });
      let own = 0;
      while (line.playhead < 11.5 && !line.ended) {
        await frame(1 / 30);
        const blink = mira.weight('eyeBlinkLeft');
        const asked = wanted(track, 0, line.playhead);
        if (lids) expect(blink).toBeCloseTo(asked, 3);
        else own = Math.max(own, blink);
      }
      if (!lids) expect(own).toBeGreaterThan(0.5);
    }
  });

  it('goes over from one line to the next that interrupts it', async () => {
    const track = framed(4, VOWELS);
    const { mira, line, frame } = await speaking(track);
    await until(() => line.playhead > 1, frame);
    const next = mira.npc.say(framed(4, VOWELS), { whileSpeaking: 'interrupt' });
    let before = mira.weight('jawOpen');
    let step = 0;
    while (next.playhead < 0.5) {
      await frame();
      step = Math.max(step, Math.abs(mira.weight('jawOpen') - before));
      before = mira.weight('jawOpen');
    }
    expect(step).toBeLessThan(0.12);
  });

  it('keeps its mood where the mouth does not speak', async () => {
    const { mira, line, frame } = await speaking(framed(4, VOWELS), {
      emotion: { name: 'happy', intensity: 1 },
    });
    await frame(0.5);
    const track = framed(4, VOWELS);
    expect(mira.weight('jawOpen')).toBeCloseTo(
      wanted(track, FACE_PARTS.indexOf('jawOpen'), line.playhead),
      2,
    );
    const smile = FACE_PARTS.indexOf('mouthSmileLeft');
    expect(mira.weight('mouthSmileLeft')).toBeGreaterThan(wanted(track, smile, line.playhead) + 0.05);
  });
});

describe('a face that has not', () => {
  it('moves by the cues of the line', async () => {
    const world = await open();
    const mira = new Actor(world.parley, 'Mira', Vector3.Zero(), Math.PI, { life: CALM });
    const { scene } = world;
    const plain = mira.head.clone('plain', null)!;
    for (const copy of plain.getChildMeshes()) copy.dispose();
    const mesh = addMesh(scene, 'plain face', [...OCULUS, 'jawOpen', 'eyeBlinkLeft', 'eyeBlinkRight'], plain);
    const npc = world.parley.addNpc(plain, { name: 'Plain', life: CALM });
    const line = npc.say(framed(4, VOWELS, { lids: true }));
    await until(() => line.state === 'speaking' && line.playhead > 1, world.frame);
    const weight = (name: string) => mesh.morphTargetManager!.getTargetByName(name)!.influence;
    expect(weight('viseme_aa')).toBeGreaterThan(0.3);
    expect(weight('jawOpen')).toBe(0);
    expect(weight('eyeBlinkLeft')).toBe(0);
  });
});
