import { Animation } from '@babylonjs/core/Animations/animation.js';
import { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Script } from '../../../src/cutscene/script.ts';
import { cutscene } from '../../../src/cutscene/write-scene.ts';
import type { Line } from '../../../src/npc/line.ts';
import {
  type CutsceneOptions,
  type CutscenePlayer,
  playCutscene,
} from '../../../src/stage/cutscene-player.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { addNode } from '../face/rigs.ts';
import { Actor, open, until } from '../npc/actor.ts';

const players: CutscenePlayer[] = [];

afterEach(() => {
  for (const player of players.splice(0)) player.dispose();
});

/** A gate with an animation, a camera, Mira and Tomas. */
async function stage(script: Script, options: Partial<CutsceneOptions> = {}, voices = toneVoices()) {
  const { scene, parley, frame } = await open({ voices });
  const camera = new FreeCamera('eye', new Vector3(0, 2, -10), scene);
  camera.setTarget(new Vector3(0, 1, 0));
  scene.activeCamera = camera;
  const gate = addNode(scene, 'gate');
  gate.position.set(4, 0, 4);
  const lift = new Animation('lift', 'position.y', 30, Animation.ANIMATIONTYPE_FLOAT);
  lift.setKeys([
    { frame: 0, value: 0 },
    { frame: 60, value: 2 },
  ]);
  const group = new AnimationGroup('lift', scene);
  const hinge = addNode(scene, 'hinge');
  group.addTargetedAnimation(lift, hinge);
  const mira = new Actor(parley, 'mira', new Vector3(-1, 0, 0), 0);
  const tomas = new Actor(parley, 'tomas', new Vector3(1, 0, 0), 0);
  const lines: { who: string; line: Line }[] = [];
  const player = playCutscene(parley, { script, ...options });
  players.push(player);
  player.onLineObservable.add(({ npc, line }) => void lines.push({ who: npc.name, line }));
  return { scene, parley, frame, camera, gate, hinge, mira, tomas, player, lines };
}

describe('a cutscene in a scene of Babylon', () => {
  it('moves nodes, cameras, animations and characters by their names, and back again', async () => {
    const script = cutscene('moves')
      .shots({ close: { position: [0, 1.6, -1], target: [0, 1.6, 5], fov: 30 } })
      .move('gate', { to: [6, 0, 4], turn: 90, over: 2, ease: 'linear', meanwhile: true })
      .animate('lift', { meanwhile: true })
      .camera('close', { over: 2, ease: 'linear', meanwhile: true })
      .hide('tomas')
      .look('mira', 'gate')
      .emote('mira', 'happy', 0.5)
      .wait(4)
      .toScript();
    const { gate, hinge, camera, mira, tomas, player, frame } = await stage(script);
    const state = () => ({
      view: camera.getViewMatrix(true) && undefined, // Its target is known by that.
      gate: gate.getAbsolutePosition().asArray().map(round),
      turn: round(gate.rotationQuaternion?.toEulerAngles().y ?? gate.rotation.y),
      lift: round(hinge.position.y),
      camera: [
        ...camera.position.asArray(),
        ...camera.getTarget().subtract(camera.position).normalize().asArray(),
        camera.fov,
      ].map(round),
      tomas: tomas.root.isEnabled(),
      mira: mira.npc.emotion,
    });
    player.pause();
    player.seek(1);
    const middle = state();
    expect(middle).toMatchObject({
      gate: [5, 0, 4],
      turn: round(Math.PI / 4),
      lift: 1,
      tomas: false,
      mira: { name: 'happy', intensity: 0.5 },
    });
    expect(middle.camera.slice(0, 3)).toEqual([0, 1.8, -5.5]);
    player.skipToEnd();
    expect(state()).toMatchObject({ gate: [6, 0, 4], turn: round(Math.PI / 2), lift: 2 });
    expect(state().camera).toEqual([0, 1.6, -1, 0, 0, 1, Math.PI / 6].map(round));
    player.seek(1);
    expect(state()).toEqual(middle);
    player.seek(0);
    player.play();
    for (let i = 0; i < 60; i++) await frame();
    expect(player.seconds).toBeCloseTo(1, 1);
    expect(state().gate[0]).toBeCloseTo(4 + player.seconds, 3);
  });

  it('says its lines one after the other, follows their sound, and marks come with their words', async () => {
    const script = cutscene('talk')
      .say('mira', 'Look at the gate.', { on: { gate: (row) => row.move('gate', { to: [0, 0, 0] }) } })
      .say(['mira', 'tomas'], 'Oh!')
      .toScript();
    const { frame, player, lines, gate } = await stage(script);
    await until(
      () => lines.length === 1 && lines[0]!.line.state === 'speaking',
      () => frame(0.1),
    );
    const [mark] = player.timeline.lines[0]!.times.words.filter(({ text }) => text === 'gate');
    expect(player.timeline.lines[0]!.times.estimated).toBe(false);
    await until(() => player.seconds > mark!.start - 0.2, frame);
    expect(gate.position.x).toBe(4);
    expect(player.seconds).toBeCloseTo(lines[0]!.line.playhead, 6);
    await until(() => player.seconds > mark!.start + 0.05, frame);
    expect(gate.position.x).toBe(0);
    await until(
      () => player.ended && lines.every(({ line }) => line.ended),
      () => frame(0.1),
    );
    expect(lines.map(({ who }) => who)).toEqual(['mira', 'mira', 'tomas']);
    expect((await Promise.all(lines.map(({ line }) => line.finished))).map(({ outcome }) => outcome)).toEqual(
      ['finished', 'finished', 'finished'],
    );
  });

  it('goes into the middle of a line, pauses its word, and goes back', async () => {
    const script = cutscene('seek')
      .say('mira', 'A line that is long enough to go into its middle.')
      .wait(1)
      .toScript();
    const { frame, player, lines, mira } = await stage(script);
    await until(
      () => lines[0]?.line.state === 'speaking',
      () => frame(0.1),
    );
    player.seek(1);
    await until(() => player.seconds > 1.2, frame);
    expect(lines).toHaveLength(1);
    expect(player.seconds).toBeCloseTo(lines[0]!.line.playhead, 6);
    player.pause();
    await frame(0.5);
    const { playhead } = lines[0]!.line;
    const { seconds } = player;
    await frame(0.5);
    expect([lines[0]!.line.playhead, player.seconds]).toEqual([playhead, seconds]);
    player.play();
    await until(() => player.seconds > seconds + 0.2, frame);
    player.skipToEnd();
    await until(() => !mira.npc.speaking, frame);
    player.seek(0.5);
    await until(() => lines.length === 2 && lines[1]!.line.state === 'speaking', frame);
    await until(() => player.seconds > 0.6, frame);
    expect(lines[1]!.line.playhead).toBeCloseTo(player.seconds, 6);
  });

  it('waits for the player, goes the way that was chosen, and is saved and gone on with', async () => {
    const script = cutscene('choice')
      .wait(0.2)
      .choose({ Gate: (row) => row.hide('gate').wait(1), Stay: (row) => row.wait(1) })
      .toScript();
    const { frame, player, gate, parley } = await stage(script);
    const told: (string | undefined)[] = [];
    player.onHoldObservable.add((hold) => void told.push(hold?.offers?.map(({ text }) => text).join()));
    await until(() => told.length === 1, frame);
    player.choose(0);
    await frame(0.3);
    expect([told, gate.isEnabled()]).toEqual([['Gate,Stay', undefined], false]);
    const saved = JSON.parse(JSON.stringify(player.saved));
    player.seek(0);
    expect(gate.isEnabled()).toBe(true);
    player.dispose();
    const later = playCutscene(parley, { script, saved });
    players.push(later);
    expect([later.seconds, gate.isEnabled()]).toEqual([saved.seconds, false]);
  });

  it('shows a line in silence when its service is gone, and goes on', async () => {
    const script = cutscene('gone').say('mira', '!refuse to say this, please.').wait(0.2).toScript();
    const { frame, player, lines } = await stage(script);
    const failures: string[] = [];
    player.onFailureObservable.add(({ message }) => void failures.push(message));
    await until(
      () => lines.length === 1,
      () => frame(0.1),
    );
    await until(
      () => player.ended,
      () => frame(0.2),
    );
    expect(failures).toHaveLength(1);
    expect(lines[0]!.line.text).toBe('!refuse to say this, please.');
  });

  it('names who and what is not there', async () => {
    const { parley } = await stage(cutscene('empty').toScript());
    const refused = (script: Script, why: RegExp) =>
      expect(() => playCutscene(parley, { script })).toThrow(why);
    refused(
      cutscene('a').look('nobody', 'auto').toScript(),
      /an NPC of that name \(mira, tomas\), got "nobody"/,
    );
    refused(cutscene('b').hide('nothing').toScript(), /a node of the scene of that name, got "nothing"/);
    refused(cutscene('c').animate('fall').toScript(), /an animation group of that name \(lift\), got "fall"/);
    refused(cutscene('d').camera('none').toScript(), /a camera of the scene, got "none"/);
  });
});

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
