/** A real nginx with the configuration of `deploy/` before two gateways. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/gateway/index.ts';
import { type Nginx, startNginx } from '../../kit/nginx.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { TONE_SECONDS, toneVoices } from '../../kit/tone-voices.ts';
import { GAME, SECRET } from '../tickets/door-kit.ts';

const CREDIT = 10_000_000;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Behind {
  readonly nginx: Nginx;
  readonly gateways: readonly [Gateway, Gateway];
  /** A ticket of a player, through the proxy. */
  ticket(headers?: Record<string, string>): Promise<string>;
  /** A connection through the proxy, with a ticket of its own. */
  open(headers?: Record<string, string>): Promise<SpeechClient>;
}

async function behind(options: Partial<GatewayOptions> = {}, readSeconds?: number): Promise<Behind> {
  const start = async () => {
    const gateway = createGateway({
      source: toneVoices(),
      trustProxy: true,
      origins: [GAME],
      tickets: { secret: SECRET, authenticate: () => ({ user: 'ada', scopes: { freeText: true } }) },
      ...options,
    });
    closing.push(() => gateway.close());
    await gateway.listen({ port: 0 });
    return gateway;
  };
  const gateways = [await start(), await start()] as const;
  const nginx = await startNginx([gateways[0].address.port, gateways[1].address.port], readSeconds);
  closing.push(() => nginx.close());
  const ticket = async (headers: Record<string, string> = {}) => {
    const made = await fetch(`http://127.0.0.1:${nginx.port}/v1/ticket`, {
      method: 'POST',
      headers: { origin: GAME, ...headers },
    });
    expect(made.status).toBe(200);
    return ((await made.json()) as { ticket: string }).ticket;
  };
  return {
    nginx,
    gateways,
    ticket,
    async open(headers = {}) {
      const client = await SpeechClient.open(nginx.port, true, {
        headers: { origin: GAME, ...headers },
        ticket: await ticket(headers),
      });
      closing.push(() => client.socket.terminate());
      return client;
    },
  };
}

const connections = async (gateway: Gateway) =>
  (
    (await (await fetch(`http://127.0.0.1:${gateway.address.port}/healthz`)).json()) as {
      connections: number;
    }
  ).connections;

describe('nginx before two gateways', () => {
  it('passes tickets and WebSockets on, sound byte by byte, and answers nothing else', async () => {
    const { nginx, gateways, open } = await behind();
    const client = await open();
    expect(client.socket.protocol).toBe('parley.v1');
    const text = 'Through the proxy and whole.'.repeat(10);
    expect(await client.say(1, text)).toBe('fresh');
    expect(client.samples(1)).toHaveLength(Math.round(text.length * TONE_SECONDS * 44_100));
    expect(await Promise.all(gateways.map(connections))).toContain(1);
    const url = `http://127.0.0.1:${nginx.port}`;
    for (const path of ['/metrics', '/ws', '/']) expect((await fetch(url + path)).status).toBe(404);
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok' });
  });

  it('tells the address of a player, whatever that one says of it', async () => {
    const { open, gateways } = await behind({ budgets: { address: 20, socketsPerAddress: 1_000 } });
    const clients = [
      await open({ 'x-forwarded-for': '9.9.9.1' }),
      await open({ 'x-forwarded-for': '9.9.9.2' }),
    ];
    clients.push(await open({ 'x-forwarded-for': '9.9.9.3' }));
    // Two gateways without a store: each has a budget for the one address that there is.
    const said = await Promise.all(clients.map((client, at) => client.say(1, `Fifteen chars ${at}`)));
    const perGateway = (await Promise.all(gateways.map(connections))).filter((count) => count > 0).length;
    expect(said.filter((origin) => origin === 'fresh')).toHaveLength(perGateway);
    expect(said.filter((origin) => /address budget/.test(origin))).toHaveLength(3 - perGateway);
  });

  it('keeps a silent connection, for the pings of the gateway are sooner than its patience', async () => {
    const { open } = await behind({ pingSeconds: 0.5 }, 2);
    const client = await open();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(client.closed).toBeUndefined();
    expect(await client.say(1, 'Still here.')).toBe('fresh');
    // It is the pings alone that keep it.
    const mute = await (await behind({ pingSeconds: 60 }, 2)).open();
    await mute.when(() => mute.closed);
    expect(mute.closed?.code).toBe(1006);
    const configuration = await readFile(join(import.meta.dirname, '../../../deploy/nginx.conf'), 'utf8');
    const [, patience] = /proxy_read_timeout (\d+)s/.exec(configuration)!;
    expect(Number(patience)).toBeGreaterThanOrEqual(3 * 20); // The gateway's own pings, two of which may be lost.
  }, 60_000);

  it('sends nobody to a gateway that ends, while its lines are heard to their ends', async () => {
    const { nginx, gateways, open } = await behind();
    const first = await open();
    const text = 'A line that is heard to its end, though the gateway is to be replaced.';
    first.tell({ type: 'say', line: 1, text, credit: 1_000 });
    await first.until('begin', 1);
    const counts = await Promise.all(gateways.map(connections));
    const [ending, other] = counts[0] === 1 ? gateways : ([...gateways].reverse() as [Gateway, Gateway]);
    const drained = ending.drain(20).then(() => ending.close());
    await first.until('draining');
    // New connections, tickets and looks at its health all find the other one; nobody sees a 503.
    for (let at = 0; at < 6; at++) {
      const client = await open();
      expect(await client.say(1, `New one ${at}.`)).toBe('fresh');
      expect((await fetch(`http://127.0.0.1:${nginx.port}/healthz`)).status).toBe(200);
    }
    expect(await connections(other)).toBe(6);
    first.tell({ type: 'credit', line: 1, bytes: CREDIT });
    await first.until('end', 1);
    expect(first.samples(1)).toHaveLength(Math.round(text.length * TONE_SECONDS * 44_100));
    await first.when(() => first.closed);
    expect(first.closed?.code).toBe(1001);
    await drained;
    expect(await (await open()).say(1, 'Its process is gone.')).toBe('fresh');
  }, 60_000);

  it('tells a player when no gateway is there, and takes one that is back', async () => {
    const { nginx, gateways, open } = await behind();
    const where = gateways.map((gateway) => gateway.address.port);
    for (const gateway of gateways) await gateway.close();
    expect((await fetch(`http://127.0.0.1:${nginx.port}/healthz`)).status).toBe(502);
    const back = createGateway({
      source: toneVoices(),
      trustProxy: true,
      origins: [GAME],
      tickets: { secret: SECRET, authenticate: () => ({ user: 'ada', scopes: { freeText: true } }) },
    });
    closing.push(() => back.close());
    await back.listen({ port: where[1]! });
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${nginx.port}/healthz`)).status, { timeout: 8_000 })
      .toBe(200);
    expect(await (await open()).say(1, 'It is back.')).toBe('fresh');
  }, 60_000);
});
