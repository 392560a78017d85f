import { afterEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { CreateParleyAsync, type GatewayLineInfo, gatewayVoices, InputError } from '../../src/index.ts';
import { collect } from '../kit/collect.ts';
import { Stage } from './stage.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(): Promise<string> {
  const url = await commands.serve();
  closing.push(() => commands.kill(url));
  return url.replace(/\/ws$/, '/v1/speech');
}

it('an NPC speaks through the gateway’s own protocol, prepared or not', async () => {
  const told: GatewayLineInfo[] = [];
  const voices = gatewayVoices(await serve(), { onLine: (info) => told.push(info) });
  const stage = new Stage();
  closing.push(
    () => stage.dispose(),
    () => voices.dispose(),
  );
  const parley = await CreateParleyAsync(stage.scene, { voices });
  closing.push(() => parley.dispose());
  const mira = parley.addNpc(await stage.load('mira'), { name: 'Mira', voice: 'F1' });
  const words: string[] = [];
  const line = mira.say('Map the bridge.');
  line.onWordObservable.add(({ text }) => words.push(text));
  expect(await line.finished).toMatchObject({ outcome: 'finished' });
  expect(words).toEqual(['Map', 'the', 'bridge']);
  await voices.prefetch({ text: 'Once more.', voice: 'F1' });
  expect(await mira.say('Once more.').finished).toMatchObject({ outcome: 'finished' });
  expect(told.map(({ origin, timing }) => [origin, timing.origin])).toEqual([
    ['fresh', 'service'],
    ['hit', 'service'],
  ]);
  expect(Math.abs(told[0]!.startedAt! - performance.now())).toBeLessThan(30_000);
  const joined = mira.say(voices.join(told[0]!.share, { text: 'Map the bridge.', from: 0.3 }));
  expect(await joined.finished).toMatchObject({ outcome: 'finished' });
});

it('pages hold no key, and go on over a connection of their own', async () => {
  const url = await serve();
  expect(() => gatewayVoices(url, { apiKey: 'sk-canary' })).toThrow(InputError);
  expect(() => gatewayVoices(url, { apiKey: 'sk-canary' })).toThrow(/`ticket`/);
  const voices = gatewayVoices(url);
  closing.push(() => voices.dispose());
  const { signal } = new AbortController();
  const lines = await Promise.all(
    ['One.', 'Two.', 'Three.'].map((text) => collect(voices.speak({ text }, signal))),
  );
  expect(lines.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
});
