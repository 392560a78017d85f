/** Runs `parley bake` in a folder of its own, and looks at what it made. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { decodeTrack } from '../../src/pcm/track-file.ts';
import { type ManifestLine, parseManifest } from '../../src/speech/manifest.ts';
import { checkFile } from '../../src/voices/tracks/fetch-file.ts';
import { type Ended, parley } from '../kit/children.ts';
import {
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

export const KEY = 'sk-canary-7f3a';
export const closing: (() => unknown)[] = [];
export let folder = '';
export let out = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-bake-'));
  out = join(folder, 'out');
});

afterEach(async () => {
  delete process.env.SMALLEST_API_KEY;
  delete process.env.SMALLEST_UNITS;
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

export async function list(lines: unknown): Promise<string> {
  const file = join(folder, 'lines.json');
  await writeFile(file, JSON.stringify(lines));
  return file;
}

export async function bake(lines: unknown, ...options: string[]): Promise<Ended> {
  return parley('bake', await list(lines), '--out', out, ...options);
}

export const here = ['--source', 'local'];

export async function scripted(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, options);
  closing.push(() => server.close());
  return server;
}

/** The lines of the manifest, each of which has its files whole and right; nothing else lies in the folder. */
export async function baked(): Promise<readonly ManifestLine[]> {
  const { lines } = parseManifest(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')));
  const named = new Set(['manifest.json', ...lines.flatMap(({ wav, json }) => [wav, json])]);
  const files = await readdir(out, { recursive: true, withFileTypes: true });
  const found = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(found.sort()).toEqual([...named].map((name) => join(out, name)).sort());
  for (const line of lines) {
    const [wav, json] = await Promise.all([line.wav, line.json].map((name) => readFile(join(out, name))));
    await checkFile(new Uint8Array(wav!), line.wav, line.wavBytes, line.wavHash);
    await checkFile(new Uint8Array(json!), line.json, line.jsonBytes, line.jsonHash);
    const { text, voice, lang } = decodeTrack({ wav: wav!, json: String(json) });
    expect({ text, voice, lang }).toEqual({ text: line.text, voice: line.voice, lang: line.lang });
  }
  return lines;
}

/** When each file of the folder was last written. */
export async function writtenAt(): Promise<Record<string, number>> {
  const lines = await baked();
  const names = ['manifest.json', ...lines.flatMap(({ wav, json }) => [wav, json])];
  const times = await Promise.all(
    names.map(async (name) => [name, (await stat(join(out, name))).mtimeMs] as const),
  );
  return Object.fromEntries(times);
}
