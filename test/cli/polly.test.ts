import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { ACCESS_KEY, type PollyEmulator, servePolly } from '../emulators/polly.ts';
import { parley } from '../kit/children.ts';

/** What the vendor's client reads of its surroundings. */
const SURROUNDINGS = {
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: 'canary/secret+7f3a',
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};
let folder = '';
let service: PollyEmulator;

beforeAll(async () => {
  service = await servePolly();
});
afterAll(() => service.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  Object.assign(process.env, SURROUNDINGS);
});
afterEach(async () => {
  for (const name of [...Object.keys(SURROUNDINGS), 'POLLY_ENGINE']) delete process.env[name];
  await rm(folder, { recursive: true, force: true });
});

const say = (url = service.url, text = 'Map <em>the</em><pause 0.2s/> bridge.') =>
  parley('say', text, '--source', 'polly', '--url', url, '--out', folder);

describe('parley say --source polly', () => {
  it.each([
    ['neural', 'service'],
    ['generative', 'alignment'],
  ])('writes a line with its mouth, by the %s engine', async (engine, timing) => {
    process.env.POLLY_ENGINE = engine;
    expect(await say()).toEqual({ code: 0, stdout: '', stderr: '' });
    const line: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
    expect(line).toMatchObject({ timing, voice: 'Joanna', sampleRate: 16_000 });
    expect(line.words.map(({ text, from, to }) => [text, line.text.slice(from, to)])).toEqual(
      ['Map', 'the', 'bridge'].map((word) => [word, word]),
    );
    expect(line.cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThan(1);
    const said = expect.stringContaining('Map the<break time="200ms"/> bridge.');
    expect(service.requests.at(-1)).toMatchObject({ Engine: engine, Text: said });
  });

  it('tells refusals with 3 and broken streams with 4, leaves nothing behind and shows no key', async () => {
    for (const [variant, code] of [
      ['refuse=AccessDeniedException', 3],
      ['refuse=ServiceFailureException', 4],
      ['end=cut', 4],
    ] as const) {
      const ended = await say(`${service.url}/${variant}`);
      expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
      expect(ended.stderr).not.toMatch(/canary|AKIA/);
      expect([ended.code, ended.stdout]).toEqual([code, '']);
    }
    delete process.env.AWS_REGION;
    const placeless = await say();
    expect([placeless.code, placeless.stderr]).toEqual([2, expect.stringMatching(/AWS_REGION/)]);
    process.env.POLLY_ENGINE = 'steam';
    expect((await say()).code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });
});
