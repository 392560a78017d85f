/**
 * A WebSocket proxy that breaks streams on purpose: `tsx fault-proxy.ts ws://127.0.0.1:8790/ws`.
 * Prints `fault proxy listening on ws://HOST:PORT`. What is broken is chosen by the URL that the client opens:
 * `?fault=kill|garbage|err|no-eos|odd|stall&after=N`, where N counts the audio frames passed on first (default 10),
 * and what is late by `slow-network.ts`: `?jitter=120&stall=400&stalls=200,450&seed=1`, for each answer anew.
 */
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { SlowNetwork, slownessOf } from './slow-network.ts';

const upstreamUrl = process.argv[2];
if (!upstreamUrl) throw new Error('Expected the URL of the server behind the proxy.');

/** Bytes in one frame of the `odd` fault: no multiple of a sample's two bytes. */
const ODD_BYTES = 777;

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

server.on('connection', (client, request) => {
  const query = new URL(request.url ?? '/', 'ws://proxy').searchParams;
  const fault = query.get('fault') ?? 'none';
  const after = Number(query.get('after') ?? 10);
  const slowness = slownessOf(query);
  let network = new SlowNetwork(slowness);
  let answers = 0;
  const upstream = new WebSocket(upstreamUrl);
  const early: string[] = [];
  let passed = 0;
  let broken = false;
  let ended = false;
  let odd = Buffer.alloc(0);
  const waiting: { data: RawData; binary: boolean }[] = [];

  function passAudio(bytes: Buffer): void {
    if (fault !== 'odd') {
      client.send(bytes);
      return;
    }
    odd = Buffer.concat([odd, bytes]);
    while (odd.length > ODD_BYTES) {
      client.send(odd.subarray(0, ODD_BYTES));
      odd = odd.subarray(ODD_BYTES);
    }
  }

  function breakStream(): void {
    broken = true;
    if (fault === 'kill') client.terminate();
    if (fault === 'err') client.send('ERR: the voice is on strike');
    if (fault === 'garbage') client.send('{"this is": not JSON at all');
  }

  upstream.on('open', () => {
    for (const text of early.splice(0)) upstream.send(text);
  });
  upstream.on('message', (data, binary) => {
    const waitMs = network.releaseMs(performance.now(), binary) - performance.now();
    // Timers of one length keep their order, but not those of different ones: what is due is sent in the order it came.
    waiting.push({ data, binary });
    if (waitMs < 1 && waiting.length === 1) passNext();
    else setTimeout(passNext, waitMs);
  });

  function passNext(): void {
    const { data, binary } = waiting.shift()!;
    pass(data, binary);
    if (ended && waiting.length === 0) client.close();
  }

  function pass(data: RawData, binary: boolean): void {
    if (broken) return;
    if (binary) {
      passAudio(toBuffer(data));
      passed++;
      if (passed >= after && ['kill', 'garbage', 'err', 'stall'].includes(fault)) breakStream();
      return;
    }
    const text = toBuffer(data).toString();
    if (text === 'EOS') {
      if (odd.length > 0) client.send(odd);
      odd = Buffer.alloc(0);
      if (fault === 'no-eos') return;
    }
    client.send(text);
  }

  client.on('message', (data) => {
    network = new SlowNetwork({ ...slowness, seed: (slowness.seed ?? 1) + answers++ });
    const text = toBuffer(data).toString();
    if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
    else early.push(text);
  });
  const end = () => {
    ended = true;
    if (waiting.length === 0) client.close();
  };
  upstream.on('close', end);
  upstream.on('error', end);
  client.on('close', () => upstream.close());
  client.on('error', () => upstream.close());
});

server.on('listening', () => {
  const address = server.address();
  if (typeof address === 'object' && address)
    console.log(`fault proxy listening on ws://127.0.0.1:${address.port}`);
});
