import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createLog, GatewayKeys, memoryStore, type Store } from '../../../src/gateway/index.ts';
import { healthOf } from '../../../src/gateway/operation/health.ts';
import { ParleyError, SpeechError } from '../../../src/speech/errors.ts';
import { DialectClient } from '../../kit/dialect-client.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { fetchTicket, GAME, openGateway, SECRET, shakeHands } from '../tickets/door-kit.ts';

const LOCAL = '127.0.0.1';
const KEY = randomBytes(24).toString('base64url');

const load = {
  name: 'lightning',
  units: 4,
  active: 2,
  waiting: 3,
  oldestWaitSeconds: 1.5,
  holdSeconds: 0,
  refusals: 0,
  state: 'ok' as const,
};

/** The number of a line of metrics. */
function numberOf(metrics: string, name: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

describe('metrics', () => {
  it('tell what is going on, by source, service and origin', async () => {
    const { port } = await openGateway({ services: () => [load] }, LOCAL);
    const client = await DialectClient.open(`ws://${LOCAL}:${port}/ws`);
    client.send({ text: 'Hello there.' });
    const { pcm } = await client.answer();
    await shakeHands(port, { origin: 'https://evil.example' });
    const response = await fetch(`http://${LOCAL}:${port}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const metrics = await response.text();
    const read = (name: string) => numberOf(metrics, `parley_${name}`);
    expect(read('first_audio_seconds_count{source="tone"}')).toBe(1);
    expect(read('spoken_seconds_total{source="tone"}')).toBeCloseTo(pcm.length / 2 / 44_100, 5);
    expect(read('sent_bytes_total')).toBeGreaterThan(pcm.length);
    expect([read('connections'), read('active_lines'), read('degraded')]).toEqual([1, 0, 0]);
    expect([read('handshakes_total{status="101"}'), read('handshakes_total{status="403"}')]).toEqual([1, 1]);
    expect([read('units{service="lightning"}'), read('leases{service="lightning"}')]).toEqual([4, 2]);
    expect([
      read('queue_depth{service="lightning"}'),
      read('queue_oldest_seconds{service="lightning"}'),
    ]).toEqual([3, 1.5]);
    client.send({ text: '!break in the middle' });
    await client.answer();
    client.socket.terminate();
    await expect
      .poll(async () => {
        const later = await (await fetch(`http://${LOCAL}:${port}/metrics`)).text();
        return [
          numberOf(later, 'parley_failed_lines_total{source="tone",code="fault"}'),
          numberOf(later, 'parley_closes_total{code="1006"}'),
          numberOf(later, 'parley_connections'),
          numberOf(later, 'parley_sent_bytes_total') > pcm.length,
        ];
      })
      .toEqual([1, 1, 0, true]);
  });

  it('are, off loopback, for who has a key', async () => {
    const { port } = await openGateway({ keys: new GatewayKeys([{ name: 'prometheus', key: KEY }]) });
    const ask = (headers: Record<string, string>) => fetch(`http://${LOCAL}:${port}/metrics`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${KEY}x` })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${KEY}` })).status).toBe(200);
  });
});

describe('who is refused', () => {
  it('is counted by why, and the operator reads of a page that is missing in the list of origins', async () => {
    const logged: string[] = [];
    const { port } = await openGateway({
      log: createLog({ level: 'warn', write: (line) => logged.push(line) }),
      origins: [GAME],
      keys: new GatewayKeys([{ name: 'prometheus', key: KEY }]),
      tickets: {
        secret: SECRET,
        authenticate: ({ headers }) =>
          headers['x-user'] ? { user: 'ada', scopes: {} } : { refusal: 'Log in first.' },
      },
      budgets: { upgradesPerMinute: 4, socketsPerAddress: 1 },
      maxConnections: 50,
    });
    const ask = (headers: Record<string, string>) =>
      fetch(`http://${LOCAL}:${port}/v1/ticket`, { method: 'POST', headers });
    const strange = 'https://www.game.example';
    for (const origin of [strange, strange]) await shakeHands(port, { origin });
    expect((await ask({ origin: strange })).status).toBe(403);
    expect((await ask({ origin: GAME })).status).toBe(401);
    expect((await ask({ origin: GAME, 'x-user': 'ada' })).status).toBe(200);
    await ask({ origin: GAME });
    await ask({ origin: GAME });
    expect((await ask({ origin: GAME })).status).toBe(429);
    const headers = { authorization: `Bearer ${KEY}` };
    for (const shown of [{}, { ticket: 'eyJ.eyJ.x' }]) {
      expect((await shakeHands(port, shown)).status).toBe(401);
      await sleep(100); // Until its connection is closed.
    }
    expect((await shakeHands(port, { headers })).status).toBe(101);
    expect((await shakeHands(port, { headers })).status).toBe(429);
    expect((await shakeHands(port, { headers })).status).toBe(429);
    await shakeHands(port, { path: '/nowhere' });
    const metrics = await (await fetch(`http://${LOCAL}:${port}/metrics`, { headers })).text();
    const counted = (of: string, ...causes: string[]) =>
      causes.map((cause) => numberOf(metrics, `parley_refusals_total{of="${of}",cause="${cause}"}`));
    expect(counted('connection', 'origin', 'key', 'ticket', 'sockets', 'rate', 'request', 'full')).toEqual([
      ...[2, 1, 1, 1, 1, 1, 0],
    ]);
    expect(counted('ticket', 'origin', 'game', 'rate')).toEqual([1, 3, 1]);
    expect(numberOf(metrics, 'parley_tickets_total')).toBe(1);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { status: 403, cause: 'origin', origin: strange, msg: expect.stringMatching(/^handshake: .*origin/) },
    ]);
  });
});

describe('health', () => {
  it('is ok, degraded with reasons, or draining', async () => {
    expect(healthOf({ draining: false, away: [], services: [load] })).toEqual({ status: 'ok' });
    expect(healthOf({ draining: false, away: ['sharing'], services: [{ ...load, state: 'out' }] })).toEqual({
      status: 'degraded',
      reasons: [expect.stringContaining('Redis is away'), expect.stringContaining('lightning is out')],
    });
    expect(healthOf({ draining: true, away: [], services: [{ ...load, holdSeconds: 1.2 }] })).toEqual({
      status: 'draining',
      reasons: ['the gateway ends', expect.stringContaining('for 2 s')],
    });
    const store: Store = { ...memoryStore(), state: 'degraded', away: ['cache'] };
    const { port } = await openGateway({ store }, LOCAL);
    const response = await fetch(`http://${LOCAL}:${port}/healthz`);
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ status: 'degraded' }),
    ]);
  });
});

describe('a gateway that ends', () => {
  it('finishes the lines under way, and takes nobody else', async () => {
    const { gateway, port } = await openGateway({}, LOCAL);
    const client = await DialectClient.open(`ws://${LOCAL}:${port}/ws`);
    client.socket.pause(); // A reader so slow that most of the line is still to be sent.
    client.send({ text: 'A long line that is being heard. '.repeat(150), speed: 1 });
    await expect.poll(() => activeLines(port)).toBe(1);
    let drained = false;
    const draining = gateway.drain(30).then(() => {
      drained = true;
    });
    const refused = await shakeHands(port);
    expect([refused.status, refused.retryAfter]).toEqual([503, '1']);
    const health = await fetch(`http://${LOCAL}:${port}/healthz`);
    expect([health.status, await health.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'draining' }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(drained).toBe(false);
    client.socket.resume();
    const { pcm, ending } = await client.answer();
    expect([pcm.length, ending]).toEqual([33 * 150 * 2 * 0.06 * 44_100, 'EOS']);
    await draining;
    client.send({ text: 'One more.' });
    expect((await client.answer()).ending).toMatch(/^ERR: it is ending/);
  });

  it('tells clients of the own protocol, whose lines go on to their ends', async () => {
    const { gateway, port } = await openGateway({}, LOCAL);
    const socket = new WebSocket(`ws://${LOCAL}:${port}/v1/speech`, ['parley.v1']);
    const told: { type: string; seconds?: number; origin?: string }[] = [];
    socket.on('message', (data, binary) => {
      if (!binary) told.push(JSON.parse(String(data)));
    });
    await once(socket, 'open');
    const send = (message: object) => socket.send(JSON.stringify(message));
    send({ type: 'hello', codecs: ['pcm'] });
    send({ type: 'say', line: 1, text: 'To be heard to its end.', credit: 1_000 });
    await expect.poll(() => told.map(({ type }) => type)).toContain('begin');
    const draining = gateway.drain(20);
    await expect.poll(() => told.at(-1)).toEqual({ type: 'draining', seconds: 20 });
    send({ type: 'credit', line: 1, bytes: 10_000_000 });
    await expect.poll(() => told.map(({ type }) => type)).toContain('end');
    await draining;
    send({ type: 'say', line: 2, text: 'A new one.', credit: 1_000 });
    await expect
      .poll(() => told.at(-1))
      .toMatchObject({ type: 'error', line: 2, refusal: 'busy', retryAfterSeconds: 1 });
    // What is kept costs nobody a wait.
    send({ type: 'say', line: 3, text: 'To be heard to its end.', credit: 10_000_000 });
    await expect.poll(() => told.at(-1)).toMatchObject({ type: 'end', line: 3 });
    const metrics = await (await fetch(`http://${LOCAL}:${port}/metrics`)).text();
    expect([
      numberOf(metrics, 'parley_lines_total{origin="fresh"}'),
      numberOf(metrics, 'parley_lines_total{origin="hit"}'),
    ]).toEqual([2, 1]);
    socket.terminate();
  });

  it('waits no longer than it was told', async () => {
    const { gateway, port } = await openGateway({}, LOCAL);
    const client = await DialectClient.open(`ws://${LOCAL}:${port}/ws`);
    client.send({ text: '!hang for as long as it takes' });
    await expect.poll(() => activeLines(port)).toBe(1);
    const begun = performance.now();
    await gateway.drain(0.3);
    const seconds = (performance.now() - begun) / 1_000;
    expect(seconds).toBeGreaterThan(0.29);
    expect(seconds).toBeLessThan(3);
  });
});

async function activeLines(port: number): Promise<number> {
  return numberOf(await (await fetch(`http://${LOCAL}:${port}/metrics`)).text(), 'parley_active_lines');
}

describe('what must not be read', () => {
  it.each([
    ['and messages of errors are left out', false],
    ['and messages of errors are logged', true],
  ])('stands in no log, frame, metric, health or error, %s', async (_, messages) => {
    const serviceKey = `sk-${randomBytes(16).toString('hex')}`;
    const text = `Whisper ${randomBytes(8).toString('hex')}.`;
    const user = `player-${randomBytes(8).toString('hex')}`;
    process.env.LOKUTOR_API_KEY = serviceKey;
    const seen: string[] = [];
    try {
      const log = createLog({
        level: 'debug',
        messages,
        secrets: [SECRET, KEY],
        write: (line) => seen.push(line),
      });
      const { gateway, port, source } = await openGateway({
        log,
        keys: new GatewayKeys([{ name: 'bot', key: KEY }]),
        origins: [GAME],
        tickets: { secret: SECRET, authenticate: () => ({ user, scopes: { freeText: true } }) },
      });
      const ticket = await fetchTicket(port);
      // A source that tells in its errors all it should not.
      const leak = `wss://me:pw-${KEY}@host/?api_key=${serviceKey} Bearer ${KEY} ${KEY} ${ticket} ${SECRET}`;
      const speak = source.speak.bind(source);
      source.speak = (request, signal) => {
        if (!request.text.startsWith('!')) return speak(request, signal);
        if (request.text.startsWith('!fault')) throw new ParleyError('leaky', `${leak} ${request.text}`);
        throw SpeechError.refused('The service', leak);
      };
      const answers = [
        await shakeHands(port, { ticket: `${ticket}x`, origin: GAME }),
        await shakeHands(port, { ticket, origin: 'https://evil.example' }),
        await shakeHands(port, { headers: { authorization: `Bearer ${KEY}x` } }),
        await shakeHands(port, { path: `/ws?api_key=${KEY}x&text=${text}` }),
        await shakeHands(port, { path: `/${KEY}/${ticket}` }),
      ];
      // The path comes back to who asked for it, and nowhere else.
      for (const { status, body } of answers.slice(0, 4)) seen.push(`${status} ${body}`);
      const opened = await shakeHands(port, { ticket, origin: GAME });
      seen.push(opened.protocol ?? '');
      const again = await shakeHands(port, { ticket, origin: GAME });
      seen.push(again.body);
      const client = await DialectClient.open(`ws://${LOCAL}:${port}/ws`, {
        headers: { authorization: `Bearer ${KEY}` },
      });
      const own = await SpeechClient.open(port, true, { headers: { authorization: `Bearer ${KEY}` } });
      const texts = [text, `!refuse ${text}`, ...(messages ? [] : [`!fault ${text}`])];
      for (const [at, each] of texts.entries()) {
        client.send({ text: each });
        const spoken = await client.answer();
        seen.push(spoken.frames.filter((frame) => typeof frame === 'string').join('\n'));
        await own.say(at + 1, each);
      }
      // Words are for who asked for them; nothing else that comes holds a text.
      for (const told of own.told) if (told.type !== 'words') seen.push(JSON.stringify(told));
      expect(own.of('error', 2)[0]!.message).toMatch(/^wss:.*api_key=\*{3} Bearer \*{3} \*{3} \*{3} \*{3}$/);
      own.socket.terminate();
      log.error(
        {
          error: new Error(`${KEY} in a fault: ?api_key=${serviceKey} ${ticket}`),
          text,
          user,
          key: KEY,
          ticket,
        },
        'fault',
      );
      log.error({ headers: { authorization: `Bearer ${KEY}` }, url: `/ws?api_key=${KEY}` }, 'request');
      const headers = { authorization: `Bearer ${KEY}` };
      for (const path of ['metrics', 'healthz']) {
        seen.push(await (await fetch(`http://${LOCAL}:${port}/${path}`, { headers })).text());
      }
      await gateway.drain(1);
      const all = seen.join('\n');
      expect(all).toMatch(/"msg":"handshake"/);
      expect(all).toMatch(/parley_first_audio_seconds_count\{source="tone"\} 2/);
      for (const [name, secret] of Object.entries({ serviceKey, ticket, SECRET, KEY, text, user })) {
        expect([name, all.includes(secret)]).toEqual([name, false]);
      }
      const [, payload = ''] = ticket.split('.');
      expect(all).not.toContain(payload);
      expect(all).not.toContain(createHash('sha256').update(KEY).digest('hex'));
    } finally {
      delete process.env.LOKUTOR_API_KEY;
    }
  });

  it('is left out of errors: by default only their kind, code and place are logged', () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line) });
    const cause = Object.assign(new Error('over "Meet me at dawn."\n    at dawn (by the mill)'), {
      code: 'EPIPE',
    });
    log.error({ error: new ParleyError('odd', 'The line "Meet me at dawn." failed.', { cause }) }, 'fault');
    const { error, msg } = JSON.parse(lines[0]!);
    expect(msg).toBe('fault');
    expect(error).toMatchObject({
      type: 'ParleyError',
      code: 'odd',
      cause: { type: 'Error', code: 'EPIPE' },
    });
    expect(error.frames[0]).toMatch(/^at .*operation\.test\.ts:\d+/);
    expect(lines[0]).not.toContain('Meet me');
  });
});
