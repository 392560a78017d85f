/** Budgets as players meet them: tickets, lines and refusals over `/v1/speech`. */
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, GatewayKeys, type GatewayOptions, type Scopes } from '../../../src/gateway/index.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { SECRET } from './door-kit.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Twelve characters each. */
const [ONE, TWO, THREE, FOUR] = ['Line nr one.', 'Line nr two.', 'Line three..', 'Line four...'] as [
  string,
  string,
  string,
  string,
];

async function game(budgets: GatewayOptions['budgets'], scopes: Scopes = {}, keys?: GatewayKeys) {
  const source = toneVoices();
  const gateway = createGateway({
    source,
    trustProxy: true,
    budgets,
    keys,
    tickets: {
      secret: SECRET,
      authenticate: ({ headers }) => ({
        user: String(headers['x-user']),
        scopes: { freeText: true, ...scopes },
      }),
    },
  });
  closing.push(() => gateway.close());
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  /** A player with a fresh ticket. */
  const player = async (user: string, address = '203.0.113.5') => {
    const headers = { 'x-user': user, 'x-forwarded-for': address };
    const made = await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST', headers });
    const { ticket } = (await made.json()) as { ticket: string };
    const client = await SpeechClient.open(port, true, { headers, ticket });
    closing.push(() => client.socket.terminate());
    let line = 0;
    return {
      client,
      say: (text: string, more: object = {}) => client.say(++line, text, more),
      /** The error of the line that was said last. */
      error: () => client.of('error', line)[0],
    };
  };
  return { source, player, port };
}

describe('over /v1/speech', () => {
  it('a ticket has its characters; what is kept or shared costs none of them', async () => {
    const { source, player } = await game({}, { characters: 30 });
    const ada = await player('ada');
    expect([await ada.say(ONE), await ada.say(TWO)]).toEqual(['fresh', 'fresh']);
    expect(await ada.say(THREE)).toMatch(/the characters of the ticket are used up/);
    expect([await ada.say(ONE), await ada.say(TWO)]).toEqual(['hit', 'hit']);
    expect(source.requests).toHaveLength(2);
    const next = await player('ada');
    expect(await next.say(THREE)).toBe('fresh');
  });

  it('a ticket has its seconds, of sound that is heard, kept or not', async () => {
    const { player } = await game({}, { seconds: 1 });
    const ada = await player('ada');
    expect(await ada.say(ONE)).toBe('fresh'); // 0.72 s
    expect(await ada.say(ONE)).toMatch(/the seconds of the ticket have been heard/);
    expect(await ada.say(TWO)).toMatch(/the seconds of the ticket have been heard/);
  });

  it('a user has a day, over all tickets and addresses, and one user is not another', async () => {
    const { player } = await game({ user: 24 });
    const [ada, away] = [await player('ada'), await player('ada', '198.51.100.7')];
    expect([await ada.say(ONE), await away.say(TWO)]).toEqual(['fresh', 'fresh']);
    expect(await away.say(THREE)).toMatch(/the user budget of today is spent; only lines that are kept/);
    const { refusal, retryAfterSeconds } = away.error()!;
    expect(refusal).toBe('busy');
    expect(Number(retryAfterSeconds)).toBeGreaterThan(86_000);
    expect(await (await player('bob')).say(THREE)).toBe('fresh');
    expect(await away.say(THREE)).toBe('hit');
  });

  it('a player who is called as a key is does not spend what is its', async () => {
    const key = randomBytes(24).toString('base64url');
    const { player, port } = await game({ user: 24 }, {}, new GatewayKeys([{ name: 'ada', key }]));
    const ada = await player('ada');
    expect([await ada.say(ONE), await ada.say(TWO)]).toEqual(['fresh', 'fresh']);
    const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '198.51.100.7' };
    const server = await SpeechClient.open(port, true, { headers });
    closing.push(() => server.socket.terminate());
    expect([await server.say(1, THREE), await server.say(2, FOUR)]).toEqual(['fresh', 'fresh']);
    expect(await server.say(3, 'One more....')).toMatch(/the user budget of today is spent/);
  });

  it('an address has a day, whoever comes from it; an IPv6 net of 64 bits is one', async () => {
    const { player } = await game({ address: 24 });
    const [ada, bob] = [await player('ada', '2001:db8:1:2::a'), await player('bob', '2001:db8:1:2:ffff::b')];
    expect([await ada.say(ONE), await bob.say(TWO)]).toEqual(['fresh', 'fresh']);
    expect(await bob.say(THREE)).toMatch(/the address budget of today is spent/);
    expect(await (await player('bob', '2001:db8:1:3::b')).say(THREE)).toBe('fresh');
  });

  it('the account has a hard cap, after which only kept lines are spoken, to everybody', async () => {
    const { source, player } = await game({ account: 30 });
    const [ada, bob] = [await player('ada'), await player('bob', '198.51.100.7')];
    expect([await ada.say(ONE), await bob.say(TWO)]).toEqual(['fresh', 'fresh']);
    for (const each of [ada, bob]) {
      expect(await each.say(THREE)).toMatch(/the account budget of today is spent/);
      expect([await each.say(ONE), await each.say(TWO)]).toEqual(['hit', 'hit']);
    }
    expect(await ada.say('Six.')).toBe('fresh'); // Of thirty characters six were left.
    expect(source.requests).toHaveLength(3);
  });

  it('never more is asked of the source than the cap, however many lines are asked for at once', async () => {
    const { source, player } = await game({ account: 60 });
    const players = await Promise.all(['ada', 'bob', 'cy', 'di'].map((user) => player(user)));
    const said = await Promise.all(
      players.flatMap(({ say }, at) => Array.from({ length: 8 }, (_, line) => say(`${at} line ${line} ...`))),
    );
    expect(said.filter((origin) => origin === 'fresh')).toHaveLength(5);
    expect(source.requests).toHaveLength(5);
  });

  it('what a failed line had taken is given back, of every budget, unless some of it was heard', async () => {
    const { player } = await game({ account: 24, user: 24, address: 24 }, { characters: 24 });
    const ada = await player('ada');
    expect(await ada.say('No such one.', { voice: 'nobody' })).toMatch(/no voice "nobody"/);
    expect(await ada.say('No such two.', { voice: 'nobody' })).toMatch(/no voice "nobody"/);
    expect(await ada.say('No such thr.', { voice: 'nobody' })).toMatch(/no voice "nobody"/);
    expect(await ada.say(ONE)).toBe('fresh');
    expect(await ada.say('!break after')).toMatch(/fault/); // Half a second of it sounded.
    expect(await ada.say(FOUR)).toMatch(/characters of the ticket/);
    expect(await (await player('bob')).say(FOUR)).toMatch(/budget of today is spent/);
  });

  it('who cancels a line has paid for it: nobody has the service speak for nothing', async () => {
    const { player } = await game({}, { characters: 24 });
    const ada = await player('ada');
    ada.client.tell({ type: 'say', line: 90, text: '!hang for me', credit: 10_000_000 });
    await ada.client.until('begin', 90);
    ada.client.tell({ type: 'cancel', line: 90 });
    await ada.client.until('error', 90);
    expect([await ada.say(ONE), await ada.say(TWO)]).toEqual(['fresh', expect.stringMatching(/used up/)]);
  });
});
