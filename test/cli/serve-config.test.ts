import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { builtProgram, parley, startListening } from '../kit/children.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { closing, expectFailure } from './say-kit.ts';

afterEach(() => {
  delete process.env.PARLEY_UNITS;
});

async function configFile(config: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-config-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'parley.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return file;
}

it('serve goes by its options, then the environment, then the file', async () => {
  const file = await configFile({ port: 0, units: 2, variants: { handshake: '503' } });
  const unitsOf = async (...args: string[]) => {
    const gateway = await startListening(builtProgram(), 'serve', '--config', file, ...args);
    closing.push(() => gateway.kill());
    const { lightning } = (await (await fetch(`${gateway.url}/healthz`)).json()) as {
      lightning: { units: number };
    };
    return lightning.units;
  };
  expect(await unitsOf()).toBe(2);
  process.env.PARLEY_UNITS = '3';
  expect(await unitsOf()).toBe(3);
  expect(await unitsOf('--units', '4')).toBe(4);
});

it('serve tells what is wrong in its file or environment', async () => {
  const fail = async (config: unknown, message: RegExp) =>
    expectFailure(await parley('serve', '--config', await configFile(config)), 5, message);
  await fail('{', /it is no JSON/);
  await fail({ port: 'x' }, /parley\.json, port: expected number, got "x"/);
  await fail({ hots: 'x' }, /expected fields that there are .*got "hots"/);
  await expectFailure(await parley('serve', '--config', '/nowhere.json'), 5, /cannot read the configuration/);
  process.env.PARLEY_UNITS = 'many';
  await expectFailure(await parley('serve'), 2, /PARLEY_UNITS: expected number, got "many"/);
});

it('on SIGTERM serve finishes the line that is being sent', async () => {
  const child = spawn(process.execPath, [builtProgram(), 'serve', '--port', '0'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  closing.push(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await expect.poll(() => output, { timeout: 20_000 }).toMatch(/\n$/);
  const url = output.split(' ').at(-1)!.trim();
  const client = await DialectClient.open(`${url.replace('http', 'ws')}/ws`);
  client.send({ text: 'This line is heard to its very end, whatever becomes of the gateway. '.repeat(3) });
  await client.frame();
  const code = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGTERM');
  const { ending, pcm } = await client.answer();
  expect(ending).toBe('EOS');
  expect(pcm.length / 2 / 44_100).toBeGreaterThan(8);
  expect(await code).toBe(0);
});
