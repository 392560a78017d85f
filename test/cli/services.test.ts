import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineJson } from '../../src/speech/track.ts';
import { serveDeepgram } from '../emulators/deepgram.ts';
import { serveGemini } from '../emulators/gemini.ts';
import { serveInworld } from '../emulators/inworld.ts';
import { serveOpenAi } from '../emulators/openai.ts';
import { servePcm } from '../emulators/pcm.ts';
import type { ServedPort } from '../emulators/service-port.ts';
import { endSpeech } from '../emulators/speech.ts';
import { parley } from '../kit/children.ts';

/** Services that the command line reaches, and where the times of their lines come from there. */
const SERVICES: readonly {
  name: string;
  variable: string;
  serve: () => Promise<ServedPort>;
  timing: string;
}[] = [
  {
    name: 'deepgram',
    variable: 'DEEPGRAM_API_KEY',
    serve: () => serveDeepgram({ key: KEY }),
    timing: 'alignment',
  },
  {
    name: 'inworld',
    variable: 'INWORLD_API_KEY',
    serve: () => serveInworld({ key: KEY }),
    timing: 'service',
  },
  { name: 'gemini', variable: 'GEMINI_API_KEY', serve: () => serveGemini({ key: KEY }), timing: 'alignment' },
  { name: 'openai', variable: 'OPENAI_API_KEY', serve: () => serveOpenAi({ key: KEY }), timing: 'alignment' },
  {
    name: 'pcm',
    variable: 'PCM_API_KEY',
    serve: async () => {
      const server = await servePcm();
      return { ...server, url: `${server.url}?key=${KEY}&wav=open` };
    },
    timing: 'alignment',
  },
];

const KEY = 'sk-canary-7f3a';
let folder = '';
let emulator: ServedPort | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});
afterEach(async () => {
  for (const { variable } of SERVICES) delete process.env[variable];
  await emulator?.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(endSpeech);

describe.each(SERVICES)('parley say --source $name', ({ name, variable, serve, timing }) => {
  const say = (query = '') => {
    const url = new URL(emulator!.url);
    url.search += query;
    return parley('say', 'Map the bridge.', '--source', name, '--url', url.href, '--out', folder);
  };

  it('writes a line with its mouth, with the key of the environment', async () => {
    emulator = await serve();
    process.env[variable] = KEY;
    const { code, stderr } = await say();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const json: LineJson = JSON.parse(await readFile(join(folder, 'line.json'), 'utf8'));
    expect(json).toMatchObject({ text: 'Map the bridge.', timing });
    expect(json.words.map(({ text }) => text.replace(/\W/g, ''))).toEqual(['Map', 'the', 'bridge']);
    expect(json.cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThan(1);
    expect(json.duration).toBeGreaterThan(0.5);
  });

  it('is refused without one, and says so', async () => {
    emulator = await serve();
    const { code, stderr } = await say();
    expect(code).toBe(3);
    expect(stderr).toContain(`${variable} is not set`);
    expect((await say('&api_key=wrong')).stderr).not.toContain('is not set');
  });
});
