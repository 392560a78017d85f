import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { serveCartesia } from '../emulators/cartesia.ts';
import { parley } from '../kit/children.ts';

const KEY = 'sk_car_canary';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cartesia-'));
  process.env.CARTESIA_API_KEY = KEY;
});
afterEach(async () => {
  delete process.env.CARTESIA_API_KEY;
  await rm(folder, { recursive: true, force: true });
});

it('parley say --source cartesia writes the line, and tells a refusal without the key', async () => {
  const server = await serveCartesia({ keys: [KEY] });
  try {
    const say = (url: string) =>
      parley(
        'say',
        'Map the bridge.',
        '--source',
        'cartesia',
        '--url',
        url,
        '--rate',
        '24000',
        '--out',
        folder,
      );
    const refused = await say(`${server.url}?error=plan_upgrade_required`);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/out of credits/);
    expect(refused.stderr).not.toContain(KEY);
    expect(await readdir(folder)).toEqual([]);

    expect(await say(server.url)).toMatchObject({ code: 0 });
    const line: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
    expect(line).toMatchObject({ text: 'Map the bridge.', timing: 'service', sampleRate: 24_000 });
    expect(line.words.map((word) => word.text)).toEqual(['Map', 'the', 'bridge']);
    expect(line.cues.filter(({ viseme }) => viseme === 'PP').length).toBe(3);
    expect((await readFile(join(folder, 'line.wav'))).length).toBe(
      44 + Math.round(line.duration * 24_000) * 2,
    );
  } finally {
    await server.close();
  }
});
