/**
 * What `deploy/` says, done by hand, since Docker itself is nowhere that tests run: the commands of the Dockerfile in a folder of
 * their own, the servers of the compose file with its settings, the proxy before them. Only `npm ci` is left out: the
 * packages that it would install are those of this checkout.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOfEnvironment } from '../../src/gateway/operation/config.ts';
import { startGateway } from '../kit/children.ts';
import { restsOf, stagesOf } from '../kit/dockerfile.ts';
import { startNginx } from '../kit/nginx.ts';
import { type Plain, parsePlainYaml } from '../kit/plain-yaml.ts';
import { startRedis } from '../kit/redis.ts';
import { SpeechClient } from '../kit/speech-client.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const read = (name: string) => readFile(join(ROOT, 'deploy', name), 'utf8');
const closing: (() => unknown)[] = [];
const KEY = randomBytes(24).toString('base64url');
const SECRETS = {
  PARLEY_TICKET_SECRET: randomBytes(32).toString('hex'),
  LOKUTOR_API_KEY: 'the-key-of-the-service',
};

interface Service {
  readonly env_file?: string;
  readonly environment?: Record<string, string>;
  readonly command?: string;
  readonly volumes?: string[];
}

let folder = '';
let services: Record<string, Service>;
let settings: Record<string, string>;
const [building, final] = stagesOf(await read('Dockerfile'));

/** A path of the image as it is here. */
const placed = (text: string) => text.replace(/(?<![\w/])\/(src|package|app|lines)\b/g, `${folder}/$1`);

async function does(stage: typeof building, left: readonly string[]): Promise<void> {
  let at = folder;
  for (const { word, rest } of stage!) {
    if (word === 'WORKDIR') at = placed(rest);
    if (word === 'WORKDIR') await mkdir(at, { recursive: true });
    if (word !== 'RUN' || left.includes(rest)) continue;
    const command = placed(rest).replace('chown node ', `chown ${userInfo().username} `);
    await run('sh', ['-c', command], { cwd: at, maxBuffer: 2 ** 26 });
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-deploy-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  services = (parsePlainYaml(await read('compose.yaml')) as { services: Record<string, Plain> })
    .services as Record<string, Service>;
  const lines = (await read('gateway.env')).split('\n').filter((line) => /^\w+=/.test(line));
  settings = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
});

afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('the compose file', () => {
  it('has two gateways, what they share, and a proxy, whose settings the gateway takes', async () => {
    expect(Object.keys(services)).toEqual(['gateway-a', 'gateway-b', 'redis', 'cache', 'proxy']);
    for (const name of ['gateway-a', 'gateway-b']) {
      const { env_file, environment = {}, volumes } = services[name]!;
      expect(env_file).toBe('gateway.env');
      const all = { ...settings, ...environment };
      const config = configOfEnvironment(all);
      // Nothing is set that nobody reads.
      const known = Object.keys(all).filter((key) => !(key in SECRETS));
      for (const key of known)
        expect([key, Object.keys(configOfEnvironment({ [key]: all[key]! }))]).toEqual([
          key,
          [expect.any(String)],
        ]);
      expect(config).toMatchObject({
        source: 'lokutor',
        redis: 'redis://redis:6379',
        redisCache: 'redis://cache:6379',
        trustProxy: true,
      });
      expect(config.elected ?? false).toBe(name === 'gateway-a');
      for (const secret of Object.keys(SECRETS))
        expect(environment[secret]).toMatch(new RegExp(`^\\$\\{${secret}:\\?`));
      expect(volumes).toEqual([`./keys:${config.dialectKeys}:ro`]);
    }
    expect(services.proxy).toMatchObject({ volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro'] });
  });
});

describe('the image', () => {
  it('is built, starts twice behind the proxy with its Redis servers, speaks, and ends on SIGTERM', async () => {
    // COPY . . : what git knows, as the ignored is what .dockerignore leaves out.
    const { stdout } = await run('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 2 ** 26 });
    const needed = stdout
      .split('\0')
      .filter((name) => /^(src|scripts|deploy|NOTICE|LICENSE|README|[^/]+\.(json|ts)$)/.test(name));
    for (const name of needed) {
      await mkdir(dirname(join(folder, 'src', name)), { recursive: true });
      await cp(join(ROOT, name), join(folder, 'src', name));
    }
    await mkdir(join(folder, 'package'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'src/node_modules'));
    expect(restsOf(building!, 'RUN')[0]).toMatch(/^npm ci /);
    await does(building, [restsOf(building!, 'RUN')[0]!]);
    await does(final, []);
    const environment = Object.fromEntries(
      restsOf(final!, 'ENV').flatMap((rest) => rest.split(' ').map((pair) => placed(pair).split('='))),
    ) as Record<string, string>;
    expect(Object.keys(configOfEnvironment(environment))).toEqual(['host', 'cache']);

    const redisOf = async (name: string) => {
      const [program, ...args] = services[name]!.command!.replaceAll('""', '').split(' ');
      expect(program).toBe('redis-server');
      const server = await startRedis(args);
      closing.push(() => server.close());
      return server.url;
    };
    const [redis, cache, service] = [await redisOf('redis'), await redisOf('cache'), await startGateway()];
    closing.push(() => service.kill());
    await writeFile(join(folder, 'keys'), `game-server ${KEY}\n`);
    const [command, ...args] = JSON.parse(restsOf(final!, 'CMD')[0]!) as string[];
    const start = async (name: 'gateway-a' | 'gateway-b') => {
      const child = spawn(command!, args, {
        cwd: join(folder, 'app'),
        env: {
          PATH: process.env.PATH,
          ...environment,
          ...settings,
          ...services[name]!.environment,
          ...SECRETS,
          // Where its neighbours are here; each has its own port and disk, as in a container.
          PARLEY_REDIS: redis,
          PARLEY_REDIS_CACHE: cache,
          PARLEY_DIALECT_KEYS: join(folder, 'keys'),
          PARLEY_CACHE: join(folder, `lines/${name}`),
          PARLEY_PORT: '0',
          PARLEY_UPSTREAM: `${service.url.replace('http', 'ws')}/ws`,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      closing.push(() => child.kill('SIGKILL'));
      let told = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          told += text;
        });
      }
      await expect.poll(() => told, { timeout: 20_000 }).toMatch(/listening on http:\/\/0\.0\.0\.0:\d+\n/);
      return { child, port: Number(/:(\d+)\n/.exec(told)![1]), told: () => told };
    };
    const gateways = [await start('gateway-a'), await start('gateway-b')] as const;
    const nginx = await startNginx([gateways[0].port, gateways[1].port]);
    closing.push(() => nginx.close());

    const player = async () => {
      const made = await fetch(`http://127.0.0.1:${nginx.port}/v1/ticket`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ user: 'ada', scopes: { freeText: true } }),
      });
      const { ticket } = (await made.json()) as { ticket: string };
      const headers = { origin: settings.PARLEY_ORIGINS! };
      const client = await SpeechClient.open(nginx.port, true, { headers, ticket });
      closing.push(() => client.socket.terminate());
      return client;
    };
    const players = [await player(), await player(), await player(), await player()];
    expect(await players[0]!.say(1, 'Built as it is shipped.')).toBe('fresh');
    expect(players[0]!.samples(1).length).toBeGreaterThan(44_100);
    // All four are on two gateways, and the line was made once.
    for (const each of players.slice(1)) expect(await each.say(1, 'Built as it is shipped.')).toBe('hit');

    const [, check] = /CMD (\[.*\])$/.exec(restsOf(final!, 'HEALTHCHECK')[0]!)!;
    const [node, ...script] = (JSON.parse(check!) as string[]).map((word) =>
      word.replace(':8790', `:${gateways[0].port}`),
    );
    await run(node!, script); // Rejects where it does not end with 0.
    const codes = gateways.map(({ child }) => new Promise((resolve) => child.on('exit', resolve)));
    for (const { child } of gateways) child.kill('SIGTERM');
    expect(await Promise.all(codes)).toEqual([0, 0]);
    await expect(run(node!, script)).rejects.toThrow();
    for (const { told } of gateways) {
      for (const secret of [KEY, ...Object.values(SECRETS)]) expect(told()).not.toContain(secret);
    }
  }, 240_000);
});
