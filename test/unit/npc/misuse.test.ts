/** What a game may give by mistake: refused in words that say what was expected and what came. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { CreateParleyAsync } from '../../../src/npc/create.ts';
import type { NpcOptions } from '../../../src/npc/npc-options.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { addMesh, addNode, createScene, OCULUS } from '../face/rigs.ts';
import { Actor, open } from './actor.ts';

/** What is said of a deed that is refused. */
function refusal(deed: () => unknown): string {
  try {
    deed();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('addNpc', () => {
  it.each<[options: unknown, words: string]>([
    [undefined, 'addNpc(root, options): expected an object with a name, got nothing'],
    [{}, 'addNpc(root, options), name: expected a string, got nothing'],
    [
      { name: 'Q', effort: 'scream' },
      'effort of "Q": expected whisper, soft, normal, raised, loud, shout, or',
    ],
    [{ name: 'Q', effort: 21 }, 'effort of "Q": expected whisper,'],
    [{ name: 'Q', raiseVoice: -1 }, 'raiseVoice of "Q": expected decibels from 0 to 6, got -1'],
    [{ name: 'Q', life: null }, 'life of "Q": expected an object or false, got null'],
    [{ name: 'Q', life: true }, 'life of "Q": expected an object or false, got true'],
    [{ name: 'Q', life: { blinkz: false } }, 'life of "Q": expected blinks, gaze,'],
    [{ name: 'Q', life: { blinks: 0 } }, 'life of "Q", blinks: expected true or false, got 0'],
    [{ name: 'Q', faceMap: '{"version":1}' }, 'faceMap of "Q": expected an object, got "{'],
    [{ name: 'Q', faceMap: [] }, 'faceMap of "Q": expected an object, got a list'],
    [{ name: 'Q', faceMap: null }, 'faceMap of "Q": expected an object, got null'],
    [{ name: 'Q', faceMap: { version: 7 } }, 'faceMap of "Q", version: expected 1, got 7'],
    [{ name: 'Q', faceMap: { version: 1, channels: { zork: {} } } }, 'faceMap of "Q", channels.zork'],
    [{ name: 'Q', faceMap: { version: 1, channels: { aa: null } } }, 'channels.aa: expected an object'],
    [{ name: 'Q', faceMap: { version: 1, channels: { aa: { viseme_O: Number.NaN } } } }, 'aa.viseme_O'],
    [{ name: 'Q', faceMap: { version: 1, joints: { heda: 'Head' } } }, 'faceMap of "Q", joints.heda'],
    [
      { name: 'Q', faceMap: { version: 1, channels: { aa: { zork: 1 } } } },
      'faceMap of "Q", channels.aa: expected the name of a target of the character, got "zork"',
    ],
    [{ name: 'Q', emotion: { name: 'happy', intensty: 0.2 } }, 'emotion of "Q": expected name, '],
    [{ name: 'Q', emotion: { weights: [] } }, 'emotion of "Q": expected weights by the names of face parts'],
    [{ name: 'Q', emotion: { name: 'happy', weights: {} } }, 'expected a name or weights, got both'],
  ])('refuses %j', async (options, words) => {
    const { scene, parley } = await open();
    const root = addNode(scene, 'Q');
    addMesh(scene, 'face', [...OCULUS], addNode(scene, 'Head', root));
    expect(refusal(() => parley.addNpc(root, options as NpcOptions))).toContain(words);
    expect([parley.npcs, root.behaviors]).toEqual([[], []]);
    expect(parley.addNpc(root, { name: 'Q' }).face!.visemes.aa.origin).toBe('own');
  });

  it('refuses a node that is none, or is gone', async () => {
    const { scene, parley } = await open();
    const gone = addNode(scene, 'gone');
    gone.dispose();
    expect(refusal(() => parley.addNpc(undefined as never, { name: 'Q' }))).toBe(
      'addNpc(root): expected a node of the scene, got nothing.',
    );
    expect(refusal(() => parley.addNpc('Q' as never, { name: 'Q' }))).toContain('got "Q"');
    expect(refusal(() => parley.addNpc(gone, { name: 'Q' }))).toBe(
      'NPC "Q": expected a node of the scene, got "gone", which is disposed.',
    );
    expect(parley.npcs).toEqual([]);
  });

  it('refuses a character whose head another NPC turns, and names that one', async () => {
    const { parley, frame } = await open();
    const mira = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
    const inner = mira.root.getChildTransformNodes(true)[0]!;
    expect(refusal(() => parley.addNpc(inner, { name: 'B' }))).toBe(
      'NPC "B": expected a head of its own, got "Head", which NPC "Mira" turns; name another in its faceMap.',
    );
    expect([parley.npcs.length, inner.behaviors.length]).toEqual([1, 0]);
    const point = new Vector3(1, 1.5, -2);
    mira.npc.lookAt(point);
    await frame(2);
    expect(mira.misses(point)).toBeLessThan(1);
    mira.root.removeBehavior(mira.npc);
    parley.addNpc(inner, { name: 'B' });
  });
});

it('lookAt says what it was given', async () => {
  const { parley } = await open();
  const { npc } = new Actor(parley, 'Mira', Vector3.Zero(), Math.PI);
  for (const [wrong, got] of [
    [null, 'null'],
    [undefined, 'nothing'],
    [{}, 'an object without x, y and z'],
    [[], 'a list'],
    [{ x: 1, y: 2 }, 'a point whose z is undefined'],
    [{ x: 1, y: Number.NaN, z: 0 }, 'a point whose y is NaN'],
    [Number.NaN, 'NaN'],
    [() => 1, 'a function'],
    ['camera', '"camera"'],
  ] as const) {
    expect(refusal(() => npc.lookAt(wrong as never))).toMatch(new RegExp(`, got ${got}\\.$`));
  }
});

it('CreateParleyAsync refuses emotions that are no object', async () => {
  const scene = createScene();
  for (const [emotions, got] of [
    [null, 'null'],
    ['happy', '"happy"'],
    [[], 'a list'],
  ]) {
    const made = CreateParleyAsync(scene, { voices: toneVoices(), emotions: emotions as never });
    await expect(made).rejects.toThrow(InputError);
    await expect(made).rejects.toThrow(`expected weights by the names of emotions, got ${got}`);
  }
  scene.getEngine().dispose();
});
