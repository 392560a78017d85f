/** The servers of docs/gateway.md, run as they stand there. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BUILT, type Listening, startListening } from '../../kit/children.ts';
import { DialectClient } from '../../kit/dialect-client.ts';
import { GAME, shakeHands } from './door-kit.ts';

const root = join(import.meta.dirname, '../../..');
const cookie = 'session=s3cr3t-session';
let folder = '';
let server: Listening | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(root, 'node_modules/.servers-'));
  const docs = await readFile(join(root, 'docs/gateway.md'), 'utf8');
  const gateway = relative(folder, join(BUILT, 'gateway/index.js'));
  for (const [, name, code] of docs.matchAll(/```js\n\/\/ (\w+\.js)\n([\s\S]*?)```/g)) {
    await writeFile(join(folder, name!), code!.replace('babylon-parley/gateway', gateway));
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  process.env.PARLEY_TICKET_SECRET = randomBytes(32).toString('base64');
  process.env.PORT = '0';
});

afterEach(() => server?.kill());

afterAll(async () => {
  delete process.env.PARLEY_TICKET_SECRET;
  delete process.env.PORT;
  await rm(folder, { recursive: true, force: true });
});

it.each(['http', 'express', 'fastify'])(
  'the gateway in a server by %s makes tickets, speaks, and leaves the rest to the game',
  async (name) => {
    server = await startListening(join(folder, `${name}.js`));
    const { port } = new URL(server.url);
    const url = `http://127.0.0.1:${port}`;
    expect(await (await fetch(url)).text()).toBe('the game\n');
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ source: 'local' });
    const ask = (headers: Record<string, string>, method = 'POST') =>
      fetch(`${url}/v1/ticket`, { method, headers });
    const refused = await ask({ origin: GAME });
    expect([refused.status, await refused.json()]).toEqual([401, { error: 'Log in first.' }]);
    expect((await ask({ origin: 'https://evil.example', cookie })).status).toBe(403);
    expect((await ask({ origin: GAME, cookie }, 'GET')).status).toBe(405);
    const preflight = await ask({ origin: GAME, 'access-control-request-method': 'POST' }, 'OPTIONS');
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, GAME]);
    const made = await ask({ origin: GAME, cookie });
    expect([made.headers.get('access-control-allow-origin'), made.headers.get('cache-control')]).toEqual([
      GAME,
      'no-store',
    ]);
    const { ticket } = (await made.json()) as { ticket: string };
    // Behind a proxy, as it will be: then the dialect wants the ticket.
    const headers = { 'x-forwarded-for': '203.0.113.5' };
    expect((await shakeHands(Number(port), { headers })).status).toBe(401);
    const client = await DialectClient.open(`ws://127.0.0.1:${port}/ws?api_key=${ticket}`, { headers });
    client.send({ text: 'Hello.', voice: 'F1' });
    expect((await client.answer()).ending).toBe('EOS');
    client.send({ text: 'Hello.', voice: 'F2' });
    expect((await client.answer()).ending).toMatch(/^ERR: .*allows 2 voices/);
    client.send({ text: 'x'.repeat(2_001), voice: 'F1' });
    expect((await client.answer()).ending).toMatch(/^ERR: the characters of the ticket are used up/);
    client.socket.terminate();
  },
);
