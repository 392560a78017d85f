import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { serveElevenLabs } from '../emulators/elevenlabs.ts';
import { Speech } from '../emulators/spoken-text.ts';
import { parley } from '../kit/children.ts';

const KEY = 'sk-canary-11';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-eleven-'));
  process.env.ELEVENLABS_API_KEY = KEY;
});
afterEach(async () => {
  delete process.env.ELEVENLABS_API_KEY;
  await rm(folder, { recursive: true, force: true });
});

it('parley say --source elevenlabs writes the line, and tells a refusal without the key', async () => {
  const text = 'Map the bridge.';
  const server = await serveElevenLabs({ keys: [KEY] });
  const speech = new Speech();
  try {
    const say = (url: string) =>
      parley('say', text, '--source', 'elevenlabs', '--url', url, '--voice', 'M2', '--out', folder);
    const refused = await say(`${server.url}?error=quota_exceeded`);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/exceeds your quota/);
    expect(refused.stderr).not.toContain(KEY);
    expect(await readdir(folder)).toEqual([]);

    expect(await say(server.url)).toMatchObject({ code: 0 });
    const line: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
    const truth = await speech.speak(text, { sampleRate: 24_000, voice: 'M2' });
    expect(line).toMatchObject({ text, timing: 'words', sampleRate: 24_000 });
    expect(line.duration).toBe(truth.samples.length / 24_000);
    expect(line.words.map((word) => word.text)).toEqual(['Map', 'the', 'bridge']);
    expect(line.cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThanOrEqual(3);
    expect((await readFile(join(folder, 'line.wav'))).length).toBe(44 + truth.samples.length * 2);
  } finally {
    await server.close();
    speech.dispose();
  }
});
