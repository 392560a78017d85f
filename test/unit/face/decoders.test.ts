import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DracoDecoder } from '@babylonjs/core/Meshes/Compression/dracoDecoder.js';
import { MeshoptCompression } from '@babylonjs/core/Meshes/Compression/meshoptCompression.js';
import { KhronosTextureContainer2 } from '@babylonjs/core/Misc/khronosTextureContainer2.js';
import { expect, it } from 'vitest';
import { useLocalDecoders } from '../../../src/face/decoders.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import { type DracoEncoderModule, dracoPacked } from '../../kit/zoo/draco.ts';
import { portrait } from '../../kit/zoo/reshape.ts';

const urls = (): string[] => {
  const draco = DracoDecoder.DefaultConfiguration;
  return [
    MeshoptCompression.Configuration.decoder.url,
    ...[draco.wasmUrl, draco.wasmBinaryUrl, draco.fallbackUrl],
    ...Object.values(KhronosTextureContainer2.URLConfig),
  ].filter((url) => typeof url === 'string');
};

it('local decoders leave nothing to the CDN, and can be taken back', () => {
  const before = urls();
  expect(before.every((url) => url.startsWith('https://cdn.babylonjs.com'))).toBe(true);
  const restore = useLocalDecoders({
    meshopt: '/d/meshopt_decoder.js',
    draco: { script: '/d/draco.js', wasm: '/d/draco.wasm' },
    ktx2: { script: '/d/ktx2.js', transcoders: '/d/ktx2' },
  });
  const local = urls();
  expect(local).toContain('/d/ktx2.js');
  expect(local).toContain('/d/ktx2/zstddec.wasm');
  expect(local.every((url) => url.startsWith('/d/'))).toBe(true);
  expect(Object.values(KhronosTextureContainer2.URLConfig).every((url) => url)).toBe(true);
  restore();
  expect(urls()).toEqual(before);
});

it('what is left out stays as it was', () => {
  const before = urls();
  const restore = useLocalDecoders({ meshopt: '/m.js' });
  expect(urls()).toEqual(['/m.js', ...before.slice(1)]);
  restore();
});

it('a file that Draco has packed is read without unpacking, and says what it needs', async () => {
  const character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
  const { createEncoderModule } = createRequire(import.meta.url)('draco3dgltf');
  const encoder: DracoEncoderModule = await createEncoderModule({});
  const { report } = planFace(readRigFile(dracoPacked(portrait(character), encoder).pack(), 'packed.glb'));
  expect(report.score).toBe(100);
  expect(report.problems).toMatchObject([
    { code: 'decoder-draco', cure: expect.stringContaining('useLocalDecoders') },
  ]);
});

it('textures by Basis are told too', () => {
  const json = { asset: { version: '2.0' }, extensionsUsed: ['KHR_texture_basisu'] };
  const { report } = planFace(readRigFile(new TextEncoder().encode(JSON.stringify(json)), 'it.gltf'));
  expect(report.problems.map(({ code }) => code)).toContain('decoder-ktx2');
});
