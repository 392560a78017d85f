import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parley } from '../kit/children.ts';
import { folder, lineIn, serve } from './say-kit.ts';

it('parley say --source gateway writes what the gateway’s source says, and tells what it refuses', async () => {
  const url = (await serve()).replace(/\/ws$/, '/v1/speech');
  const say = (source: string[], out: string) =>
    parley('say', 'Map the bridge.', '--voice', 'F2', '--out', join(folder, out), ...source);
  expect(await say(['--source', 'gateway', '--url', url], 'told')).toMatchObject({ code: 0, stderr: '' });
  expect(await say(['--source', 'local'], 'own')).toMatchObject({ code: 0 });
  const [told, own] = [await lineIn(join(folder, 'told')), await lineIn(join(folder, 'own'))];
  expect(told.line).toEqual(own.line);
  expect(told.samples).toEqual(own.samples);
  const refused = await say(['--source', 'gateway', '--url', url, '--voice', 'nobody'], 'none');
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('nobody') });
  await expect(readFile(join(folder, 'none', 'line.json'))).rejects.toThrow();
});
