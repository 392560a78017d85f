/** The proxy itself: each fault is what it says. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { TcpFaultProxy } from '../../kit/tcp-fault-proxy.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Ends {
  readonly proxy: TcpFaultProxy;
  readonly client: Listener;
  readonly service: Listener;
}

/** A socket, what came over it, when, and how it ended. */
class Listener {
  readonly socket: Socket;
  readonly came: { readonly bytes: Buffer; readonly atMs: number }[] = [];
  ended = false;
  error: string | undefined;
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.came.push({ bytes, atMs: performance.now() }));
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    socket.on('close', () => {
      this.closed = true;
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.came.map(({ bytes }) => bytes));
  }

  async has(length: number): Promise<void> {
    await expect
      .poll(() => this.bytes.length, { timeout: 5_000, interval: 5 })
      .toBeGreaterThanOrEqual(length);
  }
}

async function join(seed?: number): Promise<Ends> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const proxy = await TcpFaultProxy.listen((server.address() as AddressInfo).port, seed);
  open.push(proxy);
  const taken = once(server, 'connection');
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  open.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  const [service] = (await taken) as [Socket];
  open.push({ close: () => service.destroy() });
  return { proxy, client: new Listener(socket), service: new Listener(service) };
}

/** Bytes that are nowhere like themselves for a while. */
function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 255));
}

describe('the TCP fault proxy', () => {
  it('passes everything as it is, both ways, and ends as the two do', async () => {
    const { proxy, client, service } = await join();
    const [up, down] = [bytesOf(1_500_000), bytesOf(900_001)];
    client.socket.end(up);
    service.socket.write(down);
    await client.has(down.length);
    await service.has(up.length);
    expect(service.bytes.equals(up)).toBe(true);
    expect(client.bytes.equals(down)).toBe(true);
    expect(proxy.passed).toEqual({ up: up.length, down: down.length });
    await expect.poll(() => service.ended).toBe(true);
    expect(client.ended).toBe(false);
    service.socket.end();
    await expect.poll(() => proxy.connections).toBe(0);
    expect([client.error, service.error]).toEqual([undefined, undefined]);
  });

  it('latency makes one way late, and not the other', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { latencyMs: 120 } });
    const started = performance.now();
    client.socket.write('up');
    service.socket.write('down');
    await service.has(2);
    await client.has(4);
    expect(service.came[0]!.atMs - started).toBeLessThan(100);
    expect(client.came[0]!.atMs - started).toBeGreaterThanOrEqual(119);
    expect(client.came[0]!.atMs - started).toBeLessThan(400);
  });

  it('jitter scatters what comes, and keeps its order', async () => {
    const { proxy, client, service } = await join(7);
    proxy.behave({ down: { jitterMs: 80 } });
    const sent: number[] = [];
    for (let nth = 0; nth < 20; nth++) {
      sent.push(performance.now());
      service.socket.write(Buffer.of(nth));
      await sleep(15);
    }
    await client.has(20);
    expect([...client.bytes]).toEqual(Array.from({ length: 20 }, (_, nth) => nth));
    const late = client.came.flatMap(({ bytes, atMs }) => [...bytes].map((nth) => atMs - sent[nth]!));
    expect(Math.max(...late)).toBeGreaterThan(50);
    expect(Math.min(...late)).toBeLessThan(30);
  });

  it('bandwidth lets so many bytes pass in a second, and makes the sender wait', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { bytesPerSecond: 400_000 } });
    const started = performance.now();
    const all = bytesOf(200_000);
    service.socket.write(all);
    await client.has(all.length);
    const seconds = (performance.now() - started) / 1_000;
    expect(seconds).toBeGreaterThan(0.44);
    expect(seconds).toBeLessThan(0.9);
    expect(client.bytes.equals(all)).toBe(true);
    proxy.behave({ down: { bytesPerSecond: 1_000 } });
    service.socket.write(Buffer.alloc(8_000_000));
    await sleep(200);
    expect(service.socket.writableLength).toBeGreaterThan(0);
  });

  it('a stall holds everything back, keeps the connection, and loses nothing', async () => {
    const { proxy, client, service } = await join();
    const all = bytesOf(16_000_000);
    proxy.behave({ down: { stall: true } });
    service.socket.write(all);
    client.socket.write('up');
    await service.has(2);
    await sleep(100);
    expect([client.bytes.length, client.closed, service.closed]).toEqual([0, false, false]);
    expect(service.socket.writableLength).toBeGreaterThan(0); // It is not the proxy that keeps it.
    proxy.behave({});
    await client.has(all.length);
    expect(client.bytes.equals(all)).toBe(true);
  });

  it('slices come apart', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { slice: { bytes: 7, gapMs: 2 } } });
    const all = bytesOf(500);
    const started = performance.now();
    service.socket.write(all);
    await client.has(all.length);
    expect(client.bytes.equals(all)).toBe(true);
    expect(client.came.length).toBeGreaterThan(40);
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it.each(['up', 'down'] as const)('a reset after so many bytes %s reaches both sides', async (way) => {
    const { proxy, client, service } = await join();
    proxy.behave({ [way]: { after: { bytes: 1_000, how: 'reset' } } });
    const [from, to] = way === 'up' ? [client, service] : [service, client];
    from.socket.write(bytesOf(5_000));
    await expect.poll(() => [client.error, service.error]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(to.bytes.length).toBe(1_000);
    expect(proxy.passed[way]).toBe(1_000);
    expect(proxy.connections).toBe(0);
  });

  it('an orderly end after so many bytes comes behind exactly those', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { after: { bytes: 1_234, how: 'close' } } });
    const all = bytesOf(5_000);
    service.socket.write(all);
    await expect.poll(() => client.ended).toBe(true);
    expect(client.bytes.equals(all.subarray(0, 1_234))).toBe(true);
    expect(client.error).toBeUndefined();
  });

  it('a half-close ends one way, and the other goes on', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { after: { bytes: 10, how: 'half-close' } } });
    service.socket.write(bytesOf(500));
    await expect.poll(() => client.ended).toBe(true);
    expect(client.bytes.length).toBe(10);
    client.socket.write('still there');
    await service.has(11);
    service.socket.write(bytesOf(500));
    await sleep(30);
    expect([client.bytes.length, client.closed, service.closed]).toEqual([10, false, false]);
  });

  it('a stall after so many bytes is over when other faults are set', async () => {
    const { proxy, client, service } = await join();
    proxy.behave({ down: { after: { bytes: 100, how: 'stall' } } });
    const all = bytesOf(500);
    service.socket.write(all);
    await client.has(100);
    await sleep(50);
    expect(client.bytes.length).toBe(100);
    proxy.behave({});
    await client.has(500);
    expect(client.bytes.equals(all)).toBe(true);
  });

  it('resets all connections when it is told to, and takes new ones', async () => {
    const { proxy, client, service } = await join();
    proxy.reset();
    await expect.poll(() => [client.error, service.error]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect([proxy.connections, proxy.taken]).toEqual([0, 1]);
  });
});
