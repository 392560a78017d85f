/** `gatewayVoices` against the gateway. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createGateway,
  type GatewayOptions,
  openNodeSocket,
  type TicketGrant,
} from '../../src/gateway/index.ts';
import type { SpeechRequest } from '../../src/speech/source.ts';
import {
  type GatewayLineInfo,
  type GatewayVoicesOptions,
  gatewayVoices,
} from '../../src/voices/gateway/gateway-voices.ts';
import { collect } from '../kit/collect.ts';
import { toneVoices } from '../kit/tone-voices.ts';

const TEXT = 'some people speak a lot';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(options: Partial<GatewayOptions> = {}) {
  const source = toneVoices();
  const gateway = createGateway({ source, ...options });
  open.push(gateway);
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  const url = `ws://127.0.0.1:${port}/v1/speech`;
  const speaker = (more: GatewayVoicesOptions = {}) => {
    const voices = gatewayVoices(url, { openSocket: openNodeSocket, ...more });
    open.push({ close: () => voices.dispose() });
    return voices;
  };
  const connections = async () =>
    ((await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as { connections: number }).connections;
  return { gateway, source, port, speaker, connections };
}

function say(
  voices: ReturnType<typeof gatewayVoices>,
  request: SpeechRequest,
  signal = new AbortController().signal,
) {
  return collect(voices.speak(request, signal));
}

const truthOf = (text: string) => say(toneVoices() as never, { text });

describe('options', () => {
  it.each([
    [{ sound: 'mp3' }, /^sound: expected one of opus, pcm, got "mp3"/],
    [{ tickets: () => '' }, /^gatewayVoices: expected options that there are \(ticket, .*got "tickets"/],
    [{ ticket: 'eyJ' }, /^ticket: expected a function, got "eyJ"/],
    [{ onLine: true }, /^onLine: expected a function, got true/],
    [{ priorityOf: 'player' }, /^priorityOf: expected a function/],
    [{ idOf: {} }, /^idOf: expected a function, got an object/],
    [{ openSocket: 1 }, /^openSocket: expected a function, got 1/],
    [{ apiKey: 1 }, /^apiKey: expected a string, got 1/],
    [{ timeouts: { stal: 1 } }, /^timeouts: expected options that there are .*got "stal"/],
    [{ timeouts: { stall: '5' } }, /^timeouts.stall: expected seconds/],
  ])('that cannot be are told by name: %o', (options, told) => {
    expect(() => gatewayVoices('ws://127.0.0.1:1/v1/speech', options as never)).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(told) }),
    );
  });
});

describe('lines over a gateway', () => {
  it("are the source's own, many at once on one connection", async () => {
    const { speaker, connections } = await serve();
    const voices = speaker();
    const texts = Array.from({ length: 40 }, (_, nth) => `line number ${nth} of many`);
    const lines = await Promise.all(texts.map((text) => say(voices, { text })));
    expect(await connections()).toBe(1);
    for (const [nth, line] of lines.entries()) {
      const truth = await truthOf(texts[nth]!);
      expect(line.error).toBeUndefined();
      expect(line.samples.length).toBe(truth.samples.length);
      expect(line.samples.every((sample, at) => sample === truth.samples[at])).toBe(true);
      expect([line.cues, line.words]).toEqual([truth.cues, truth.words]);
    }
  });

  it('tell of themselves', async () => {
    const { speaker } = await serve();
    const told: [GatewayLineInfo, SpeechRequest][] = [];
    const voices = speaker({ onLine: (...each) => told.push(each) });
    const begun = performance.now();
    await say(voices, { text: TEXT });
    await say(voices, { text: TEXT, voice: 'F1' });
    expect(told.map(([{ origin }, { text }]) => [origin, text])).toEqual([
      ['fresh', TEXT],
      ['fresh', TEXT],
    ]);
    const [{ startedAt, errorMs, timing }] = told[0]!;
    expect(startedAt! + errorMs!).toBeGreaterThan(begun);
    expect(startedAt! - errorMs!).toBeLessThan(performance.now());
    expect([timing, voices.timing]).toEqual([toneVoices().timing, toneVoices().timing]);
    const offsetMs = voices.clockOffset!.offsetMs - performance.timeOrigin; // The gateway counts from 1970.
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(voices.clockOffset!.errorMs + 1);
  });

  it('go on whatever is thrown by who is told of them', async () => {
    const { speaker } = await serve();
    const thrown: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const fault = new Error('of the game');
      const onLine = () => {
        throw fault;
      };
      expect((await say(speaker({ onLine }), { text: TEXT })).error).toBeUndefined();
      expect(thrown).toEqual([fault]);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of before) process.on('uncaughtException', listener);
    }
  });

  it('are joined by others where those are who began, in a line time of their own', async () => {
    const { speaker, source } = await serve();
    let share = '';
    const first = speaker({
      onLine: (info) => {
        share = info.share;
      },
    });
    const others = speaker();
    await say(first, { text: TEXT });
    const late = await collect(others.join(share, { text: TEXT, from: 0.3 }).parts());
    const truth = await truthOf(TEXT);
    const from = Math.round(0.3 * 44_100);
    expect(late.samples).toEqual(truth.samples.slice(from));
    expect(late.words.map(({ text }) => text)).toEqual(
      truth.words.filter(({ end }) => end > 0.3).map(({ text }) => text),
    );
    expect(late.words[0]!.start).toBe(0);
    expect(late.words.at(-1)!.start).toBeCloseTo(truth.words.at(-1)!.start - 0.3, 9);
    expect(source.requests).toHaveLength(1);
    const now = await collect(others.join(share).parts());
    expect(truth.samples.join()).toContain(now.samples.slice(0, 2_000).join());
    expect(now.samples.length).toBeGreaterThan(0);
    const none = await collect(others.join('nothing').parts());
    expect(none.error).toMatchObject({ code: 'refused', refusal: 'request' });
  });

  it('are made in advance', async () => {
    const { speaker, source } = await serve();
    const voices = speaker();
    await voices.prefetch({ text: TEXT });
    expect(source.running).toBe(0);
    expect((await say(voices, { text: TEXT })).samples).toEqual((await truthOf(TEXT)).samples);
    expect(source.requests).toHaveLength(1);
    await expect(voices.prefetch({ text: '!refuse this' })).rejects.toMatchObject({
      code: expect.any(String),
    });
  });

  it('wait for a slow reader, who holds up no other', async () => {
    const { speaker } = await serve();
    const voices = speaker();
    const slow = voices.speak({ text: TEXT.repeat(8) }, new AbortController().signal)[Symbol.asyncIterator]();
    await slow.next();
    expect((await say(voices, { text: TEXT })).error).toBeUndefined();
    await slow.return?.();
  });

  it('are cancelled at the gateway, and the connection stays', async () => {
    const { speaker, source, connections } = await serve();
    const voices = speaker();
    const abort = new AbortController();
    const line = say(voices, { text: '!hang on to this one' }, abort.signal);
    while (source.running === 0) await sleep(5);
    abort.abort();
    expect((await line).error).toMatchObject({ code: 'aborted' });
    while (source.running > 0) await sleep(5);
    expect((await say(voices, { text: TEXT })).error).toBeUndefined();
    expect(await connections()).toBe(1);
  });

  it('fail as the gateway says', async () => {
    const { speaker } = await serve();
    const voices = speaker();
    const refused = await say(voices, { text: TEXT, voice: 'nobody' });
    expect(refused.error).toMatchObject({
      code: 'refused',
      refusal: 'request',
      message: expect.stringContaining('"nobody"'),
    });
    const long = await say(voices, { text: 'x'.repeat(501) });
    expect(long.error).toMatchObject({ code: 'refused', message: expect.stringContaining('500') });
    const unlisted = await say(speaker({ idOf: () => 'intro' }), { text: TEXT });
    expect(unlisted.error).toMatchObject({ code: 'refused', message: expect.stringContaining('"intro"') });
  });

  it('that cannot be asked for fail alone, and nothing happens to the others', async () => {
    const { speaker, connections } = await serve();
    const voices = speaker();
    const other = say(voices, { text: '!another line that goes on for a while' });
    const wrong: [Partial<SpeechRequest>, string][] = [
      [{ speed: 11 }, 'speed'],
      [{ speed: Number.NaN }, 'speed'],
      [{ voice: '' }, 'voice'],
      [{ voice: 'x'.repeat(201) }, 'voice'],
      [{ lang: 5 as never }, 'lang'],
      [{ text: 'x'.repeat(20_000) }, 'a message'],
    ];
    for (const [request, told] of [...wrong, ...wrong]) {
      const { error } = await say(voices, { text: TEXT, ...request });
      expect(error).toMatchObject({
        code: 'refused',
        refusal: 'request',
        message: expect.stringContaining(told),
      });
    }
    for (const reply of [voices.join(''), voices.join('none', { from: -1 })]) {
      expect((await collect(reply.parts())).error).toMatchObject({ code: 'refused', refusal: 'request' });
    }
    expect((await other).error).toBeUndefined();
    expect(await connections()).toBe(1);
  });
});

describe('with tickets', () => {
  function ticketed(grant: TicketGrant) {
    return serve({ tickets: { secret: randomBytes(32), authenticate: () => grant } });
  }

  async function fetchTicket(port: number): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST' });
    return ((await answer.json()) as { ticket: string }).ticket;
  }

  it('each connection shows one of its own', async () => {
    const { port, speaker } = await ticketed({ user: 'ada', scopes: { freeText: true } });
    let asked = 0;
    const ticket = () => {
      asked++;
      return fetchTicket(port);
    };
    for (let nth = 1; nth <= 2; nth++) {
      const voices = speaker({ ticket });
      expect((await say(voices, { text: TEXT })).error).toBeUndefined();
      expect((await say(voices, { text: 'once more' })).error).toBeUndefined();
      expect(asked).toBe(nth);
    }
    const none = await say(speaker(), { text: TEXT });
    expect(none.error).toMatchObject({ code: 'refused', refusal: 'key' });
  });

  it('only what they allow is spoken', async () => {
    const { port, speaker } = await ticketed({
      user: 'ada',
      scopes: { freeText: true, characters: 30, voices: ['F1'] },
    });
    const voices = speaker({ ticket: () => fetchTicket(port) });
    expect((await say(voices, { text: TEXT })).error).toMatchObject({ code: 'refused', refusal: 'request' });
    expect((await say(voices, { text: TEXT, voice: 'F1' })).error).toBeUndefined();
    expect((await say(voices, { text: 'and some more', voice: 'F1' })).error).toMatchObject({
      code: 'refused',
      refusal: 'busy',
    });
    // What is kept costs nothing.
    expect((await say(voices, { text: TEXT, voice: 'F1' })).error).toBeUndefined();
    const listed = await ticketed({ user: 'bea', scopes: {} });
    const pages = listed.speaker({ ticket: () => fetchTicket(listed.port) });
    expect((await say(pages, { text: TEXT })).error).toMatchObject({
      message: expect.stringContaining('no free text'),
    });
  });

  it('no more is heard than they allow', async () => {
    const { port, speaker } = await ticketed({ user: 'ada', scopes: { freeText: true, seconds: 0.9 } });
    const line = await say(speaker({ ticket: () => fetchTicket(port) }), { text: TEXT });
    expect(line.error).toMatchObject({ code: 'refused', message: expect.stringContaining('seconds') });
    expect(line.samples.length).toBeLessThanOrEqual(0.9 * 44_100);
    expect(line.samples.length).toBeGreaterThan(0.7 * 44_100);
  });
});
