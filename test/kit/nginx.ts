/**
 * A real nginx with the configuration of `deploy/`, on a free port of loopback, in a folder of its own; `npm test` puts it in
 * place, and a missing one is a failure.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const PROGRAM = process.env.NGINX_BIN ?? 'nginx';
const CONFIGURATION = join(import.meta.dirname, '../../deploy/nginx.conf');

export interface Nginx {
  readonly port: number;
  /** Ends it, and all its connections. */
  close(): Promise<void>;
}

/** `gateways`: their ports. `readSeconds`: how long a connection may be silent, in place of what stands there. */
export async function startNginx(gateways: readonly [number, number], readSeconds?: number): Promise<Nginx> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
  const file = join(folder, 'nginx.conf');
  const changes = [
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['gateway-a:8790', `127.0.0.1:${gateways[0]}`],
    ['gateway-b:8790', `127.0.0.1:${gateways[1]}`],
    ...(readSeconds === undefined
      ? []
      : [['proxy_read_timeout 60s;', `proxy_read_timeout ${readSeconds}s;`]]),
    // Where Debian's has its files only root may write; one worker, since there may be many cores.
    ['worker_processes auto;', `worker_processes 1; pid ${folder}/pid; error_log stderr warn; daemon off;`],
    ['http {', `http {\n${TEMPORARY.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}`],
  ] as [string, string][];
  const written = changes.reduce(
    (text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`Expected "${from}" once in deploy/nginx.conf.`);
      return text.replace(from, to);
    },
    await readFile(CONFIGURATION, 'utf8'),
  );
  await writeFile(file, written);
  const child = spawn(PROGRAM, ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (cause) => reject(new Error(`${PROGRAM} does not start.`, { cause })));
    child.on('exit', (code) => reject(new Error(`${PROGRAM} ended with ${code}:\n${told}`)));
  });
  failed.catch(() => {}); // It ends with the test.
  await Promise.race([answering(port), failed]);
  return {
    port,
    async close() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${PROGRAM} does not listen.`);
}
