import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGltf } from '../../src/face/gltf/container.ts';
import { VISEMES } from '../../src/speech/viseme.ts';
import { parley } from '../kit/children.ts';
import { ZOO } from '../kit/zoo/index.ts';

const mira = join(import.meta.dirname, '../../assets/characters/mira.glb');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-face-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function exhibit(name: string): Promise<string> {
  const { bytes } = await ZOO.find((each) => each.name === name)!.make(await readFile(mira));
  const file = join(folder, `${name}.vrm`);
  await writeFile(file, bytes);
  return file;
}

describe('parley face', () => {
  it('prints the frozen report as JSON', async () => {
    const { code, stdout, stderr } = await parley('face', mira, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'version',
      'scheme',
      'score',
      'reason',
      'visemes',
      'channels',
      'meshes',
      'problems',
    ]);
    expect(report).toMatchObject({ version: 1, scheme: 'oculus+arkit', score: 100, problems: [] });
    expect(Object.keys(report.visemes)).toEqual([...VISEMES]);
    expect(report.visemes.PP).toEqual({ origin: 'own', from: ['viseme_PP'] });
    expect(report.meshes).toContainEqual({ name: 'Teeth', targets: 17, driven: 17 });
  });

  it('tells a developer what is wrong and what helps', async () => {
    const { code, stdout } = await parley('face', await exhibit('nameless'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^nameless\.vrm: \d+ of 100 \(by-shape\)\n/);
    expect(stdout).toMatch(/no-target-names: Expected names for the 63 morph targets/);
    expect(stdout).toContain('→ Export the character with the names');
    expect(stdout).toMatch(/Emotions: 1 of 8 in full\n {2}happy +0 % {2}without /);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('writes what it found as a map, and reads one', async () => {
    const file = await exhibit('foreign-names');
    const map = join(folder, 'map.json');
    expect((await parley('face', file, '--write-map', map)).code).toBe(0);
    const found = JSON.parse(await readFile(map, 'utf8'));
    expect(found.channels.aa).toEqual({ 'Zz nepOwaj': 0.8 });
    await writeFile(map, JSON.stringify({ version: 1, channels: { aa: { 'Zz aa_emesiv': 1 } } }));
    const { stdout } = await parley('face', file, '--map', map, '--json');
    expect(JSON.parse(stdout).visemes.aa).toEqual({ origin: 'own', from: ['Zz aa_emesiv'] });
  });

  it.each([
    ['a file that is none', ['face', 'no-such.glb'], 5, /cannot read no-such\.glb/],
    ['a folder', ['face', '.'], 5, /cannot read/],
    ['a file of another kind', ['face', 'package.json'], 5, /package\.json, asset: expected an object/],
    [
      'a map that cannot be written',
      ['face', mira, '--write-map', '/nowhere/at/all.json'],
      2,
      /cannot write to \/nowhere\/at\/all\.json: /,
    ],
    ['no file', ['face'], 2, /missing required argument 'file'/],
    ['an unknown option', ['face', mira, '--yaml'], 2, /unknown option '--yaml'/],
    ['a map that is no JSON', ['face', mira, '--map', 'README.md'], 5, /README\.md: expected JSON/],
    [
      'a map of another version',
      ['face', mira, '--map', 'package.json'],
      2,
      /package\.json, version: expected 1/,
    ],
  ])('refuses %s in one line', async (_what, args, code, words) => {
    const ended = await parley(...args);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(code);
  });

  it('reads the points of a .gltf from the .bin beside it, and says where they are broken', async () => {
    const { json, binary } = openGltf(await readFile(await exhibit('nameless')), 'nameless');
    const gltf = json as { buffers: { uri?: string }[]; accessors: { byteOffset?: number }[] };
    gltf.buffers[0]!.uri = 'the%20points.bin';
    const file = join(folder, 'nameless.gltf');
    await writeFile(file, JSON.stringify(gltf));
    const without = JSON.parse((await parley('face', file, '--json')).stdout);
    expect(without.scheme).toBe('head');
    expect(without.problems[0].message).toContain('in a file that was not found beside it');
    await writeFile(join(folder, 'the points.bin'), binary!);
    expect(JSON.parse((await parley('face', file, '--json')).stdout).scheme).toBe('by-shape');
    for (const accessor of gltf.accessors) accessor.byteOffset = -8;
    await writeFile(file, JSON.stringify(gltf));
    const { code, stderr } = await parley('face', file);
    expect([code, stderr]).toEqual([
      5,
      expect.stringMatching(/^parley: nameless\.gltf, accessors\[\d+\]\.byteOffset: /),
    ]);
  });

  it('names the map in which a name is wrong', async () => {
    const map = join(folder, 'orc.json');
    await writeFile(map, JSON.stringify({ version: 1, channels: { aa: { Zork: 1 } } }));
    const { code, stderr } = await parley('face', mira, '--map', map);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^parley: orc\.json, channels\.aa: expected the name/),
    ]);
  });

  it('refuses a file that was cut off', async () => {
    const file = join(folder, 'cut.glb');
    await writeFile(file, (await readFile(mira)).subarray(0, 5_000));
    const { code, stderr } = await parley('face', file);
    expect([code, stderr]).toEqual([
      5,
      expect.stringMatching(/^parley: cut\.glb: expected \d+ bytes, as its header says, got 5000/),
    ]);
  });
});
