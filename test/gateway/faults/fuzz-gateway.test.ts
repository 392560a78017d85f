/** Clients that send what no client should: the gateway lives, leaks nothing, and nobody else notices. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DialectClient } from '../../kit/dialect-client.ts';
import { Mutator } from '../../kit/mutator.ts';
import { memoryInUse } from '../lines/desk-kit.ts';
import { type Stage, stage } from './fault-kit.ts';

/** Bad inputs of all kinds are 3,000; with those of the other fuzzers 100,000 and more in the long form. */
const TIMES = process.env.PARLEY_LONG ? 25 : 1;

/** Bad messages on one connection, and connections at a time. */
const TOGETHER = 25;
const WIDTH = 8;

const SPEECH = [
  { type: 'hello', codecs: ['pcm'] },
  { type: 'say', line: 1, text: 'some people', voice: 'F1', speed: 2, priority: 'player', credit: 20_000 },
  { type: 'say', line: 2, id: 'intro', credit: 20_000 },
  { type: 'prefetch', line: 3, text: 'others', lang: 'en' },
  { type: 'join', line: 4, share: 'abcdefgh', from: 0.5, credit: 4_000 },
  { type: 'credit', line: 1, bytes: 20_000 },
  { type: 'cancel', line: 1 },
  { type: 'done', line: 1 },
  { type: 'ping', at: 12.5 },
  {
    type: 'hello',
    codecs: ['pcm'],
    resume: { session: 'abc', secret: 'def', lines: [{ line: 1, samples: 0, cues: 0, words: 0 }] },
  },
];

const LOKUTOR = [
  {
    text: 'some people',
    voice: 'F1',
    lang: 'en',
    speed: 1.05,
    steps: 5,
    version: 'versa-1.0',
    visemes: true,
  },
  { text: 'others' },
];

const LIGHTNING = [
  {
    voice_id: 'F1',
    text: 'some people',
    sample_rate: 8_000,
    speed: 1,
    continue: true,
    max_buffer_flush_ms: 5,
  },
  {
    voice_id: 'F1',
    text: 'others',
    flush: true,
    word_timestamps: true,
    request_id: 'r',
    output_format: 'wav',
  },
  { text: ' ', flush: true },
];

/** Runs so many of something, `WIDTH` at a time. */
async function often(times: number, run: () => Promise<void>): Promise<void> {
  let left = times;
  const lane = async () => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
}

/** One client that opens with what is right and goes on with what is not; the gateway must answer its ping, or close. */
async function spoil(port: number, path: string, good: readonly object[], mutator: Mutator): Promise<void> {
  const own = path === '/v1/speech';
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, own ? ['parley.v1'] : []);
  socket.on('error', () => {}); // `close` follows.
  await once(socket, 'open');
  const over = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('pong', () => resolve());
  });
  if (own && mutator.random() < 0.9) socket.send(JSON.stringify(good[0]));
  for (let nth = 0; nth < TOGETHER; nth++) {
    const text = mutator.text(mutator.pick(good));
    if (mutator.random() < 0.1) socket.send(mutator.bytes(Buffer.from(text)));
    else socket.send(text);
  }
  socket.ping();
  const late = new AbortController();
  await Promise.race([
    over,
    sleep(8_000, undefined, late).then(() => expect.fail(`${path} answers no more`)),
  ]);
  late.abort();
  if (mutator.random() < 0.5) socket.close();
  else socket.terminate();
}

/** Sends bytes as they are, and reads what comes for a while. */
async function hurl(port: number, ...bytes: Buffer[]): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  socket.resume();
  for (const piece of bytes) {
    socket.write(piece);
    await sleep(4);
  }
  await Promise.race([once(socket, 'close'), sleep(10)]);
  socket.destroy();
}

/** A client's frame: final, masked with zeros. */
function frameOf(payload: Buffer, opcode = 1, bits = 0x80): Buffer {
  const short = payload.length < 126;
  const head = Buffer.alloc(short ? 6 : 8);
  head[0] = bits | opcode;
  head[1] = 0x80 | (short ? payload.length : 126);
  if (!short) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

const UPGRADE = (path: string, protocols: string) =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${protocols}\r\n\r\n`,
  );

const TICKET = `eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.${'QUJD'.repeat(12)}.${'REVG'.repeat(10)}`;

const REQUESTS = [
  Buffer.from(
    'POST /v1/ticket HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost\r\nContent-Length: 9\r\n\r\n{"a":"b"}',
  ),
  Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc\r\n\r\n'),
  Buffer.from('GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\n\r\n'),
  Buffer.from('OPTIONS /v1/ticket HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:80\r\n\r\n'),
  UPGRADE('/v1/speech', `parley.v1, parley.ticket.${TICKET}`),
  UPGRADE('/ws?api_key=abc', 'x'),
];

/** What goes on beside: lines of the own protocol and of a dialect, all of them exact; nothing is left over. */
async function amid(on: Stage, ticketless: boolean, storm: (port: number) => Promise<void>): Promise<void> {
  const { port } = on.gateway.address;
  const leave = ticketless ? on.bystander() : async () => 1;
  const client = await DialectClient.open(`ws://127.0.0.1:${port}/ws`);
  const request = { text: 'spoken beside them', voice: 'F1', speed: 2 };
  const { pcm } = await client.ask(request);
  expect(pcm.length).toBeGreaterThan(10_000);
  let over = false;
  const beside = (async () => {
    let lines = 0;
    for (; !over; lines++) {
      expect((await client.ask(request)).pcm.equals(pcm)).toBe(true);
      await sleep(5);
    }
    return lines;
  })();
  await storm(port); // The first time fills what is filled once.
  const before = await memoryInUse();
  await storm(port);
  over = true;
  expect(await beside).toBeGreaterThan(2);
  expect(await leave()).toBeGreaterThan(0);
  client.close();
  await expect.poll(() => on.source.running, { timeout: 5_000 }).toBe(0);
  const health = async () => (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as object;
  await expect
    .poll(health, { timeout: 5_000 })
    .toMatchObject({ status: 'ok', connections: ticketless ? 1 : 0 });
  on.source.requests.length = 0;
  expect((await memoryInUse()) - before).toBeLessThan(6_000_000);
  expect(on.faults).toEqual([]);
}

describe('a gateway among clients that send', () => {
  it.each([
    ['/v1/speech', SPEECH, 48],
    ['/ws', LOKUTOR, 12],
    ['/waves/v1/lightning-v2/get_speech/stream', LIGHTNING, 8],
    ['/waves/v1/tts/live', LIGHTNING, 8],
  ] as const)('bad messages to %s', async (path, good, times) => {
    const on = await stage(1, { units: 200 });
    const mutator = new Mutator(11);
    await amid(on, true, (port) => often((times * TIMES) / 2, () => spoil(port, path, good, mutator)));
  });

  it('bad frames', async () => {
    const on = await stage(1, { units: 200 });
    const mutator = new Mutator(12);
    const text = () => Buffer.from(JSON.stringify(mutator.pick(SPEECH)));
    const frames = () =>
      Buffer.concat([
        frameOf(text()),
        mutator.bytes(frameOf(text(), mutator.below(16), mutator.pick([0x80, 0, 0xc0, 0xf0]))),
        frameOf(mutator.noise(mutator.below(300)), mutator.pick([1, 2, 8, 9, 10])),
      ]);
    await amid(on, true, (port) =>
      often(250 * TIMES, () => hurl(port, UPGRADE('/v1/speech', 'parley.v1'), frames(), frames())),
    );
  });

  it('bad requests and tickets', async () => {
    const tickets = {
      secret: 'a secret of this gateway, as long as it has to be',
      authenticate: async () => ({ user: 'someone', scopes: { freeText: true } }),
    };
    const on = await stage(1, { units: 200, tickets });
    const mutator = new Mutator(13);
    await amid(on, false, (port) =>
      often(250 * TIMES, () =>
        hurl(port, mutator.bytes(mutator.pick(REQUESTS)), mutator.noise(mutator.below(40))),
      ),
    );
  });
});
