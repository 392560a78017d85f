import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { conformanceChecks, FaultProxy, type Faults } from '../../../src/voices/testing/index.ts';
import { servePlain } from './acme/plain-service.ts';
import { plainVoices } from './acme/plain-voices.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that tells what it was asked, then counts to five for each message, and closes after `bye`. */
async function serveCounter(): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered].at(-1) ?? false,
  });
  http.on('upgrade', (request, socket, head) => {
    if (request.headers['x-key'] !== 'k') {
      socket.end('HTTP/1.1 401 No\r\nRetry-After: 3\r\nContent-Length: 6\r\n\r\nno key');
      return;
    }
    server.handleUpgrade(request, socket, head, (client) => {
      client.send(request.url!);
      client.on('message', (data, binary) => {
        if (String(data) === 'bye') client.close(4321, 'bye');
        for (let count = 1; count <= 5; count++) client.send(`${data}${count}`, { binary });
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  closing.push(() => {
    for (const client of server.clients) client.terminate();
    http.close();
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/count?from=1`;
}

async function proxyOf(url: string): Promise<FaultProxy> {
  const proxy = await FaultProxy.listen(url);
  closing.push(() => proxy.close());
  return proxy;
}

interface Heard {
  readonly socket: WebSocket;
  readonly messages: string[];
  readonly closed: Promise<number>;
}

async function connect(proxy: FaultProxy, protocols: string[] = []): Promise<Heard> {
  const socket = new WebSocket(proxy.url, protocols, { headers: { 'x-key': 'k' } });
  const messages: string[] = [];
  socket.on('message', (data, binary) => messages.push(binary ? `<${data}>` : String(data)));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  return { socket, messages, closed };
}

describe('between a socket and its service', () => {
  it('passes path, query, headers, subprotocols, text, bytes and the way it is closed', async () => {
    const proxy = await proxyOf(await serveCounter());
    const { socket, messages, closed } = await connect(proxy, ['one', 'two']);
    expect(socket.protocol).toBe('two');
    socket.send('a');
    socket.send(Buffer.from('b'));
    await expect.poll(() => messages.length).toBe(11);
    expect(messages).toEqual([
      '/count?from=1',
      'a1',
      'a2',
      'a3',
      'a4',
      'a5',
      '<b1>',
      '<b2>',
      '<b3>',
      '<b4>',
      '<b5>',
    ]);
    socket.send('bye');
    expect(await closed).toBe(4321);
    expect(proxy.record.asked).toEqual(['/count?from=1']);
    expect(proxy.record.sent.map(({ data, binary }) => `${data} ${binary}`)).toEqual([
      'a false',
      'b true',
      'bye false',
    ]);
    await expect.poll(() => proxy.record.live.size).toBe(0);
    expect(proxy.record.left).toBe(0);
  });

  it('passes the service’s own no', async () => {
    const proxy = await proxyOf(await serveCounter());
    const socket = new WebSocket(proxy.url);
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([401, '3']);
    expect(String((await response.toArray())[0])).toBe('no key');
    await expect.poll(() => proxy.record.live.size).toBe(0);
  });

  it.each<[string, Faults, string[], number | undefined]>([
    ['cuts', { pass: 2, next: 'cut' }, ['a1', 'a2'], 1006],
    ['cuts before anything', { pass: 0, next: 'cut' }, [], 1006],
    ['closes', { pass: 2, next: 'close' }, ['a1', 'a2'], 1000],
    ['closes with words', { pass: 1, next: 'close', closeWith: { code: 1008, reason: 'no' } }, ['a1'], 1008],
    ['holds back', { pass: 3 }, ['a1', 'a2', 'a3'], undefined],
    ['puts in', { inject: { after: 1, data: 'x' } }, ['a1', 'x', 'a2', 'a3', 'a4', 'a5'], undefined],
    [
      'puts bytes in',
      { inject: { after: 0, data: Buffer.from('x') } },
      ['<x>', 'a1', 'a2', 'a3', 'a4', 'a5'],
      undefined,
    ],
    [
      'delays in order',
      { delayMs: 5, pause: { after: 2, ms: 20 } },
      ['a1', 'a2', 'a3', 'a4', 'a5'],
      undefined,
    ],
  ])('%s', async (_name, faults, wanted, code) => {
    const proxy = await proxyOf(await serveCounter());
    const { socket, messages, closed } = await connect(proxy);
    await expect.poll(() => messages.length).toBe(1);
    proxy.behave(faults);
    socket.send('a');
    await expect.poll(() => messages.slice(1)).toEqual(wanted);
    if (code !== undefined) expect(await closed).toBe(code);
    else expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('lets go of what it held when other faults are set', async () => {
    const proxy = await proxyOf(await serveCounter());
    proxy.behave({ pass: 1 });
    const { socket, messages } = await connect(proxy);
    socket.send('a');
    await expect.poll(() => proxy.record.answers.length).toBe(6);
    expect(messages).toEqual(['/count?from=1']);
    proxy.behave({});
    await expect.poll(() => messages).toEqual(['/count?from=1', 'a1', 'a2', 'a3', 'a4', 'a5']);
  });

  it('sees a client that leaves, also one whose handshake was never answered', async () => {
    const proxy = await proxyOf(await serveCounter());
    const { socket } = await connect(proxy);
    socket.terminate();
    await expect.poll(() => proxy.record.left).toBe(1);
    proxy.behave({ hang: true });
    const waiting = new WebSocket(proxy.url);
    waiting.on('error', () => {});
    await expect.poll(() => proxy.record.live.size).toBe(1);
    waiting.terminate();
    await expect.poll(() => proxy.record.left).toBe(2);
    expect(proxy.record.live.size).toBe(0);
  });
});

describe('between a request and its service', () => {
  async function ask(proxy: FaultProxy): Promise<{ status: number; bytes: number }> {
    const answer = await fetch(proxy.url, {
      method: 'POST',
      body: 'Hello.',
      headers: { connection: 'close' },
    });
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
  }

  async function plainProxy(): Promise<FaultProxy> {
    const service = await servePlain();
    closing.push(service.close);
    return proxyOf(service.url);
  }

  it('passes bodies whole', async () => {
    const proxy = await plainProxy();
    const { status, bytes } = await ask(proxy);
    expect(status).toBe(200);
    expect(bytes).toBe(Buffer.concat(proxy.record.answers.map(({ data }) => data)).length);
    expect(String(proxy.record.sent[0]!.data)).toBe('Hello.');
    await expect.poll(() => proxy.record.live.size).toBe(0);
    expect(proxy.record.left).toBe(0);
  });

  it('refuses, cuts, and sees who leaves', async () => {
    const proxy = await plainProxy();
    proxy.behave({ refuse: { status: 429, body: 'busy', headers: { 'retry-after': '7' } } });
    expect(await ask(proxy)).toEqual({ status: 429, bytes: 4 });
    proxy.behave({ pass: 1, next: 'cut' });
    await expect(ask(proxy)).rejects.toThrow();
    proxy.behave({ pass: 1 });
    const left = proxy.record.left;
    const controller = new AbortController();
    const answer = await fetch(proxy.url, { method: 'POST', body: 'Hello.', signal: controller.signal });
    expect(answer.status).toBe(200);
    controller.abort();
    await expect.poll(() => proxy.record.left).toBe(left + 1);
  });
});

/** The checks over HTTP: an adapter that has no time-outs, and says so little of itself, fails where that matters. */
describe('an adapter that gives whole answers of an HTTP service', () => {
  const waits = /dispose|missing end|never answer|traits|gives|HTTP/;
  const checks = conformanceChecks({
    name: 'plain',
    open: (url) => plainVoices(url),
    serve: servePlain,
    givesWhole: true,
    rawSound: true,
  });
  for (const { name, run, seconds } of checks.filter(({ name }) => !waits.test(name)))
    it(name, run, seconds * 1000);
});
