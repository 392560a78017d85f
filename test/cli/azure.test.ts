import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { serveAzure } from '../emulators/azure.ts';
import { parley } from '../kit/children.ts';

const closing: (() => unknown)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-azure-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
});

afterEach(async () => {
  delete process.env.AZURE_API_KEY;
  delete process.env.AZURE_SHAPES;
  for (const close of closing.splice(0).reverse()) await close();
});

it('parley say --source azure writes a line with the service’s mouth and words, and never its key', async () => {
  const server = await serveAzure();
  closing.push(() => server.close());
  const say = (key: string, ...more: string[]) => {
    process.env.AZURE_API_KEY = key;
    return parley('say', 'Bob & Pam.', '--source', 'azure', '--url', server.url, '--out', folder, ...more);
  };
  const refused = await say('bad-canary-1');
  expect([refused.code, refused.stdout]).toEqual([3, '']);
  expect(refused.stderr).toMatch(/^parley: [^\n]*key is missing or wrong[^\n]*\n$/);
  expect(refused.stderr).not.toContain('canary');
  expect(await readdir(folder)).toEqual([]);
  const unknown = await say('good-canary-1', '--voice', 'constructor');
  expect([unknown.code, unknown.stdout]).toEqual([3, '']);
  expect(server.ssml.at(-1)).toContain('<voice name="constructor">');
  process.env.AZURE_SHAPES = '1';
  expect((await say('good-canary-1', '--voice', 'M1')).code).toBe(0);
  expect(server.ssml.at(-1)).toContain('<voice name="en-US-AndrewMultilingualNeural">');
  const json = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8')) as LineJson;
  expect(json).toMatchObject({ timing: 'service', confidence: 0.9, sampleRate: 24_000 });
  expect(json.words.map(({ text }) => text)).toEqual(['Bob', '&', 'Pam']);
  const closed = ({ viseme }: { viseme: string } = { viseme: '' }) => viseme === 'PP';
  const closures = json.cues.filter((cue, index) => closed(cue) && !closed(json.cues[index - 1]));
  expect(closures).toHaveLength(4);
  expect(json.shapes?.fps).toBe(60);
  expect(atob(json.shapes!.frames).length / 110).toBeCloseTo(json.duration * 60, -0.3);
}, 60_000);

it('parley say --source azure wants an address or a region', async () => {
  process.env.AZURE_API_KEY = 'sk-canary';
  const { code, stderr } = await parley('say', 'Hi', '--source', 'azure', '--out', folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/AZURE_REGION/);
});
