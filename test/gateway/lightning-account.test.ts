import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { LightningClient } from '../kit/lightning-client.ts';
import { type ToneVoices, toneVoices } from '../kit/tone-voices.ts';

const UNITS = 2;
const PATHS = ['/waves/v1/tts/live', '/waves/v1/lightning-v2/get_speech/stream?overlap=wait'];
let gateway: Gateway;
let source: ToneVoices;
let base: string;

beforeAll(async () => {
  source = toneVoices({ sampleRate: 8_000 });
  gateway = createGateway({ source, units: UNITS, onError: () => {} });
  await gateway.listen({ port: 0 });
  base = `127.0.0.1:${gateway.address.port}`;
});
afterAll(() => gateway.close());

async function account(): Promise<{ active: number; sockets: number }> {
  const { lightning } = await (await fetch(`http://${base}/healthz`)).json();
  return lightning;
}

/** What a client may do next. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('say' as const),
    text: fc.constantFrom(
      'ma',
      'mama mia, ',
      ' ',
      '',
      '!refuse this line',
      '!break this line',
      '!hang on, please wait',
    ),
    continue: fc.boolean(),
    flush: fc.boolean(),
    max_buffer_flush_ms: fc.constantFrom(0, 1),
    complete_backoff_ms: fc.constantFrom(0, 5),
  }),
  fc.record({ kind: fc.constant('nonsense' as const) }),
  fc.record({ kind: fc.constant('wait' as const) }),
  fc.record({ kind: fc.constant('leave' as const) }),
);

describe('the account, whatever its clients do', () => {
  it('never has more active requests than units, and is empty when they are gone', {
    timeout: 120_000,
  }, async () => {
    const plan = fc.array(fc.tuple(fc.nat(2), step), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const clients = await Promise.all(
          [0, 1, 2].map((index) => LightningClient.open(`ws://${base}${PATHS[index % 2]}`)),
        );
        for (const [who, { kind, ...request }] of steps) {
          const client = clients[who]!;
          if (kind === 'say') client.send({ voice_id: 'F1', sample_rate: 8_000, ...request });
          if (kind === 'nonsense') client.send('{"text":');
          if (kind === 'leave') client.close();
          if (kind === 'wait') await new Promise((resolve) => setTimeout(resolve, 8));
          if (kind !== 'say') expect((await account()).active).toBeLessThanOrEqual(UNITS);
          expect(source.running).toBeLessThanOrEqual(UNITS);
        }
        for (const client of clients) client.close();
        await expect.poll(account, { timeout: 5_000 }).toEqual({ units: UNITS, active: 0, sockets: 0 });
        expect(source.running).toBe(0);
      }),
      { seed: 29, numRuns: process.env.PARLEY_LONG ? 500 : 40 },
    );
  });

  it('always answers the next request of a socket that had only its own to do', {
    timeout: 120_000,
  }, async () => {
    const plan = fc.array(step, { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const client = await LightningClient.open(`ws://${base}${PATHS[0]}`);
        for (const { kind, ...request } of steps) {
          if (kind === 'nonsense') client.send('[]');
          if (kind !== 'say' || ('text' in request && request.text.startsWith('!hang'))) continue;
          client.send({ voice_id: 'F1', sample_rate: 8_000, ...request });
        }
        await expect
          .poll(
            async () => {
              client.send({ voice_id: 'F1', text: 'done', complete_backoff_ms: 0 });
              for (;;) {
                const frame = await client.frame();
                if (Buffer.isBuffer(frame)) continue;
                if (frame.status === 'complete' || frame.status === 'error') return frame.status;
              }
            },
            { timeout: 5_000 },
          )
          .toBe('complete');
        client.close();
        await expect.poll(account).toEqual({ units: UNITS, active: 0, sockets: 0 });
      }),
      { seed: 31, numRuns: process.env.PARLEY_LONG ? 300 : 30 },
    );
  });
});
