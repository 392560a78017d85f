/** The own protocol, message by message. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/gateway/index.ts';
import { collect } from '../../kit/collect.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(options: Partial<GatewayOptions> = {}) {
  const source = toneVoices();
  const gateway = createGateway({ source, ...options });
  open.push(gateway);
  await gateway.listen({ port: 0 });
  return { gateway, source, port: gateway.address.port };
}

async function connect({ address }: Gateway, greets = true): Promise<SpeechClient> {
  const client = await SpeechClient.open(address.port, greets);
  open.push({ close: () => client.socket.terminate() });
  return client;
}

const TEXT = 'some people speak a lot';
const ALL = 16_000_000;

async function truth(text = TEXT) {
  return collect(toneVoices().speak({ text }, new AbortController().signal));
}

describe('a line', () => {
  it('comes with its beginning, its times and its sound, sample by sample', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 7, text: TEXT, credit: ALL });
    const end = await client.until('end', 7);
    const { samples, cues, words } = await truth();
    expect(client.samples(7)).toEqual(samples);
    expect(end).toEqual({ type: 'end', line: 7, samples: samples.length });
    expect(client.of('begin', 7)).toEqual([
      expect.objectContaining({
        origin: 'fresh',
        sampleRate: 44_100,
        from: 0,
        timing: 'service',
        share: expect.any(String),
      }),
    ]);
    expect(client.told.findIndex(({ line }) => line === 7)).toBe(
      client.told.findIndex(({ type }) => type === 'begin'),
    );
    expect(client.of('cues', 7).flatMap((each) => each.cues)).toHaveLength(cues.length);
    expect(client.of('words', 7).flatMap((each) => each.words)).toEqual(
      words.map(({ text, start, end, from, to }) => [text, start, end, from, to]),
    );
    const positions = client.of('sound', 7).map(({ position, before }) => [position, Number(before) / 2]);
    expect(positions.every(([position, before]) => position === before)).toBe(true);
  });

  it('sends never a byte of sound without credit', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: TEXT, credit: 0 });
    await client.until('begin', 1);
    let given = 0;
    for (const bytes of [1, 1, 999, 20_001, 4]) {
      await expect.poll(() => client.bytes(1), { timeout: 5_000 }).toBe(given - (given % 2));
      await sleep(30);
      expect(client.bytes(1)).toBe(given - (given % 2));
      client.tell({ type: 'credit', line: 1, bytes });
      given += bytes;
    }
    client.tell({ type: 'credit', line: 1, bytes: ALL });
    await client.until('end', 1);
    expect(client.samples(1)).toEqual((await truth()).samples);
  });

  it('does not hold up another that has credit', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: TEXT, credit: 0 });
    client.tell({ type: 'say', line: 2, text: 'another one', credit: ALL });
    await client.until('end', 2);
    expect(client.of('end', 1)).toEqual([]);
  });

  it('that is cancelled ends with an error, and nothing of it follows', async () => {
    const { gateway, source } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: '!hang on to this one', credit: ALL });
    await client.until('sound', 1);
    client.tell({ type: 'cancel', line: 1 });
    expect(await client.until('error', 1)).toMatchObject({ code: 'aborted' });
    const { length } = client.told;
    client.tell({ type: 'cancel', line: 1 });
    client.tell({ type: 'ping', at: 5 });
    expect(await client.until('pong')).toMatchObject({ at: 5, time: expect.any(Number) });
    expect(client.told).toHaveLength(length + 1);
    await client.when(() => (source.running === 0 ? true : undefined), 'the source to be told');
  });

  it('that fails tells why', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: TEXT, voice: 'nobody', credit: ALL });
    expect(await client.until('error', 1)).toMatchObject({ code: 'refused', refusal: 'request' });
    client.tell({ type: 'say', line: 2, text: ' ', credit: ALL });
    expect(await client.until('error', 2)).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('nothing to say'),
    });
    client.tell({ type: 'say', line: 3, text: 'x'.repeat(501), credit: ALL });
    expect(await client.until('error', 3)).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('500'),
    });
    client.tell({ type: 'say', line: 4, id: 'intro', credit: ALL });
    expect(await client.until('error', 4)).toMatchObject({ message: expect.stringContaining('"intro"') });
    client.tell({ type: 'join', line: 5, share: 'nothing', credit: ALL });
    expect(await client.until('error', 5)).toMatchObject({ code: 'refused' });
  });

  it('is made once for all who say it, and once for who prefetches it', async () => {
    const { gateway, source } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'prefetch', line: 1, text: TEXT });
    await client.until('ready', 1);
    expect(client.bytes(1)).toBe(0);
    client.tell({ type: 'say', line: 2, text: TEXT, credit: ALL });
    await client.until('end', 2);
    expect(client.of('begin', 2)).toEqual([expect.objectContaining({ origin: 'hit' })]);
    expect(source.requests).toHaveLength(1);
    expect(client.samples(2)).toEqual((await truth()).samples);
  });

  it('that was prefetched and is cancelled is made no more, however often somebody does so', async () => {
    const { gateway, source } = await serve();
    const [client, other] = [await connect(gateway), await connect(gateway)];
    const text = (line: number) => `!hang line ${line}`;
    other.tell({ type: 'prefetch', line: 1, text: text(1) });
    for (let line = 1; line <= 200; line++) {
      client.tell({ type: 'prefetch', line, text: text(line) });
      client.tell({ type: 'cancel', line });
    }
    client.tell({ type: 'say', line: 201, text: '!hang by another way', priority: 'prefetch', credit: 0 });
    client.tell({ type: 'cancel', line: 201 });
    await client.until('error', 201);
    expect(client.of('error').every(({ code }) => code === 'aborted')).toBe(true);
    await expect.poll(() => source.running).toBe(1); // The other still wants it.
    other.socket.terminate();
    await sleep(50);
    expect(source.running).toBe(1); // Who is gone has not taken it back.
  });

  it('is joined where it is asked for', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: TEXT, credit: ALL });
    const { share } = await client.until('begin', 1);
    await client.until('end', 1);
    client.tell({ type: 'join', line: 2, share, from: 0.5, credit: ALL });
    await client.until('end', 2);
    const { samples } = await truth();
    expect(client.of('begin', 2)).toEqual([expect.objectContaining({ from: 22_050, origin: 'hit' })]);
    expect(client.of('sound', 2)[0]).toMatchObject({ position: 22_050 });
    expect(client.samples(2)).toEqual(samples.slice(22_050));
    expect(client.of('end', 2)).toEqual([{ type: 'end', line: 2, samples: samples.length }]);
  });
});

describe('the handshake', () => {
  function answer(port: number, protocols: string[]): Promise<[number, string]> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/speech`, protocols);
    return new Promise((resolve) => {
      socket.on('open', () => {
        resolve([101, socket.protocol]);
        socket.terminate();
      });
      socket.on('unexpected-response', (_request, response) => {
        response.setEncoding('utf8').on('data', (body: string) => resolve([response.statusCode ?? 0, body]));
      });
      socket.on('error', () => {});
    });
  }

  it('chooses the version, and refuses who asks for none that there is', async () => {
    const { port } = await serve();
    expect(await answer(port, ['parley.v9', 'parley.v1'])).toEqual([101, 'parley.v1']);
    expect(await answer(port, ['parley.v9'])).toEqual([400, expect.stringContaining('parley.v1')]);
    expect(await answer(port, [])).toEqual([400, expect.stringContaining('parley.v1')]);
  });
});

describe('a line that is asked for wrongly', () => {
  it('is refused as every other, and is no breach of the protocol', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    for (let nth = 0; nth < 4; nth++) {
      const line = 3 * nth;
      client.tell({ type: 'say', line: line + 1, text: TEXT, speed: 99, credit: 0 });
      client.tell({ type: 'prefetch', line: line + 2 });
      client.tell({ type: 'join', line: line + 3, share: '', credit: 0 });
    }
    await client.until('error', 12);
    expect(client.of('error')).toHaveLength(12);
    expect(client.of('error', 1)).toEqual([
      {
        type: 'error',
        line: 1,
        code: 'refused',
        refusal: 'request',
        message: expect.stringContaining('speed: expected a number from 0.1 to 10, got 99'),
      },
    ]);
    client.tell({ type: 'credit', line: 1, bytes: -1 }); // No line is asked for with it.
    expect(await client.when(() => client.of('error')[12])).not.toHaveProperty('line');
    client.tell({ type: 'say', line: 100, text: TEXT, credit: ALL });
    await client.until('end', 100);
  });
});

describe('whoever breaks the protocol', () => {
  it('is told, and closed after the tenth time', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    client.tell({ type: 'say', line: 1, text: '!hang on to this one', credit: ALL });
    await client.until('begin', 1);
    client.tell({ type: 'say', line: 1, text: 'again', credit: 0 });
    expect(await client.until('error')).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('1 again'),
    });
    for (let nth = 2; nth <= 9; nth++) client.socket.send(nth % 2 ? 'nonsense' : Buffer.from([1, 2, 3]));
    await client.when(() => (client.of('error').length === 9 ? true : undefined));
    client.tell({ type: 'ping', at: 1 });
    await client.until('pong');
    expect(client.closed).toBeUndefined();
    client.socket.send('{"type":"hello","codecs":["pcm"]}');
    expect(await client.when(() => client.closed)).toMatchObject({ code: 1008 });
  });

  it('cannot speak before hello, nor send more than 16 KiB', async () => {
    const { gateway } = await serve();
    const client = await connect(gateway);
    const early = await connect(gateway, false);
    early.tell({ type: 'say', line: 1, text: 'too early', credit: 0 });
    expect(await early.until('error')).toMatchObject({ message: expect.stringContaining('a hello first') });
    client.tell({ type: 'say', line: 1, text: 'x'.repeat(17_000), credit: 0 });
    expect(await client.when(() => client.closed)).toMatchObject({ code: 1009 });
  });
});

describe('a client that comes back', () => {
  it('goes on with what it names, from where it was, and with nothing else', async () => {
    const { gateway, source } = await serve();
    const first = await connect(gateway);
    const { session, secret } = await first.until('welcome');
    first.tell({ type: 'say', line: 1, text: TEXT, credit: 20_000 });
    first.tell({ type: 'say', line: 2, text: '!hang on to this one', credit: ALL });
    await first.until('sound', 2);
    await first.when(() => (first.bytes(1) === 20_000 ? true : undefined));
    // The old connection still seems open.
    const [cues, words] = [first.of('cues', 1), first.of('words', 1)].map((of) =>
      of.flatMap((each) => (each.cues ?? each.words) as unknown[]),
    );
    const held = { line: 1, samples: 10_000, cues: cues!.length, words: words!.length };
    const second = await connect(gateway, false);
    second.tell({ type: 'hello', codecs: ['pcm'], resume: { session, secret, lines: [held] } });
    expect(await second.until('welcome')).toMatchObject({ session, resumed: [1] });
    await first.when(() => first.closed);
    second.tell({ type: 'ping', at: 1 });
    await second.until('pong');
    expect(second.bytes(1)).toBe(0);
    second.tell({ type: 'credit', line: 1, bytes: ALL });
    await second.until('end', 1);
    const { samples } = await truth();
    expect(first.samples(1).concat(second.samples(1))).toEqual(samples);
    expect([second.of('begin'), second.of('cues'), second.of('words')]).toEqual([[], [], []]);
    await second.when(() => (source.running === 0 ? true : undefined), 'the other line to be cancelled');
  });

  it('hears the end again, unless it has said that it knows it', async () => {
    const { gateway } = await serve();
    const first = await connect(gateway);
    const { session, secret } = await first.until('welcome');
    first.tell({ type: 'say', line: 1, text: 'one', credit: ALL });
    first.tell({ type: 'say', line: 2, text: 'two', credit: ALL });
    const [{ samples: one }] = [await first.until('end', 1), await first.until('end', 2)];
    first.tell({ type: 'done', line: 2 });
    first.tell({ type: 'ping', at: 1 });
    await first.until('pong');
    first.socket.terminate();
    const second = await connect(gateway, false);
    const lines = [1, 2].map((line) => ({ line, samples: one, cues: 99, words: 99 }));
    second.tell({ type: 'hello', codecs: ['pcm'], resume: { session, secret, lines } });
    expect(await second.until('welcome')).toMatchObject({ resumed: [1] });
    expect(await second.until('end', 1)).toMatchObject({ samples: one });
    expect(second.bytes(1)).toBe(0);
  });

  it('finds of long lines that are over the latest, which take no more memory than is right', async () => {
    const { gateway } = await serve();
    const first = await connect(gateway);
    const lines = [1, 2, 3, 4, 5];
    // Twenty seconds each, of 1.8 MB.
    for (const line of lines) await first.say(line, `${line} `.padEnd(333, 'la '));
    const { session, secret } = first.of('welcome')[0]!;
    first.socket.terminate();
    const second = await connect(gateway, false);
    const place = { samples: 441_000, cues: 0, words: 0 };
    const held = lines.map((line) => ({ line, ...place }));
    second.tell({ type: 'hello', codecs: ['pcm'], resume: { session, secret, lines: held } });
    expect((await second.until('welcome')).resumed).toEqual([4, 5]);
  });

  it('with a wrong secret gets a session of its own', async () => {
    const { gateway } = await serve();
    const first = await connect(gateway);
    const { session, secret } = await first.until('welcome');
    first.tell({ type: 'say', line: 1, text: TEXT, credit: 0 });
    await first.until('begin', 1);
    for (const wrong of [`${secret}x`, String(session), 'ü'.repeat(32)]) {
      const thief = await connect(gateway, false);
      const lines = [{ line: 1, samples: 0, cues: 0, words: 0 }];
      thief.tell({ type: 'hello', codecs: ['pcm'], resume: { session, secret: wrong, lines } });
      const welcome = await thief.until('welcome');
      expect(welcome.resumed).toEqual([]);
      expect(welcome.session).not.toBe(session);
    }
    expect(first.closed).toBeUndefined();
  });
});
