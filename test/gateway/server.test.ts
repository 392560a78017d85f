import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway, type Gateway, memoryStore, openLineDesk } from '../../src/gateway/index.ts';
import { isLoopbackAddress, isLoopbackOrigin } from '../../src/gateway/loopback.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { toneVoices } from '../kit/tone-voices.ts';

const gateways: Gateway[] = [];

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

async function serve(host = '127.0.0.1', maxConnections?: number): Promise<Gateway> {
  const gateway = createGateway({ source: toneVoices(), maxConnections });
  gateways.push(gateway);
  await gateway.listen({ port: 0, host });
  return gateway;
}

/** Status and body with which a handshake is answered: 101 when it is taken. */
function handshake(gateway: Gateway, path: string, origin?: string): Promise<[number, string]> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${gateway.address.port}${path}`,
    origin === undefined ? {} : { origin },
  );
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      resolve([101, '']);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.setEncoding('utf8').on('data', (body: string) => resolve([response.statusCode ?? 0, body]));
    });
    socket.on('error', reject);
  });
}

describe('the routes', () => {
  it('tell how the gateway is', async () => {
    const { address } = await serve();
    const response = await fetch(`http://127.0.0.1:${address.port}/healthz?x=1`);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        status: 'ok',
        source: 'tone',
        connections: 0,
        lightning: { units: 1, active: 0, sockets: 0 },
      },
    ]);
  });

  it('say where speech is when they are asked for something else', async () => {
    const gateway = await serve();
    const base = `http://127.0.0.1:${gateway.address.port}`;
    const missing = await fetch(`${base}/nowhere`);
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('/ws/tts')]);
    expect((await fetch(`${base}/ws`)).status).toBe(426);
    expect(await handshake(gateway, '/nowhere')).toEqual([404, expect.stringContaining('/ws')]);
  });

  it.each(['//', '//x', 'http://[', '/%', '*'])('survive the path %s', async (path) => {
    const { address } = await serve();
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port: address.port, host: '127.0.0.1', path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect([400, 404]).toContain(status);
    expect((await fetch(`http://127.0.0.1:${address.port}/healthz`)).status).toBe(200);
  });

  it('survive what is no HTTP, and handshakes that break off', async () => {
    const { address } = await serve();
    for (const bytes of [
      '\r\n\r\n',
      'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      '\x00\xff',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connectTcp(address.port, '127.0.0.1', () => socket.end(bytes));
        socket.on('close', () => resolve()).on('error', () => {});
        socket.resume();
      });
    }
    expect((await fetch(`http://127.0.0.1:${address.port}/healthz`)).status).toBe(200);
  });
});

describe('who may speak', () => {
  it.each([
    [undefined, 101],
    ['http://localhost:5173', 101],
    ['https://localhost', 101],
    ['http://127.0.0.1:8080', 101],
    ['http://[::1]:3000', 101],
    ['https://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['http://127.0.0.1.evil.example', 403],
    ['http://evil.example#localhost', 403],
    ['http://localhost@evil.example', 403],
    ['http://xn--lcalhost-54a', 403],
    ['file://localhost', 403],
    ['null', 403],
  ])('origin %s is answered with %i', async (origin, status) => {
    expect((await handshake(await serve(), '/ws', origin))[0]).toBe(status);
  });

  it('is nobody while the gateway can be reached from other machines', async () => {
    const gateway = await serve('0.0.0.0');
    expect(await handshake(gateway, '/ws')).toEqual([403, expect.stringContaining('loopback')]);
    expect((await fetch(`http://127.0.0.1:${gateway.address.port}/healthz`)).status).toBe(200);
  });

  it.each([true, false])(
    'holds no connection that was refused, whether its client leaves (%s) or not',
    async (leaves) => {
      const source = toneVoices();
      const gateway = createGateway({ source });
      gateways.push(gateway);
      const server = createServer();
      gateway.attach(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const handshake =
        'GET /v1/speech HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
      const client = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true });
      client.on('error', () => {}).resume();
      client.write(handshake);
      await once(client, 'end');
      client.write('and more that nobody has asked for');
      if (leaves) client.end();
      const connections = () =>
        new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
      await expect.poll(connections, { timeout: 4_000 }).toBe(0);
      client.destroy();
      server.close();
    },
  );

  it('is no more at a time than it was told', async () => {
    const gateway = await serve(undefined, 8);
    const url = `ws://127.0.0.1:${gateway.address.port}/ws`;
    const clients = await Promise.all(Array.from({ length: 8 }, () => DialectClient.open(url)));
    expect((await handshake(gateway, '/ws'))[0]).toBe(503);
    for (const client of clients) client.close();
    await expect.poll(async () => (await handshake(gateway, '/ws'))[0]).toBe(101);
  });

  it('is told by the address bound and by the origin, in all their spellings', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopbackAddress)).toBe(true);
    expect(['0.0.0.0', '::', '192.168.0.1', '1127.0.0.1', '::ffff:10.0.0.1'].some(isLoopbackAddress)).toBe(
      false,
    );
    expect(isLoopbackOrigin('http://LOCALHOST')).toBe(true);
  });
});

describe('options', () => {
  it('that cannot be are told by name', async () => {
    const source = toneVoices();
    const cases: [object, RegExp][] = [
      [{ source: undefined }, /^source: expected a voice source.*got undefined/],
      [{ pingSeconds: 0 }, /^pingSeconds: .*got 0/],
      [{ units: 0 }, /^units: .*got 0/],
      [{ keeping: { memoryBytes: 0 } }, /^memoryBytes: expected a whole number from 1, got 0/],
      [{ keeping: { disk: { folder: '/tmp', maxBytes: -5 } } }, /^disk.maxBytes: .*got -5/],
      [{ keeping: { maxTextLength: 5_001 } }, /^maxTextLength: expected a whole number from 1 to 5000/],
      [{ keeping: { maxSeconds: Number.NaN } }, /^maxSeconds: .*got NaN/],
      [{ sauce: 1 }, /^createGateway: expected options that there are \(source, onError, .*\), got "sauce"/],
      [{ opus: 'no' }, /^opus: expected true or false, got "no"/],
      [{ log: console.log }, /^log: expected a log such as createLog\(\) makes/],
      [{ voices: ['F1'] }, /^voices: expected texts by name, got a list/],
      [{ voices: { emily: 1 } }, /^voices, emily: expected a string, got 1/],
      [{ onError: 'ignore' }, /^onError: expected a function, got "ignore"/],
      [{ services: [] }, /^services: expected a function, got a list/],
      [{ trustProxy: 1 }, /^trustProxy: expected true or false, got 1/],
      [{ origins: 'https://game.example' }, /^origins: expected a list, got "https/],
      [{ keys: ['secret'] }, /^keys: expected keys such as new GatewayKeys.*got a list/],
      [{ store: {} }, /^store: expected a store such as/],
      [{ lines: {} }, /^lines: expected a desk such as/],
      [{ variants: { end: 1 } }, /^variants, end: expected a string, got 1/],
      [{ keeping: { dsik: {} } }, /^keeping: expected options that there are \(identity, .*got "dsik"/],
      [{ keeping: { disk: '/tmp' } }, /^disk: expected an object of options, got "\/tmp"/],
      [{ keeping: { disk: {} } }, /^disk.folder: expected a folder, got nothing/],
      [{ keeping: { baked: 1 } }, /^keeping.baked: expected a string, got 1/],
      [{ budgets: { acount: 1 } }, /^budgets: expected options that there are .*got "acount"/],
      [{ tickets: { secret: 'x'.repeat(32) } }, /^tickets.authenticate: expected a function.* got nothing/],
      [{ tickets: { authenticate: true } }, /^tickets.authenticate: expected a function, got true/],
      [
        { tickets: { authenticate() {}, whenStoreAway: 'deny' } },
        /^tickets.whenStoreAway: expected one of refuse, accept, got "deny"/,
      ],
    ];
    for (const [options, told] of cases) {
      expect(() => createGateway({ source, ...options } as never)).toThrow(
        expect.objectContaining({ name: 'InputError', message: expect.stringMatching(told) }),
      );
    }
    expect(() => createGateway(undefined as never)).toThrow(/^createGateway: expected an object of options/);
    await expect(openLineDesk({ source, memoryBytes: -1 })).rejects.toThrow('memoryBytes: ');
    await expect(openLineDesk({ source, cache: '/tmp' } as never)).rejects.toThrow(/openLineDesk: .*"cache"/);
  });
});

describe('listening and closing', () => {
  it('tells a port that is in use, and may then take another', async () => {
    const first = await serve();
    const second = createGateway({ source: toneVoices() });
    gateways.push(second);
    expect(() => second.address).toThrow('listen()');
    await expect(second.listen({ port: first.address.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await second.listen({ port: 0 });
    expect(second.address).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
  });

  it('is done once, on a server of its own or on another', async () => {
    const gateway = await serve();
    await expect(gateway.listen({ port: 0 })).rejects.toMatchObject({ code: 'listening' });
    expect((await handshake(gateway, '/ws'))[0]).toBe(101);
    const server = createServer();
    expect(() => gateway.attach(server)).toThrow(expect.objectContaining({ code: 'listening' }));
    const second = createGateway({ source: toneVoices() });
    gateways.push(second);
    const both = await Promise.allSettled([second.listen({ port: 0 }), second.listen({ port: 0 })]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const third = createGateway({ source: toneVoices() });
    third.attach(server);
    await expect(third.listen({ port: 0 })).rejects.toMatchObject({ code: 'attached' });
    await third.close();
    await expect(third.listen({ port: 0 })).rejects.toMatchObject({ code: 'closed' });
    expect(() => third.attach(server)).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it.each(['/v1/speech', '/ws'])(
    'leaves nobody on another server who came to %s as it closed',
    async (path) => {
      let entering = () => {};
      const entered = new Promise<void>((resolve) => {
        entering = resolve;
      });
      let answer = (_first: boolean) => {};
      const use = () => {
        entering();
        return new Promise<boolean>((resolve) => {
          answer = resolve;
        });
      };
      const secret = 's'.repeat(32);
      const gateway = createGateway({
        source: toneVoices(),
        tickets: { secret, authenticate: () => ({ user: 'ada', scopes: { freeText: true } }) },
        store: { ...memoryStore(), usedIds: { use } },
        trustProxy: true,
      });
      const server = createServer((request, response) => void gateway.handle(request, response));
      gateway.attach(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const { ticket } = (await (
        await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST' })
      ).json()) as { ticket: string };
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, ['parley.v1', `parley.ticket.${ticket}`]);
      const answered = new Promise((resolve) => {
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
        socket.on('error', () => {});
      });
      await entered;
      await gateway.close();
      answer(true);
      expect(await answered).toBe(503);
      expect((await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST' })).status).toBe(503);
      socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  );

  it('ends running lines and all connections, soon, twice without harm', async () => {
    const source = toneVoices();
    const gateway = createGateway({ source });
    await gateway.listen({ port: 0 });
    const client = await DialectClient.open(`ws://127.0.0.1:${gateway.address.port}/ws`);
    const code = new Promise((resolve) => client.socket.on('close', resolve));
    const idle = connectTcp(gateway.address.port, '127.0.0.1').on('error', () => {});
    client.send({ text: '!hang on' });
    await client.frame();
    const started = performance.now();
    await Promise.all([gateway.close(), gateway.close()]);
    await gateway.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(await code).toBe(1001);
    await expect.poll(() => source.running).toBe(0);
    idle.destroy();
  });
});
