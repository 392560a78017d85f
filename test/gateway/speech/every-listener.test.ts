/** What listeners get over `/v1/speech`, held against what the service sent; and that every line ends once. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway, openNodeSocket, poolVoices } from '../../../src/gateway/index.ts';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { lokutorVoices } from '../../../src/voices/lokutor/lokutor-voices.ts';
import { type Script, startScripted } from '../../kit/scripted-server.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const CREDIT = 10_000_000;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function gatewayOf(source: VoiceSource): Promise<Gateway> {
  const gateway = createGateway({ source, onError: () => {} });
  closing.push(() => gateway.close());
  await gateway.listen({ port: 0 });
  return gateway;
}

async function clientOf({ address }: Gateway): Promise<SpeechClient> {
  const client = await SpeechClient.open(address.port);
  closing.push(() => client.socket.terminate());
  return client;
}

/** A gateway before a service that plays a script. */
async function gatewayBefore(script: Script) {
  const service = await startScripted(script);
  closing.push(() => service.close());
  const timeouts = { connect: 2, firstAudio: 2, stall: 2 };
  const source = lokutorVoices({ url: service.url, apiKey: 'k', openSocket: openNodeSocket, timeouts });
  const pool = poolVoices({ services: [{ source }], coolDownSeconds: 0 });
  closing.push(() => pool.dispose());
  return { service, gateway: await gatewayOf(pool) };
}

/** Bytes that are nowhere alike: 88,000, a second of sound. */
const NOISE = Buffer.concat(
  Array.from({ length: 2_750 }, (_, at) => createHash('sha256').update(`${at}`).digest()),
);

/** Sends them in pieces of any length, odd ones too. */
async function pieces(socket: Parameters<Script>[0], bytes: Buffer): Promise<void> {
  let at = 0;
  for (let nth = 0; at < bytes.length; nth++) {
    const size = 1 + ((nth * 7_919) % 4_801);
    socket.send(bytes.subarray(at, at + size));
    at += size;
    await sleep(8);
  }
}

const bytesOf = (client: SpeechClient, line: number) => Buffer.concat(client.sound.get(line) ?? []);

/** The last words on a line. */
const endings = (client: SpeechClient, line: number) =>
  client.told.filter((each) => each.line === line && /^(end|error|ready)$/.test(each.type));

describe('each of many listeners', () => {
  it('gets the very bytes of the service, from the first one, however late', async () => {
    const { service, gateway } = await gatewayBefore(async (socket) => {
      await pieces(socket, NOISE);
      socket.send('EOS');
    });
    const clients = await Promise.all(Array.from({ length: 12 }, () => clientOf(gateway)));
    const late = await Promise.all(Array.from({ length: 12 }, () => clientOf(gateway)));
    for (const client of clients)
      client.tell({ type: 'say', line: 1, text: 'To all of you.', credit: CREDIT });
    const { share } = await clients[0]!.until('begin', 1);
    for (const [at, client] of late.entries()) {
      await sleep(10);
      if (at % 3 === 0) client.tell({ type: 'say', line: 1, text: 'To all of you.', credit: CREDIT });
      else client.tell({ type: 'join', line: 1, share, from: 0, credit: CREDIT });
    }
    await Promise.all([...clients, ...late].map((client) => client.until('end', 1)));
    for (const client of [...clients, ...late]) {
      expect(bytesOf(client, 1).equals(NOISE)).toBe(true);
      expect(client.of('end', 1)).toMatchObject([{ samples: NOISE.length / 2 }]);
    }
    expect(service.requests).toHaveLength(1);
  });

  it.each<[string, number, number, boolean]>([
    ['before its first byte, so that it is asked for again', 0, 2, true],
    ['in its midst', 30_000, 1, false],
    ['after its last byte, before it says that this was all', NOISE.length, 1, false],
  ])('has what came of a line whose service is cut off %s', async (_, cut, requests, whole) => {
    const { service, gateway } = await gatewayBefore(async (socket, _request, nth) => {
      if (nth > 0) {
        await pieces(socket, NOISE);
        socket.send('EOS');
        return;
      }
      await pieces(socket, NOISE.subarray(0, cut));
      await sleep(20); // What was sent is there before the end.
      socket.terminate();
    });
    const clients = await Promise.all(Array.from({ length: 6 }, () => clientOf(gateway)));
    for (const client of clients)
      client.tell({ type: 'say', line: 1, text: 'To all of you.', credit: CREDIT });
    for (const client of clients) {
      await client.when(() => endings(client, 1)[0], 'an end');
      const expected = whole ? NOISE : NOISE.subarray(0, cut);
      expect(bytesOf(client, 1).equals(expected)).toBe(true);
      expect(endings(client, 1)).toMatchObject([
        whole ? { type: 'end' } : { type: 'error', code: 'closed-early' },
      ]);
    }
    expect(service.requests).toHaveLength(requests);
  });
});

/** What a client may do, and after how many ms. */
const act = fc.record({
  does: fc.constantFrom('say', 'say', 'say', 'prefetch', 'cancel', 'credit', 'done'),
  line: fc.integer({ min: 1, max: 6 }),
  text: fc.constantFrom(
    'Short.',
    'A line that is somewhat longer.',
    '!refuse it',
    '!break after half',
    '!hang on',
    'Q'.repeat(400),
  ),
  credit: fc.constantFrom(0, 3_000, 200_000, CREDIT),
  wait: fc.integer({ min: 0, max: 12 }),
});

it('every line that is asked for ends once, soon where it is cancelled, and nothing of it follows', async () => {
  const gateway = await gatewayOf(toneVoices());
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 24 }), async (acts) => {
      const client = await clientOf(gateway);
      const asked = new Set<number>();
      for (const { does, line, text, credit, wait } of acts) {
        if (does === 'say' || does === 'prefetch') {
          if (asked.has(line)) continue;
          asked.add(line);
          client.tell({ type: does, line, text, ...(does === 'say' && { credit }) });
        } else client.tell({ type: does, line, ...(does === 'credit' && { bytes: credit }) });
        await sleep(wait);
      }
      // Whatever still runs is cancelled, and ends within 200 ms of a machine that has nothing else to do.
      for (const line of asked) client.tell({ type: 'cancel', line });
      const began = performance.now();
      await client.when(
        () => ([...asked].every((line) => endings(client, line).length > 0) ? true : undefined),
        'all ends',
      );
      expect(performance.now() - began).toBeLessThan(2_000);
      await sleep(200);
      for (const line of asked) {
        expect(endings(client, line)).toHaveLength(1);
        const about = client.told.filter((each) => each.line === line);
        expect(about.at(-1)).toBe(endings(client, line)[0]);
      }
      client.socket.terminate();
    }),
    { numRuns: process.env.PARLEY_LONG ? 200 : 15, seed: 4 },
  );
}, 90_000);
