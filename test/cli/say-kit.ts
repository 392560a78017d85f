import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { decodeTrack, encodeTrack } from '../../src/pcm/track-file.ts';
import { decodeWav } from '../../src/pcm/wav.ts';
import type { LineJson } from '../../src/speech/track.ts';
import { type Ended, startGateway } from '../kit/children.ts';
import { type Script, startScripted } from '../kit/scripted-server.ts';

export const KEY = 'sk-canary-7f3a';
export const closing: (() => unknown)[] = [];
export let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});

afterEach(async () => {
  delete process.env.LOKUTOR_API_KEY;
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

export async function serve(): Promise<string> {
  const gateway = await startGateway();
  closing.push(() => gateway.kill());
  return `${gateway.url.replace('http', 'ws')}/ws`;
}

export async function scripted(script: Script, status = 101): Promise<string> {
  const server = await startScripted(script, { handshake: () => status });
  closing.push(() => server.close());
  return server.url;
}

export async function lineIn(
  out: string,
): Promise<{ line: LineJson; samples: Int16Array; sampleRate: number }> {
  expect((await readdir(out)).sort()).toEqual(['line.json', 'line.wav']);
  const line: LineJson = JSON.parse(await readFile(join(out, 'line.json'), 'utf8'));
  const wav = await readFile(join(out, 'line.wav'));
  const json = await readFile(join(out, 'line.json'), 'utf8');
  expect(encodeTrack(decodeTrack({ wav, json }))).toEqual({ wav: new Uint8Array(wav), json });
  return { line, ...decodeWav(wav) };
}

/** Failed in one clear line, with this code, leaving nothing behind. */
export async function expectFailure(ended: Ended, code: number, words: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(/^parley: [^\n]+\n$/);
  expect(ended.stderr).toMatch(words);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(code);
  expect(await readdir(folder)).toEqual([]);
}
