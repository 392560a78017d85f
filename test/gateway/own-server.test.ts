/** Servers of one's own that are not on a port, or are not attached yet, and upgrades that nobody takes. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { SECRET } from './tickets/door-kit.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A game's own server, on a port or a socket of the file system. */
async function gameServer(
  where: number | string,
  attached = true,
): Promise<{ server: Server; gateway: Gateway }> {
  const tickets = { secret: SECRET, authenticate: () => ({ user: 'ada', scopes: {} }) };
  const gateway = createGateway({ source: toneVoices(), tickets });
  const server = createServer((request, response) => {
    if (!gateway.handle(request, response)) response.end('the game');
  });
  if (attached) gateway.attach(server);
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await gateway.close();
  });
  server.listen(where);
  await once(server, 'listening');
  return { server, gateway };
}

async function ask(at: object, path: string, method = 'GET'): Promise<[number | undefined, string]> {
  const asked = httpRequest({ ...at, path, method }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return [response.statusCode, await text(response)];
}

describe('tickets and numbers', () => {
  it('are there behind a proxy that comes by a socket of the file system, where nobody is of this machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-socket-'));
    closing.push(() => rm(folder, { recursive: true }));
    const socketPath = join(folder, 'socket');
    await gameServer(socketPath);
    const [status, body] = await ask({ socketPath }, '/v1/ticket', 'POST');
    expect([status, JSON.parse(body)]).toMatchObject([200, { openSeconds: 30 }]);
    expect((await ask({ socketPath }, '/metrics'))[0]).toBe(401);
  });

  it('are there also while nothing is attached yet', async () => {
    const { server } = await gameServer(0, false);
    const at = { port: (server.address() as AddressInfo).port };
    expect((await ask(at, '/v1/ticket', 'POST'))[0]).toBe(200);
    expect((await ask(at, '/metrics'))[0]).toBe(401);
  });
});

describe("an upgrade of a path that is none of the gateway's", () => {
  const head = 'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

  it('is refused where nobody else listens to upgrades: it would stay open for ever', async () => {
    const { server } = await gameServer(0);
    const socket: Socket = connect((server.address() as AddressInfo).port);
    socket.write(head);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 404 /);
  });

  it('is left to whoever else does', async () => {
    const { server } = await gameServer(0);
    server.on('upgrade', (request, socket) => {
      if (request.url === '/chat') socket.end('HTTP/1.1 418 A teapot\r\n\r\n');
    });
    const socket: Socket = connect((server.address() as AddressInfo).port);
    socket.write(head);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 418 /);
  });
});
