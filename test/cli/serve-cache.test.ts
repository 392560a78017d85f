import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parley } from '../kit/children.ts';
import { expectFailure } from './say-kit.ts';
import { metric, served, speaker } from './serve-kit.ts';

let place = '';

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'parley-kept-'));
});

afterEach(() => rm(place, { recursive: true, force: true }));

it('--cache keeps lines over the end of the gateway, each for its lexicon', async () => {
  const folder = join(place, 'lines');
  const lexicon = join(place, 'lexicon.json');
  await writeFile(lexicon, JSON.stringify({ version: 1, words: { en: { Parley: { say: 'parlour' } } } }));
  const origin = async (...args: string[]) => {
    const gateway = await served('--cache', folder, ...args);
    const client = await speaker(gateway);
    const told = await client.say(1, 'Parley keeps it.');
    const tier = await metric(gateway, 'kept_lines_total{tier="disk"}');
    client.socket.terminate();
    gateway.end();
    await gateway.ended;
    return [told, tier];
  };
  expect(await origin()).toEqual(['fresh', 0]);
  expect(await origin()).toEqual(['hit', 1]);
  expect(await origin('--lexicon', lexicon)).toEqual(['fresh', 0]);
  expect(await origin('--lexicon', lexicon)).toEqual(['hit', 1]);
}, 60_000);

it('--baked speaks the lines of a folder by id and by text, and asks nothing of the source for them', async () => {
  const list = join(place, 'list.json');
  const lines = [{ id: 'gate', text: 'Halt! Who goes there?', voice: 'M1' }];
  await writeFile(list, JSON.stringify({ lang: 'en', lines }));
  const baked = join(place, 'baked');
  expect((await parley('bake', list, '--source', 'local', '--out', baked)).code).toBe(0);
  const before = (await readdir(baked)).sort();
  const gateway = await served('--baked', baked);
  const client = await speaker(gateway);
  client.tell({ type: 'say', line: 1, id: 'gate', credit: 10_000_000 });
  await client.until('end', 1);
  expect(client.of('begin', 1)[0]).toMatchObject({ origin: 'hit', voice: 'M1' });
  expect(await client.say(2, 'Halt! Who goes there?')).toBe('hit');
  const wav = await readFile(join(baked, before.find((name) => name.endsWith('.wav'))!));
  expect(Buffer.concat(client.sound.get(1)!)).toEqual(wav.subarray(wav.indexOf('data') + 8));
  expect(await metric(gateway, 'first_audio_seconds_count{source="local"}')).toBe(0);
  expect((await readdir(baked)).sort()).toEqual(before);
}, 60_000);

it('folders that cannot be used are told at the start', async () => {
  const fail = async (code: number, message: RegExp, ...args: string[]) =>
    expectFailure(await parley('serve', '--port', '0', ...args), code, message);
  const file = join(place, 'file');
  await writeFile(file, 'no manifest');
  await fail(2, /Folder of kept lines: expected a folder to write to, got .*file \(/, '--cache', file);
  await fail(2, /Baked lines: expected a folder with a manifest\.json.*got none in/, '--baked', place);
  await writeFile(join(place, 'manifest.json'), '{}');
  await fail(2, /manifest/, '--baked', place);
  process.env.PARLEY_CACHE_BYTES = '1.5';
  try {
    await fail(2, /PARLEY_CACHE_BYTES: expected a whole number, got 1\.5/);
  } finally {
    delete process.env.PARLEY_CACHE_BYTES;
  }
});
