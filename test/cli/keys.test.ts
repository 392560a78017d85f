/** What the command line says where the key of a service is missing. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parley } from '../kit/children.ts';

let folder = '';
const out = () => join(folder, 'out');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-keys-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['lokutor', 'LOKUTOR_API_KEY'],
  ['lightning', 'SMALLEST_API_KEY'],
  ['elevenlabs', 'ELEVENLABS_API_KEY'],
  ['cartesia', 'CARTESIA_API_KEY'],
  ['deepgram', 'DEEPGRAM_API_KEY'],
  ['gemini', 'GEMINI_API_KEY'],
  ['inworld', 'INWORLD_API_KEY'],
  ['openai', 'OPENAI_API_KEY'],
  ['azure', 'AZURE_API_KEY'],
])('%s at its own address', (source, variable) => {
  it('is not even asked without its key: the variable is named', async () => {
    const { code, stderr } = await parley('say', 'Hi', '--source', source, '--out', out());
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^parley: ${variable} is not set: .*${variable}=… parley`));
    expect(stderr).toMatch(/--url/);
    expect(await readdir(folder)).toEqual([]);
  });
});

it('bake and serve say so too', async () => {
  const list = join(folder, 'lines.json');
  await writeFile(list, JSON.stringify(['Hi.']));
  const baked = await parley('bake', list, '--source', 'elevenlabs', '--out', out());
  expect(baked).toMatchObject({ code: 2, stderr: expect.stringMatching(/ELEVENLABS_API_KEY is not set/) });
  const served = await parley('serve', '--source', 'cartesia', '--port', '0');
  expect(served).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/CARTESIA_API_KEY is not set.*--upstream/),
  });
});
