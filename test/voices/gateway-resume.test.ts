/** Connections that are lost: lines go on where they were, and nobody hears of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, openNodeSocket } from '../../src/gateway/index.ts';
import { type GatewayVoices, gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import { FaultProxy } from '../../src/voices/testing/fault-proxy.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { toneVoices } from '../kit/tone-voices.ts';

/** Enough sound for credit to be given in its middle. */
const TEXT = 'some people speak a lot more than others do, and so they are heard';

const RATE = { sampleRate: 16_000 };
const source = toneVoices(RATE);
const faults: unknown[] = [];
const gateway = createGateway({ source, onError: (fault) => faults.push(fault) });
let proxy: FaultProxy;
let truth: Collected;

beforeAll(async () => {
  await gateway.listen({ port: 0 });
  proxy = await FaultProxy.listen(`ws://127.0.0.1:${gateway.address.port}/v1/speech`);
  truth = await collect(toneVoices(RATE).speak({ text: TEXT }, new AbortController().signal));
});
afterAll(async () => {
  await proxy.close();
  await gateway.close();
});

/** A source whose connections are counted, and made to fail as `onOpen` says. */
function speaker(onOpen: (nth: number) => void): GatewayVoices & { readonly opened: number } {
  let opened = 0;
  const voices = gatewayVoices(proxy.url, {
    openSocket: (...args) => {
      onOpen(++opened);
      return openNodeSocket(...args);
    },
  });
  return Object.defineProperty(voices, 'opened', { get: () => opened }) as never;
}

function say(voices: GatewayVoices, text = TEXT) {
  return collect(voices.speak({ text }, new AbortController().signal));
}

function expectWhole(line: Collected, when: string): void {
  expect([when, line.error]).toEqual([when, undefined]);
  expect([when, line.samples.length]).toEqual([when, truth.samples.length]);
  expect([when, line.samples.findIndex((sample, at) => sample !== truth.samples[at])]).toEqual([when, -1]);
  expect([line.cues, line.words]).toEqual([truth.cues, truth.words]);
  expect(line.types.filter((type) => type === 'end')).toHaveLength(1);
}

describe('a line whose connection is cut', () => {
  it('after any message is whole all the same, with nothing twice', { timeout: 60_000 }, async () => {
    proxy.behave({});
    const whole = speaker(() => {});
    expectWhole(await say(whole), 'never');
    whole.dispose();
    const messages = proxy.record.answers.length;
    expect(messages).toBeGreaterThan(20);
    for (let pass = 1; pass <= messages; pass++) {
      const voices = speaker((nth) => proxy.behave(nth === 1 ? { pass, next: 'cut' } : {}));
      expectWhole(await say(voices), `after ${pass} of ${messages} messages`);
      if (pass < messages) expect(voices.opened).toBe(2);
      voices.dispose();
    }
    expect(source.requests).toHaveLength(1);
  });

  it('again and again goes on', { timeout: 60_000 }, async () => {
    for (const pass of [3, 4, 7]) {
      const voices = speaker(() => proxy.behave({ pass, next: 'cut' }));
      expectWhole(await say(voices), `every ${pass} messages`);
      expect(voices.opened).toBeGreaterThan(2);
      voices.dispose();
    }
  });

  it('goes on beside others of that connection', async () => {
    const voices = speaker((nth) => proxy.behave(nth === 1 ? { pass: 20, next: 'cut' } : {}));
    const [first, other, failing] = await Promise.all([
      say(voices),
      say(voices, 'another'),
      say(voices, '!break in the middle of it'),
    ]);
    expectWhole(first, 'one of three');
    expect(other.error).toBeUndefined();
    expect(failing.error).toMatchObject({ code: 'service-failed' });
    expect(faults.map(String)).toEqual(['TypeError: a secret fault']);
    voices.dispose();
  });

  it('fails as closed early when the gateway is gone for good, with what came', async () => {
    const voices = speaker((nth) => proxy.behave({ pass: nth === 1 ? 8 : 0, next: 'cut' }));
    const line = await say(voices);
    expect(line.error).toMatchObject({ code: 'closed-early' });
    expect(line.samples.length).toBeGreaterThan(0);
    expect(line.samples).toEqual(truth.samples.slice(0, line.samples.length));
    voices.dispose();
  });
});
