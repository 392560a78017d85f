import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { GatewayKeys, type GatewayOptions, memoryStore, type Store } from '../../../src/gateway/index.ts';
import { signTicket } from '../../../src/gateway/tickets/ticket.ts';
import { TicketKeys } from '../../../src/gateway/tickets/ticket-keys.ts';
import { fetchTicket, GAME, openGateway, SECRET, shakeHands } from './door-kit.ts';

const KEY = randomBytes(24).toString('base64url');
const FREE = { user: 'ada', scopes: { freeText: true } };

function ticketed(more: Partial<GatewayOptions> = {}): Partial<GatewayOptions> {
  return { tickets: { secret: SECRET, authenticate: () => FREE }, origins: [GAME], ...more };
}

describe('a ticket', () => {
  it('opens one connection, and never goes back over the wire', async () => {
    const { port } = await openGateway(ticketed());
    const ticket = await fetchTicket(port);
    const opened = await shakeHands(port, { ticket, origin: GAME });
    expect([opened.status, opened.protocol]).toEqual([101, 'parley.v1']);
    const again = await shakeHands(port, { ticket, origin: GAME });
    expect([again.status, again.body]).toEqual([401, expect.stringContaining('used before')]);
    expect(again.body).not.toContain(ticket);
  });

  it('opens one of many connections that come at once', async () => {
    const { port } = await openGateway(ticketed());
    const ticket = await fetchTicket(port);
    const answers = await Promise.all(
      Array.from({ length: 9 }, () => shakeHands(port, { ticket, origin: GAME })),
    );
    expect(answers.filter(({ status }) => status === 101)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(8);
  });

  it('comes from anywhere that a service takes its key', async () => {
    const { port } = await openGateway(ticketed());
    const headers = { authorization: `Bearer ${await fetchTicket(port)}` };
    expect((await shakeHands(port, { headers })).status).toBe(101);
    expect((await shakeHands(port, { headers: { 'x-api-key': await fetchTicket(port) } })).status).toBe(101);
    expect((await shakeHands(port, { path: `/ws?api_key=${await fetchTicket(port)}` })).status).toBe(101);
  });

  it('is refused where it is forged, expired, too long, without an end or made for something else', async () => {
    const { port } = await openGateway(ticketed());
    const own = new TicketKeys([{ id: '1', secret: SECRET }]);
    const other = new TicketKeys([{ id: '1', secret: randomBytes(32) }]);
    const [head, body] = (await signTicket(own, FREE, 30)).split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"parley-ticket+jwt","kid":"1"}').toString('base64url')}.${body}.x`;
    for (const ticket of [
      await signTicket(other, FREE, 30),
      await signTicket(new TicketKeys([{ id: '2', secret: SECRET }]), FREE, 30),
      `${head}.${body}.AAAA`,
      none,
      'eyJ.e30.x',
      'x',
      '',
    ]) {
      const { status, body: reason } = await shakeHands(port, { ticket, origin: GAME });
      expect([ticket, status]).toEqual([ticket, 401]);
      if (ticket.length > 3) expect(reason).not.toContain(ticket);
    }
    const { SignJWT } = await import('jose');
    const now = Math.floor(Date.now() / 1000);
    const make = (times: { iat: number; exp: number }, typ = 'parley-ticket+jwt', aud = 'parley') =>
      new SignJWT({
        scopes: { freeText: true },
        sub: 'ada',
        jti: randomBytes(9).toString('hex'),
        aud,
        ...times,
      })
        .setProtectedHeader({ alg: 'HS256', kid: '1', typ })
        .sign(Buffer.from(SECRET));
    const good = { iat: now, exp: now + 30 };
    expect((await shakeHands(port, { ticket: await make(good), origin: GAME })).status).toBe(101);
    for (const ticket of [
      await make({ iat: now - 60, exp: now - 30 }),
      await make({ iat: now, exp: now + 61 }),
      await make({ iat: now + 30, exp: now + 60 }),
      await make(good, 'JWT'),
      await make(good, 'parley-ticket+jwt', 'another'),
    ]) {
      expect((await shakeHands(port, { ticket, origin: GAME })).status).toBe(401);
    }
  });

  it('is opened by an old secret as long as it is left in', async () => {
    const old = randomBytes(32);
    const ticket = await signTicket(new TicketKeys([{ id: 'old', secret: old }]), FREE, 30);
    const keys = [
      { id: 'new', secret: SECRET },
      { id: 'old', secret: old },
    ];
    const { port } = await openGateway(ticketed({ tickets: { keys, authenticate: () => FREE } }));
    expect((await shakeHands(port, { ticket, origin: GAME })).status).toBe(101);
    expect(
      JSON.parse(Buffer.from((await fetchTicket(port)).split('.')[0]!, 'base64url').toString()),
    ).toMatchObject({
      kid: 'new',
    });
  });

  it('waits where nobody can tell whether it was used, unless that is accepted', async () => {
    const { StoreAwayError } = await import('../../../src/gateway/stores/store.ts');
    const away: Store = { ...memoryStore(), usedIds: { use: () => Promise.reject(new StoreAwayError()) } };
    const strict = await openGateway(ticketed({ store: away }));
    const answer = await shakeHands(strict.port, { ticket: await fetchTicket(strict.port), origin: GAME });
    expect([answer.status, answer.retryAfter]).toEqual([503, '5']);
    const tickets = { secret: SECRET, authenticate: () => FREE, whenStoreAway: 'accept' as const };
    const lenient = await openGateway(ticketed({ store: away, tickets }));
    const ticket = await fetchTicket(lenient.port);
    expect((await shakeHands(lenient.port, { ticket, origin: GAME })).status).toBe(101);
  });

  it('ends its connection when its session is over', async () => {
    const grant = { user: 'ada', scopes: { freeText: true, sessionSeconds: 0.2 } };
    const { port } = await openGateway(ticketed({ tickets: { secret: SECRET, authenticate: () => grant } }));
    const { socket } = await shakeHands(port, { ticket: await fetchTicket(port), origin: GAME });
    const [code, reason] = await once(socket!, 'close');
    expect([code, String(reason)]).toEqual([1008, 'the session of the ticket is over']);
  });
});

describe('a page', () => {
  it.each([
    [GAME, 101],
    ['https://game.example/', 403],
    ['https://game.example:443', 403],
    ['https://game.example:8443', 403],
    ['http://game.example', 403],
    ['https://GAME.example', 403],
    ['https://xgame.example', 403],
    ['https://game.example.evil.example', 403],
    ['https://game.example@evil.example', 403],
    ['https://xn--gme-ela.example', 403],
    ['http://localhost', 403],
    ['null', 403],
  ])('of %s with a good ticket is answered with %i', async (origin, status) => {
    const { port } = await openGateway(ticketed({ keys: new GatewayKeys([{ name: 'bot', key: KEY }]) }));
    const ticket = await fetchTicket(port);
    expect((await shakeHands(port, { ticket, origin })).status).toBe(status);
    expect((await shakeHands(port, { headers: { authorization: `Bearer ${KEY}` }, origin })).status).toBe(
      status,
    );
    // A wrong origin costs no ticket.
    if (status === 403) expect((await shakeHands(port, { ticket })).status).toBe(101);
  });

  it('that is no page comes in with a ticket or key alone', async () => {
    const { port } = await openGateway(ticketed());
    expect((await shakeHands(port)).status).toBe(401);
    expect((await shakeHands(port, { ticket: await fetchTicket(port) })).status).toBe(101);
  });
});

describe("the gateway's own keys", () => {
  const hash = createHash('sha256').update(KEY).digest('hex');

  it.each([
    ['as they are', KEY],
    ['as hashes', `sha256:${hash}`],
  ])('open a dialect, kept %s', async (_how, key) => {
    const { port } = await openGateway({ keys: new GatewayKeys([{ name: 'bot', key }]) });
    expect((await shakeHands(port, { headers: { authorization: `Bearer ${KEY}` } })).status).toBe(101);
    expect((await shakeHands(port, { headers: { 'x-api-key': KEY } })).status).toBe(101);
    expect((await shakeHands(port, { path: `/ws?api_key=${KEY}` })).status).toBe(101);
    for (const wrong of [`${KEY}x`, KEY.slice(1), hash, `sha256:${hash}`, 'x']) {
      const { status, body } = await shakeHands(port, { headers: { authorization: `Bearer ${wrong}` } });
      expect([status, body.includes(wrong) && wrong !== 'x']).toEqual([401, false]);
    }
    expect((await shakeHands(port)).status).toBe(401);
  });

  it('tell the refusal as the service of the path does', async () => {
    const { port } = await openGateway({ keys: new GatewayKeys([{ name: 'bot', key: KEY }]) });
    const { status, body } = await shakeHands(port, { path: '/waves/v1/tts/live' });
    expect([status, JSON.parse(body)]).toEqual([
      401,
      expect.objectContaining({ error_code: 'UNAUTHORIZED' }),
    ]);
  });

  it('are asked of those who come through a proxy to a gateway on loopback', async () => {
    const { port } = await openGateway({ keys: new GatewayKeys([{ name: 'bot', key: KEY }]) }, '127.0.0.1');
    expect((await shakeHands(port)).status).toBe(101);
    expect((await shakeHands(port, { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(401);
  });
});

describe('a server of the game', () => {
  it('has tickets for all its players from one address; who shows no key of the gateway has so many in a minute', async () => {
    const keys = new GatewayKeys([{ name: 'game-server', key: KEY }]);
    const { port } = await openGateway(ticketed({ keys, budgets: { upgradesPerMinute: 2 } }));
    const ask = async (authorization: string) => {
      const headers = { authorization: `Bearer ${authorization}` };
      return (await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST', headers })).status;
    };
    const asked = async (authorization: string) => [
      await ask(authorization),
      await ask(authorization),
      await ask(authorization),
    ];
    expect(await asked(KEY)).toEqual([200, 200, 200]);
    expect(await asked(`${KEY}x`)).toEqual([200, 200, 429]);
    expect(await ask(KEY)).toBe(200);
  });
});

describe('an address', () => {
  it('opens so many connections in a minute, and so many at a time', async () => {
    const keys = new GatewayKeys([{ name: 'bot', key: KEY }]);
    const headers = { authorization: `Bearer ${KEY}` };
    const few = await openGateway({ keys, budgets: { socketsPerAddress: 2 } });
    const [first] = [await shakeHands(few.port, { headers }), await shakeHands(few.port, { headers })];
    expect((await shakeHands(few.port, { headers })).status).toBe(429);
    first.socket!.close();
    await once(first.socket!, 'close');
    await expect.poll(async () => (await shakeHands(few.port, { headers })).status).toBe(101);
    const slow = await openGateway({ keys, budgets: { upgradesPerMinute: 3 } });
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await shakeHands(slow.port, { headers }));
    expect(answers.map(({ status }) => status)).toEqual([101, 101, 101, 429, 429]);
    expect(Number(answers[4]!.retryAfter)).toBeGreaterThan(50);
  });
});
