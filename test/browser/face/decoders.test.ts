import { Tools } from '@babylonjs/core/Misc/tools.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import mira from '../../../assets/characters/mira.glb?url';
import dracoWasmUrl from '../../../node_modules/draco3dgltf/draco_decoder_gltf.wasm?url';
import dracoUrl from '../../../node_modules/draco3dgltf/draco_decoder_gltf_nodejs.js?url';
import encoderWasmUrl from '../../../node_modules/draco3dgltf/draco_encoder.wasm?url';
import encoderUrl from '../../../node_modules/draco3dgltf/draco_encoder_gltf_nodejs.js?url';
import { useLocalDecoders } from '../../../src/face/decoders.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { type DracoEncoderModule, dracoPacked } from '../../kit/zoo/draco.ts';
import { lipsOf, portrait } from '../../kit/zoo/reshape.ts';
import { difference, ZooStage } from './zoo-stage.ts';

/** The encoder's script leaves its maker in the page. */
type MakeEncoder = (options: { wasmBinary: ArrayBuffer }) => Promise<DracoEncoderModule>;

let stage: ZooStage;
let restore = (): void => {};

beforeAll(() => {
  stage = new ZooStage();
  restore = useLocalDecoders({ draco: { script: dracoUrl, wasm: dracoWasmUrl } });
});
afterAll(() => {
  restore();
  stage.dispose();
});

it('a face that Draco has packed loads without a CDN, and speaks', async () => {
  const glb = portrait(new Uint8Array(await (await fetch(mira)).arrayBuffer()));
  const mouth = lipsOf(glb);
  await Tools.LoadScriptAsync(encoderUrl);
  const make: MakeEncoder = Reflect.get(window, 'DracoEncoderModule');
  const encoder = await make({
    wasmBinary: await (await fetch(encoderWasmUrl)).arrayBuffer(),
  });
  const { face, ...shown } = await show(dracoPacked(glb, encoder).pack(), mouth);
  expect(face.report.problems).toEqual([]);
  const pose = createPose();
  const rest = await shown.draw(pose);
  pose[CHANNEL.aa] = 0.8;
  expect(difference(await shown.draw(pose), rest)).toBeGreaterThan(2);
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  expect(loaded.filter((name) => name.includes('babylonjs.com'))).toEqual([]);
  shown.dispose();
});

async function show(bytes: Uint8Array<ArrayBuffer>, mouth: [number, number, number]) {
  const portrait = await stage.show({ bytes, mouth, size: 1 });
  return {
    face: portrait.face,
    draw: (pose: Float32Array) => portrait.draw(pose),
    dispose: () => portrait.dispose(),
  };
}
