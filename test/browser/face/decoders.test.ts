import { Tools } from '@babylonjs/core/Misc/tools.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import mira from '../../../assets/characters/mira.glb?url';
import dracoWasmUrl from '../../../node_modules/draco3dgltf/draco_decoder_gltf.wasm?url';
import dracoUrl from '../../../node_modules/draco3dgltf/draco_decoder_gltf_nodejs.js?url';
import encoderWasmUrl from '../../../node_modules/draco3dgltf/draco_encoder.wasm?url';
import encoderUrl from '../../../node_modules/draco3dgltf/draco_encoder_gltf_nodejs.js?url';
import meshoptUrl from '../../../node_modules/meshoptimizer/meshopt_decoder.cjs?url';
import { useLocalDecoders } from '../../../src/face/decoders.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { quantisedAndPacked } from '../../kit/zoo/compress.ts';
import { type DracoEncoderModule, dracoPacked } from '../../kit/zoo/draco.ts';
import type { Glb } from '../../kit/zoo/glb.ts';
import { withBasisTextures } from '../../kit/zoo/ktx2.ts';
import ktx2Url from '../../kit/zoo/ktx2-decoder.js?url';
import { lipsOf, portrait } from '../../kit/zoo/reshape.ts';
import { difference, ZooStage } from './zoo-stage.ts';

/** The encoder's script leaves its maker in the page. */
type MakeEncoder = (options: { wasmBinary: ArrayBuffer }) => Promise<DracoEncoderModule>;

const GREEN = [20, 200, 60] as const;

let stage: ZooStage;
let character: Uint8Array;
let restore = (): void => {};

beforeAll(async () => {
  stage = new ZooStage();
  character = new Uint8Array(await (await fetch(mira)).arrayBuffer());
  restore = useLocalDecoders({
    meshopt: meshoptUrl,
    draco: { script: dracoUrl, wasm: dracoWasmUrl },
    ktx2: { script: ktx2Url, transcoders: '/decoders/' },
  });
});
afterAll(() => {
  restore();
  stage.dispose();
});

/** Loads a file, sees it speak, and gives the picture of its open mouth. */
async function expectToSpeak(make: (glb: Glb) => Glb | Promise<Glb>): Promise<Uint8Array> {
  const glb = portrait(character);
  const mouth = lipsOf(glb);
  const bytes = (await make(glb)).pack();
  const shown = await stage.show({ bytes, mouth, size: 1 });
  expect(shown.face.report.problems).toEqual([]);
  const pose = createPose();
  const rest = await shown.draw(pose);
  pose[CHANNEL.aa] = 0.8;
  const open = await shown.draw(pose);
  expect(difference(open, rest)).toBeGreaterThan(2);
  shown.dispose();
  return open;
}

async function dracoEncoder(): Promise<DracoEncoderModule> {
  await Tools.LoadScriptAsync(encoderUrl);
  const make: MakeEncoder = Reflect.get(window, 'DracoEncoderModule');
  return make({ wasmBinary: await (await fetch(encoderWasmUrl)).arrayBuffer() });
}

describe('with no network but this machine’s own', () => {
  it('Babylon’s server is out of reach', async () => {
    const cdn = fetch('https://cdn.babylonjs.com/ktx2Transcoders/1/zstddec.wasm', { mode: 'no-cors' });
    await expect(cdn).rejects.toThrow(TypeError);
  });

  it('a face that meshopt has packed loads and speaks', async () => {
    await expectToSpeak(quantisedAndPacked);
  });

  it('a face that Draco has packed loads and speaks', async () => {
    const encoder = await dracoEncoder();
    await expectToSpeak((glb) => dracoPacked(glb, encoder));
  });

  it('a face whose textures are KTX2 loads and speaks, by a decoder in the place of Babylon’s', async () => {
    const picture = await expectToSpeak((glb) => withBasisTextures(glb, GREEN));
    expect(meanOf(picture, 1) - meanOf(picture, 0)).toBeGreaterThan(20);
    expect(meanOf(picture, 1) - meanOf(picture, 2)).toBeGreaterThan(20);
  });
});

/** Mean of a colour over a picture: 0 red, 1 green, 2 blue. */
function meanOf(picture: Uint8Array, channel: number): number {
  let sum = 0;
  for (let at = channel; at < picture.length; at += 4) sum += picture[at]!;
  return (sum * 4) / picture.length;
}
