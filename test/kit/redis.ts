/**
 * Real Redis servers for tests, each on a free port of loopback with a folder of its own; `npm test` puts
 * `redis-server` in place, and a missing one is a failure.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface RedisServer {
  readonly url: string;
  /** Ends it the hard way; what it held is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address, empty. */
  start(): Promise<void>;
  /** Stops it so that connections stay open and nothing is answered, until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const PROGRAM = process.env.REDIS_SERVER_BIN ?? 'redis-server';

/** `policy`: what it drops when it is full, of 64 MB; or what is on its command line instead. */
export async function startRedis(policy: string | readonly string[] = 'noeviction'): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const limits = typeof policy === 'string' ? ['--maxmemory', '64mb', '--maxmemory-policy', policy] : policy;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(PROGRAM, [...args, ...limits], { stdio: ['ignore', 'pipe', 'inherit'] });
    await listening(child);
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.on('error', (cause) => reject(new Error(`${PROGRAM} does not start.`, { cause })));
    child.on('exit', (code) => reject(new Error(`${PROGRAM} ended with ${code}:\n${output}`)));
  });
}
