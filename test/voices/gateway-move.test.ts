/** From one gateway to another: where the first ends, and where it is killed. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, openNodeSocket } from '../../src/gateway/index.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import { type GatewayVoicesOptions, gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import { type Started, startListening } from '../kit/children.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { chordVoices, likenessOf } from '../kit/likeness.ts';
import { type RedisServer, startRedis } from '../kit/redis.ts';

const RATE = 16_000;
/** 20 s: more than is let come before it is read. */
const TEXT = 'some people speak a lot more than others do, '.repeat(8).trim();
const never = new AbortController().signal;
const open: { close(): unknown }[] = [];
let truth: Collected;

beforeAll(async () => {
  truth = await collect(chordVoices(RATE).speak({ text: TEXT }, never));
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A source that opens its connections at these addresses, one after another. */
function speaker(addresses: readonly string[], options: GatewayVoicesOptions = {}) {
  const opened: string[] = [];
  const voices = gatewayVoices(addresses[0]!, {
    ...options,
    openSocket: (_url, ...rest) => {
      const address = addresses[Math.min(opened.length, addresses.length - 1)]!;
      opened.push(address);
      return openNodeSocket(address, ...rest);
    },
  });
  open.push({ close: () => voices.dispose() });
  return { voices, opened };
}

/** Reads a line, and does something once so many seconds of it are heard. */
async function* interrupted(
  parts: AsyncIterable<SpeechPart>,
  seconds: number,
  act: () => unknown,
): AsyncGenerator<SpeechPart> {
  let heard = 0;
  for await (const part of parts) {
    yield part;
    const before = heard;
    if (part.type === 'audio') heard += part.samples.length / part.sampleRate;
    if (before < seconds && heard >= seconds) await act();
  }
}

/** The whole line, seen and heard once. */
function expectWhole(line: Collected, sound: 'pcm' | 'opus'): void {
  expect(line.error).toBeUndefined();
  expect(line.samples.length).toBe(truth.samples.length);
  if (sound === 'pcm') expect(line.samples).toEqual(truth.samples);
  for (let at = 0; at + RATE / 5 < line.samples.length; at += RATE / 5) {
    const likeness = likenessOf(line.samples.slice(at, at + RATE / 5), truth.samples.slice(at));
    expect([at, likeness > 0.7]).toEqual([at, true]);
  }
  expect(line.words).toEqual(truth.words);
  const shape = (cues: Collected['cues'], time: number) =>
    cues.find(({ start, end }) => time >= start && time < end)?.viseme ?? 'sil';
  for (let time = 0.01; time < truth.samples.length / RATE; time += 0.0537) {
    expect([time, shape(line.cues, time)]).toEqual([time, shape(truth.cues, time)]);
  }
  const starts = line.cues.map(({ start }) => start);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
}

describe.each(['pcm', 'opus'] as const)('a gateway that is killed, with sound in %s', (sound) => {
  let redis: RedisServer;
  const running: Started[] = [];
  const start = async () => {
    const gateway = await startListening('test/kit/gateway-process.ts', redis.url);
    running.push(gateway);
    return gateway;
  };
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const each of running) each.kill();
    await redis.close();
  });

  it('is followed by another, which goes on in the midst of the line', { timeout: 90_000 }, async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const { voices, opened } = speaker([first.url, second.url], { sound });
    let killed = false;
    const kill = async () => {
      // Once the first has told all of it to the store.
      const there = speaker([second.url]).voices;
      await there.prefetch({ text: TEXT });
      first.kill();
      killed = true;
    };
    const line = await collect(interrupted(voices.speak({ text: TEXT }, never), 0.7, kill));
    expect([killed, opened]).toEqual([true, [first.url, second.url]]);
    expectWhole(line, sound);
  });

  it('and has told nobody of the line: it fails as closed early, with what came', {
    timeout: 90_000,
  }, async () => {
    const first = await start();
    const stranger = createGateway({ source: chordVoices(RATE) });
    open.push(stranger);
    await stranger.listen({ port: 0 });
    const other = `ws://127.0.0.1:${stranger.address.port}/v1/speech`;
    const { voices } = speaker([first.url, other], { sound });
    const text = `${TEXT} again`;
    const line = await collect(interrupted(voices.speak({ text }, never), 0.7, () => first.kill()));
    expect(line.error).toMatchObject({ code: 'closed-early' });
    expect(line.samples.length).toBeGreaterThan(0.7 * RATE);
    expect((await collect(voices.speak({ text: 'others go on' }, never))).error).toBeUndefined();
  });
});

describe('a gateway that drains', () => {
  it('finishes its lines while new ones go to another', { timeout: 60_000 }, async () => {
    const sources = [chordVoices(RATE), chordVoices(RATE)];
    const gateways = sources.map((source) => createGateway({ source }));
    for (const gateway of gateways) {
      open.push(gateway);
      await gateway.listen({ port: 0 });
    }
    const urls = gateways.map(({ address }) => `ws://127.0.0.1:${address.port}/v1/speech`);
    const { voices, opened } = speaker(urls);
    let drained: Promise<void> | undefined;
    let ended = false;
    let other: Collected | undefined;
    const drain = async () => {
      drained = gateways[0]!.drain(30).then(() => {
        ended = true;
      });
      while (opened.length < 2) {
        other = await collect(voices.speak({ text: 'a new line' }, never));
      }
      expect(ended).toBe(false); // The line under way holds it.
    };
    const line = await collect(interrupted(voices.speak({ text: TEXT }, never), 0.7, drain));
    expectWhole(line, 'pcm');
    await drained;
    expect(opened).toEqual(urls);
    expect(other?.error).toBeUndefined();
    expect(sources.map(({ requests }) => requests.length)).toEqual([1, 1]);
    await gateways[0]!.close();
    expect((await collect(voices.speak({ text: 'and one more' }, never))).error).toBeUndefined();
    expect(opened).toEqual(urls);
  });
});
