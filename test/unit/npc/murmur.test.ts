import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { expect, it } from 'vitest';
import { Director } from '../../../src/npc/director.ts';
import { CreateMurmurAsync } from '../../../src/npc/murmur.ts';
import { Actor, open, trackOf } from './actor.ts';

it('is of those who wait for a voice, and of bystanders while they are there', async () => {
  const { parley, scene, frame } = await open({ director: new Director({ voices: 1 }) });
  const murmur = await CreateMurmurAsync(parley);
  const actors = ['a', 'b', 'c'].map((name, x) => new Actor(parley, name, new Vector3(x, 0, 0), Math.PI));
  await frame(0.5);
  expect(murmur.voices).toBe(0);
  const lines = actors.map(({ npc }) => npc.say(trackOf('Hello.', 1)));
  await frame(0.3);
  expect([murmur.voices, actors.filter(({ npc }) => npc.waiting).length]).toEqual([2, 2]);
  const bystanders = [0, 1].map((x) => {
    const node = new TransformNode(`bystander ${x}`, scene);
    node.position.x = x;
    return node;
  });
  murmur.add(...bystanders, bystanders[0]!);
  await frame(0.3);
  expect(murmur.voices).toBe(4);
  bystanders[0]!.dispose();
  bystanders[1]!.setEnabled(false);
  for (const line of lines) void line.stop();
  await frame(0.3);
  expect(murmur.voices).toBe(0);
  bystanders[1]!.setEnabled(true);
  await frame(0.3);
  expect(murmur.voices).toBe(1);
  murmur.remove(bystanders[1]!, bystanders[0]!);
  await frame(0.3);
  expect(murmur.voices).toBe(0);
  murmur.dispose();
  murmur.dispose();
});

it('says what an option must be, and needs a Parley in use', async () => {
  const { parley } = await open();
  await expect(CreateMurmurAsync(parley, { talking: 2 })).rejects.toThrow(/from 0 to 1/);
  const murmur = await CreateMurmurAsync(parley);
  expect(() => murmur.add({} as never)).toThrow(/a node/);
  parley.dispose();
  await expect(CreateMurmurAsync(parley)).rejects.toThrow(/in use/);
});
