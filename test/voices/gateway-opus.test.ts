/** Sound in Opus between gateway and `gatewayVoices`: encoded by the gateway, decoded by the package for pages. */
import { afterAll, describe, expect, it } from 'vitest';
import { createGateway, openLineDesk, openNodeSocket } from '../../src/gateway/index.ts';
import { type GatewayVoicesOptions, gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import { FaultProxy } from '../../src/voices/testing/fault-proxy.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { chordVoices, lagOf, likenessOf } from '../kit/likeness.ts';

const TEXT = 'a line of noise that is like no other, and long enough';
const RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const open: { close(): unknown }[] = [];

afterAll(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(sampleRate: number, opus?: boolean) {
  const source = chordVoices(sampleRate);
  const lines = await openLineDesk({ source });
  const gateway = createGateway({ source, lines, ...(opus !== undefined && { opus }) });
  await gateway.listen({ port: 0 });
  open.push({ close: () => lines.dispose() }, gateway);
  const url = `ws://127.0.0.1:${gateway.address.port}/v1/speech`;
  return { source, lines, url };
}

function speaker(url: string, options: GatewayVoicesOptions = {}) {
  const voices = gatewayVoices(url, { openSocket: openNodeSocket, sound: 'opus', ...options });
  open.push({ close: () => voices.dispose() });
  return voices;
}

const never = new AbortController().signal;

/** The same line to the ear: as many samples, no later and no earlier, and alike. */
function expectSame(line: Collected, truth: Collected, sampleRate: number, when: string, from = 0): void {
  expect([when, line.error]).toEqual([when, undefined]);
  const samples = truth.samples.slice(from);
  expect([when, line.samples.length]).toEqual([when, samples.length]);
  if (samples.length > sampleRate / 2) {
    expect([when, Math.abs(lagOf(line.samples, samples, sampleRate)) < 0.15]).toEqual([when, true]);
  }
  expect(likenessOf(line.samples, samples)).toBeGreaterThan(0.8);
}

describe.each(RATES)('a line of %i Hz in Opus', (sampleRate) => {
  it('has the samples that it had, each in its place', { timeout: 60_000 }, async () => {
    const { url } = await serve(sampleRate);
    for (const text of ['x', 'word', TEXT]) {
      const truth = await collect(chordVoices(sampleRate).speak({ text }, never));
      const line = await collect(speaker(url).speak({ text }, never));
      expectSame(line, truth, sampleRate, text);
      expect([line.cues, line.words]).toEqual([truth.cues, truth.words]);
    }
  });

  it('is joined late with what has the same place', async () => {
    const { url } = await serve(sampleRate);
    let share = '';
    const first = speaker(url, { onLine: (info) => (share = info.share) });
    const truth = await collect(first.speak({ text: TEXT }, never));
    for (const from of [0.01, 0.05, 0.1, 0.3337, 0.9]) {
      const late = await collect(speaker(url).join(share, { text: TEXT, from }).parts());
      const first = Math.round(from * sampleRate);
      expect([from, late.samples.length]).toEqual([from, truth.samples.length - first]);
      // Another decoder of the same packets, right from its first sample.
      const likeness = likenessOf(late.samples.slice(0, sampleRate / 10), truth.samples.slice(first));
      expect([from, likeness > 0.99]).toEqual([from, true]);
    }
  });
});

describe('a line in Opus whose connection is cut', () => {
  it('goes on with the very same samples', { timeout: 60_000 }, async () => {
    const { url } = await serve(44_100);
    const proxy = await FaultProxy.listen(url);
    open.push(proxy);
    const whole = await collect(speaker(proxy.url).speak({ text: TEXT }, never));
    const messages = proxy.record.answers.length;
    expect(messages).toBeGreaterThan(10);
    for (let pass = 1; pass < messages; pass += 3) {
      let opened = 0;
      const voices = speaker(proxy.url, {
        openSocket: (...args) => {
          proxy.behave(++opened === 1 ? { pass, next: 'cut' } : {});
          return openNodeSocket(...args);
        },
      });
      const line = await collect(voices.speak({ text: TEXT }, never));
      expect([pass, line.error, opened]).toEqual([pass, undefined, 2]);
      expect(line.samples).toEqual(whole.samples);
      expect([line.cues, line.words]).toEqual([whole.cues, whole.words]);
    }
  });
});

describe('a gateway without Opus', () => {
  it('sends PCM to who would take both', async () => {
    const { url } = await serve(44_100, false);
    const truth = await collect(chordVoices(44_100).speak({ text: TEXT }, never));
    expect((await collect(speaker(url).speak({ text: TEXT }, never))).samples).toEqual(truth.samples);
  });
});
