/** What browser tests can ask of Node: `commands` of Vitest's browser mode. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserCommand } from 'vitest/node';
import type { Cue } from '../../src/speech/cue.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { serveAzure } from '../emulators/azure.ts';
import { serveCartesia } from '../emulators/cartesia.ts';
import { serveElevenLabs } from '../emulators/elevenlabs.ts';
import { type Listening, parley, startGateway, startListening } from './children.ts';
import { serveFolder } from './serve-folder.ts';

const running = new Map<string, Listening>();

/** Starts `parley serve` and gives its WebSocket URL. Port 0 takes any free one. */
const serve: BrowserCommand<[port?: number]> = async (_context, port = 0) => {
  const gateway = await startGateway(port);
  const url = `${gateway.url.replace('http:', 'ws:')}/ws`;
  running.set(url, gateway);
  return url;
};

/** Puts a proxy that breaks streams before a server, and gives its URL (see fault-proxy.ts). */
const breakable: BrowserCommand<[upstream: string]> = async (_context, upstream) => {
  const proxy = await startListening('test/kit/fault-proxy.ts', upstream);
  running.set(proxy.url, proxy);
  return proxy.url;
};

/** Kills what listens at `url`, as a crash would. */
const kill: BrowserCommand<[url: string]> = async (_context, url) => {
  running.get(url)?.kill();
  running.delete(url);
};

const EMULATORS = { elevenlabs: serveElevenLabs, cartesia: serveCartesia, azure: serveAzure };

/** Starts the emulator of a service that knows these tokens and no key, and gives its URL. */
const emulate: BrowserCommand<[name: keyof typeof EMULATORS, tokens: string[]]> = async (
  _context,
  name,
  tokens,
) => {
  const server = await EMULATORS[name]({ keys: [], tokens });
  running.set(server.url, { url: server.url, kill: () => void server.close() });
  return server.url;
};

/** What `parley say` makes of a text: its `line.json` and the samples of its `line.wav`, base64. */
const say: BrowserCommand<[text: string, options: string[]]> = async (_context, text, options) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-say-'));
  try {
    const { code, stderr } = await parley('say', text, ...options, '--out', folder);
    if (code !== 0) throw new Error(`parley say ended with ${code}: ${stderr}`);
    const wav = await readFile(join(folder, 'line.wav'));
    return {
      line: JSON.parse(await readFile(join(folder, 'line.json'), 'utf8')),
      pcm: wav.subarray(wav.indexOf('data') + 8).toString('base64'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The cues that Node makes of samples (16-bit, base64) and their text, in a thread. */
const timedCues: BrowserCommand<[pcm: string, sampleRate: number, text: string]> = async (
  _context,
  pcm,
  sampleRate,
  text,
) => {
  const bytes = Buffer.from(pcm, 'base64');
  const samples = new Int16Array(new Uint8Array(bytes).buffer);
  const source = timedVoices({
    name: 'plain',
    timing: { origin: 'audio', confidence: 0 },
    home: 'node',
    async *speak(): AsyncGenerator<SpeechPart> {
      yield { type: 'audio', samples, sampleRate };
      yield { type: 'end' };
    },
    dispose() {},
  });
  const cues: Cue[] = [];
  try {
    for await (const part of source.speak({ text }, new AbortController().signal))
      if (part.type === 'cues') cues.push(...part.cues);
    return cues;
  } finally {
    source.dispose();
  }
};

/** Bakes a list of lines by the local voices, and serves the folder; gives the address of its manifest. */
const bake: BrowserCommand<[lines: unknown]> = async (_context, lines) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bake-'));
  const list = join(folder, 'lines.json');
  await writeFile(list, JSON.stringify(lines));
  const { code, stderr } = await parley('bake', list, '--source', 'local', '--out', folder);
  if (code !== 0) throw new Error(`parley bake ended with ${code}: ${stderr}`);
  const server = await serveFolder(folder);
  const url = `${server.url}/manifest.json`;
  const kill = () => {
    server.kill();
    void rm(folder, { recursive: true, force: true });
  };
  running.set(url, { url, kill });
  return url;
};

export const browserCommands = { serve, breakable, emulate, kill, say, timedCues, bake };
