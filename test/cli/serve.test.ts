import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtProgram, parley, startListening } from '../kit/children.ts';
import { rampBytes, startScripted } from '../kit/scripted-server.ts';
import { closing, expectFailure, folder, KEY, lineIn, serve } from './say-kit.ts';

describe('parley --version', () => {
  it('tells the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await parley('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('parley serve', () => {
  it('says exactly where it listens, and stops when it is told to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'serve', '--port', '0'], {
      cwd: join(import.meta.dirname, '../..'),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: 20_000 }).toMatch(/\n$/);
    expect(output).toMatch(/^parley gateway listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    const url = output.split(' ').at(-1)!.trim();
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok', source: 'local' });
    const code = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('tells a port in use, and a wrong one, with exit code 2', async () => {
    const url = await serve();
    const port = new URL(url).port;
    await expectFailure(await parley('serve', '--port', port), 2, new RegExp(`port ${port} is in use`));
    await expectFailure(await parley('serve', '--port', '70000'), 2, /--port/);
    await expectFailure(await parley('serve', '--source', 'radio'), 2, /"radio"/);
  });

  it('plays the services as it is told, and tells wrong settings with exit code 2', async () => {
    const gateway = await startListening(
      builtProgram(),
      ...['serve', '--port', '0', '--units', '2', '--variant', 'handshake=503', '--variant', 'end=json'],
    );
    closing.push(() => gateway.kill());
    const url = `${gateway.url.replace('http', 'ws')}/ws`;
    const said = await parley('say', 'Hi', '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(said, 3, /HTTP 503/);
    await expectFailure(await parley('serve', '--variant', 'end'), 2, /--variant.*name=choice/);
    await expectFailure(await parley('serve', '--variant', 'ends=x'), 2, /one of handshake.*"ends"/);
    await expectFailure(await parley('serve', '--units', '0'), 2, /--units.*1 to 1000/);
  });

  it('stands before a service, whose key stays with it', async () => {
    process.env.LOKUTOR_API_KEY = KEY;
    const service = await startScripted((socket, { text }) => {
      socket.send(rampBytes(4_410));
      socket.send(text === 'fail' ? `ERR: ${KEY} is spent` : 'EOS');
    });
    closing.push(() => service.close());
    const gateway = await startListening(
      builtProgram(),
      'serve',
      '--port',
      '0',
      '--source',
      'lokutor',
      '--upstream',
      service.url,
    );
    closing.push(() => gateway.kill());
    delete process.env.LOKUTOR_API_KEY;
    const url = `${gateway.url.replace('http', 'ws')}/ws`;
    const failed = await parley('say', 'fail', '--source', 'lokutor', '--url', url, '--out', folder);
    await expectFailure(failed, 3, /is spent/);
    expect(failed.stderr).not.toContain(KEY);
    expect((await parley('say', 'Hi', '--source', 'lokutor', '--url', url, '--out', folder)).code).toBe(0);
    expect((await lineIn(folder)).samples).toHaveLength(4_410);
    expect(service.handshakes.every((path) => path.includes(KEY))).toBe(true);
  });
});
