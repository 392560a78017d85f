import '@babylonjs/loaders/glTF/2.0/index.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import readme from '../../README.md?raw';
import { CreateParleyAsync, lokutorVoices } from '../../src/index.ts';
import self from './readme.test.ts?raw';
import { Stage } from './stage.ts';

let gateway: string | undefined;

beforeAll(async () => {
  // The address that the README names. Where one listens there already, that one is as good.
  gateway = await commands.serve(8790).catch(() => undefined);
});
afterAll(async () => {
  if (gateway) await commands.kill(gateway);
});

it('the code in the README runs as it stands', async () => {
  const stage = new Stage();
  const { scene } = stage;
  const marked: string[] = [];
  const caption = {
    mark: (from: number, to: number) => marked.push(line.text.slice(from, to)),
    show: (text: string) => marked.push(text),
  };

  // README
  // A speech service, or `npx parley serve` on your own machine: ten local voices, no key.
  const voices = lokutorVoices({ url: 'ws://127.0.0.1:8790/ws' });
  const parley = await CreateParleyAsync(scene, { voices });

  // Any glTF or VRM: visemes, ARKit shapes, five vowels, one open mouth, a jaw bone … (see docs/faces.md).
  const character = await LoadAssetContainerAsync('/assets/characters/mira.glb', scene);
  character.addAllToScene();
  const mira = parley.addNpc(character.rootNodes[0] as TransformNode, { name: 'Mira', voice: 'F1' });

  const line = mira.say('Welcome, traveller. The gate closes at dusk.');
  line.onWordObservable.add((word) => caption.mark(word.from, word.to));
  const { outcome, error } = await line.finished; // 'finished', 'stopped' or 'failed'; never throws
  if (error) caption.show(`${line.text} (${error.message})`);

  // The player walks away in the middle of a line:
  mira.say('Mind the stair, it is older than I am.');
  const heard = await mira.stop(); // { text: 'Mind the ', rest: 'stair, it is …', cutWord: 'stair', seconds: 0.61 }
  // end

  expect(outcome).toBe('finished');
  expect(marked).toEqual(['Welcome', 'traveller', 'The', 'gate', 'closes', 'at', 'dusk']);
  expect(heard && heard.text + heard.rest).toBe('Mind the stair, it is older than I am.');
  parley.dispose();
  voices.dispose();
  stage.dispose();
});

it('is the code that was run here', () => {
  const [, ran = ''] = /\/\/ README\n([\s\S]*?)\/\/ end/.exec(self) ?? [];
  const [, shown = ''] = /```ts\n[\s\S]*?\n\n([\s\S]*?)```/.exec(readme) ?? [];
  const bare = (code: string) => code.replace(/\s+/g, '');
  expect(bare(shown).length).toBeGreaterThan(500);
  expect(bare(shown)).toBe(bare(ran));
});
