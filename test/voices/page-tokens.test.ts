import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { VoiceSource } from '../../src/speech/source.ts';
import { azureVoices } from '../../src/voices/azure/index.ts';
import { deepgramVoices } from '../../src/voices/deepgram/index.ts';
import { connectGeminiAgent, geminiVoices } from '../../src/voices/gemini/index.ts';
import { inworldVoices } from '../../src/voices/inworld/index.ts';
import { connectOpenAiAgent, openAiVoices } from '../../src/voices/openai/index.ts';
import { pcmVoices } from '../../src/voices/pcm/index.ts';
import type { TokenSource } from '../../src/voices/session/access.ts';
import { serveDeepgram } from '../emulators/deepgram.ts';
import { serveGemini } from '../emulators/gemini.ts';
import { serveInworld } from '../emulators/inworld.ts';
import { serveOpenAi } from '../emulators/openai.ts';
import type { ServedPort } from '../emulators/service-port.ts';
import { endSpeech } from '../emulators/speech.ts';
import { collect } from '../kit/collect.ts';

const TOKEN = 'short-lived';

interface Options {
  readonly url?: string;
  readonly apiKey?: string;
  readonly token?: TokenSource;
}

const SERVICES: readonly [string, (options?: Options) => VoiceSource, () => Promise<ServedPort>][] = [
  ['deepgram', deepgramVoices, () => serveDeepgram({ key: TOKEN })],
  ['openai', openAiVoices, () => serveOpenAi({ key: TOKEN })],
  ['inworld', inworldVoices, () => serveInworld({ key: TOKEN })],
  ['gemini', geminiVoices, () => serveGemini({ tokens: [TOKEN] })],
];

afterEach(() => vi.unstubAllGlobals());
afterAll(endSpeech);

describe.each(SERVICES)('%s in a page', (name, voices, serve) => {
  it('takes no key, and nothing at the service itself without a token', () => {
    vi.stubGlobal('document', {});
    expect(() => voices({ apiKey: 'sk-canary' })).toThrow(`parley serve --source ${name}`);
    expect(() => voices({ apiKey: 'sk-canary' })).toThrow('or allowKeyInPage: true, got a key in a page');
    expect(() => voices()).toThrow('got a page with neither');
    voices({ token: async () => TOKEN }).dispose();
  });

  it('speaks over sockets of the platform with a token, which no header carries', async () => {
    vi.stubGlobal('document', {});
    vi.stubGlobal('WebSocket', WebSocket);
    const { url, close } = await serve();
    const source = voices({ url, token: async () => TOKEN });
    const { samples, error } = await collect(source.speak({ text: 'Go.' }, new AbortController().signal));
    source.dispose();
    await close();
    expect(error).toBeUndefined();
    expect(samples.length).toBeGreaterThan(1000);
  });
});

it('a key in an address is one too', () => {
  vi.stubGlobal('document', {});
  const pcm = (url: string) => () => pcmVoices({ url, sampleRate: 24_000 }).dispose();
  expect(pcm('wss://host/path?api_key=sk-canary')).toThrow('parley serve --source pcm');
  expect(pcm('https://host/path?api_key=sk-canary')).toThrow('parley serve --source pcm');
  expect(pcm('wss://sk-canary@host/path')).toThrow('parley serve --source pcm');
  expect(pcm('wss://host/path')).not.toThrow();
  expect(pcm('')).toThrow('expected a ws:, wss:, http: or https: address, got nothing');
});

it('Azure itself is not asked from a page with neither key nor token', () => {
  vi.stubGlobal('document', {});
  expect(() => azureVoices({ region: 'westeurope' })).toThrow('parley serve --source azure');
  expect(() => azureVoices({ region: 'chinaeast2' })).toThrow('parley serve --source azure');
  azureVoices({ region: 'westeurope', token: async () => TOKEN }).dispose();
  azureVoices({ url: 'wss://gateway.example/azure' }).dispose();
});

it('agents in a page take no key either', async () => {
  vi.stubGlobal('document', {});
  await expect(connectOpenAiAgent({ apiKey: 'sk-canary' }, {})).rejects.toMatchObject({
    code: 'invalid-input',
  });
  await expect(connectGeminiAgent({ apiKey: 'sk-canary' }, {})).rejects.toMatchObject({
    code: 'invalid-input',
  });
});
