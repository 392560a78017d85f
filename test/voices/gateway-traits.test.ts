/** What `gatewayVoices` says of itself is what the source behind the gateway is. */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { createGateway, type GatewayOptions, markedVoices, openNodeSocket } from '../../src/gateway/index.ts';
import { lookAheadOf, type SpeechRequest, type VoiceSource } from '../../src/speech/source.ts';
import { type GatewayVoicesOptions, gatewayVoices } from '../../src/voices/gateway/gateway-voices.ts';
import { say } from '../kit/collect.ts';
import { toneVoices } from '../kit/tone-voices.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(source: VoiceSource, options: Partial<GatewayOptions> = {}) {
  const gateway = createGateway({ source, ...options });
  open.push(gateway);
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  const speaker = (more: GatewayVoicesOptions = {}) => {
    const url = `ws://127.0.0.1:${port}/v1/speech`;
    const voices = gatewayVoices(url, { openSocket: openNodeSocket, ...more });
    open.push({ close: () => voices.dispose() });
    return voices;
  };
  return { speaker, port };
}

/** Hums whatever it is asked, mark-up and all. */
function reader(traits: Partial<VoiceSource>): VoiceSource & { readonly requests: SpeechRequest[] } {
  return Object.assign(toneVoices(), traits);
}

const MARKED = 'One <em>two</em> <pause 0.2s/> three';

it('it reads mark-up where that one does, once it has said so', async () => {
  const source = reader({ readsMarkup: true });
  const voices = (await serve(source)).speaker();
  const marked = markedVoices(voices);
  expect(voices.readsMarkup).toBe(false); // Nothing is known yet: plain words are right for all.
  expect((await say(marked, MARKED)).error).toBeUndefined();
  expect(voices.readsMarkup).toBe(true);
  expect((await say(marked, MARKED)).error).toBeUndefined();
  expect(source.requests.map(({ text }) => /</.test(text))).toEqual([false, true]);
});

it('it is given plain words where that one reads none', async () => {
  const source = reader({});
  const voices = (await serve(source)).speaker();
  const marked = markedVoices(voices);
  await say(marked, 'First.');
  const line = await say(marked, MARKED);
  expect(voices.readsMarkup).toBe(false);
  expect(source.requests.at(-1)!.text).not.toContain('<');
  for (const word of line.words) expect(MARKED.slice(word.from, word.to)).toBe(word.text);
});

it('it gives what that one gives, as late', async () => {
  const traits = {
    gives: ['words'],
    timesFrom: 'stream',
    textIn: 'streaming',
    cancel: 'closing',
    sampleRates: [24_000],
  } as const;
  const voices = (await serve(reader({ traits, lookAheadSeconds: 0.35 }))).speaker();
  const marked = markedVoices(voices);
  await say(voices, 'First.');
  expect(voices.traits).toMatchObject({ gives: ['words'], textIn: 'whole', cancel: 'message' });
  expect([lookAheadOf(voices), lookAheadOf(marked)]).toEqual([0.35, 0.35]);
});

it('it names the voices that the ticket allows', async () => {
  const { speaker, port } = await serve(reader({}), {
    tickets: {
      secret: randomBytes(32),
      authenticate: () => ({ user: 'ada', scopes: { freeText: true, voices: ['F1', 'M2'] } }),
    },
  });
  const voices = speaker({
    ticket: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/ticket`, { method: 'POST' });
      return ((await answer.json()) as { ticket: string }).ticket;
    },
  });
  expect(voices.voices).toBeUndefined();
  expect((await say(voices, { text: 'Hello.', voice: 'F1' })).error).toBeUndefined();
  expect(voices.voices).toEqual(['F1', 'M2']);
});
