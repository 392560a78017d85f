import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { serveHeadTts } from '../emulators/headtts.ts';
import { endSpeech } from '../emulators/speech.ts';
import { parley } from '../kit/children.ts';

afterAll(endSpeech);

it('parley say --source headtts writes a line with the mouth of the service, in a voice that stands for F2', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-headtts-'));
  const server = await serveHeadTts();
  const say = ['say', 'Map the bridge.', '--source', 'headtts', '--url', server.url, '--out', folder];
  expect(await parley(...say, '--voice', 'F2')).toMatchObject({ code: 0, stderr: '' });
  const json: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
  expect(json).toMatchObject({ text: 'Map the bridge.', timing: 'service', sampleRate: 24_000 });
  expect(json.words.map(({ text }) => text)).toEqual(['Map', 'the', 'bridge']);
  expect(json.cues.filter(({ viseme }) => viseme === 'PP')).toHaveLength(3);
  expect(server.asked[0]).toMatchObject({ data: { voice: 'af_heart' } });
  expect(await parley(...say, '--voice', 'nobody')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('nobody'),
  });
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
