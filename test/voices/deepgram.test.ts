import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type DeepgramOptions, deepgramVoices } from '../../src/voices/deepgram/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type DeepgramEmulator,
  type DeepgramEmulatorOptions,
  serveDeepgram,
  voiceOfModel,
} from '../emulators/deepgram.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { say } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

/** A synth takes a second to begin where other tests run. */
const soon = { timeout: 10_000 };

afterAll(endSpeech);

async function serve(options?: DeepgramEmulatorOptions): Promise<DeepgramEmulator> {
  const emulator = await serveDeepgram(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

function voices(url: string, options: DeepgramOptions = {}): VoiceSource {
  const source = deepgramVoices({ url, apiKey: 'sk-canary', openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

const _never = new AbortController().signal;

async function spoken(text: string, model = 'aura-2-thalia-en', rate = 24_000): Promise<number[]> {
  return [...(await speech(text, voiceOfModel(model), rate)).samples];
}

const TEXT = 'The bridge is out. Take the ferry.';

describe('a line through Aura', () => {
  it('is what the service spoke, sample for sample, also in torn frames and at any of its rates', async () => {
    const { url } = await serve();
    const whole = await say(voices(url), TEXT);
    expect(whole.error).toBeUndefined();
    expect(whole.samples).toEqual(await spoken(TEXT));
    expect(whole.types.at(-1)).toBe('end');
    const torn = await say(voices(`${url}?odd=1`, { sampleRate: 16_000 }), {
      text: TEXT,
      voice: 'aura-2-orion-en',
    });
    expect(torn.samples).toEqual(await spoken(TEXT, 'aura-2-orion-en', 16_000));
  });

  it('asks as the documents say, with the key in the header alone', async () => {
    const { url, handshakes, asked } = await serve({ key: 'sk-canary' });
    const source = voices(url);
    await say(source, { text: 'Hello.', lang: 'es-MX', speed: 1.2 });
    await say(source, { text: 'Again.', lang: 'es', speed: 1.2 });
    expect(handshakes).toHaveLength(1);
    expect(handshakes[0]!.authorization).toBe('Token sk-canary');
    expect(handshakes[0]!.url.search).toBe(
      '?model=aura-2-celeste-es&encoding=linear16&sample_rate=24000&speed=1.2',
    );
    expect(asked).toEqual([
      { type: 'Speak', text: 'Hello.' },
      { type: 'Flush' },
      { type: 'Speak', text: 'Again.' },
      { type: 'Flush' },
    ]);
    expect(source).toMatchObject({ timing: { confidence: 0 }, lookAheadSeconds: 0.12 });
  });

  it('goes in pieces of at most 2,000 characters, with one flush', async () => {
    const { url, asked } = await serve();
    const text = 'שלום עולם, שלום. '.repeat(150); // Hummed, which is quick.
    const abort = new AbortController();
    const line = say(voices(url), text, abort.signal);
    await expect.poll(() => asked.at(-1), soon).toEqual({ type: 'Flush' });
    abort.abort();
    const pieces = asked.slice(0, -1).map((ask) => String(ask.text));
    expect(pieces.join('')).toBe(text);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(2000);
    expect((await line).error).toMatchObject({ code: 'aborted' });
  });

  it('opens with a token for each socket, as a subprotocol', async () => {
    const { url, handshakes } = await serve();
    let given = 0;
    const source = voices(url, { token: async () => `jwt-${++given}`, keptSockets: 0 });
    await say(source, 'One.');
    await say(source, 'Two.');
    expect(handshakes.map(({ protocols }) => protocols)).toEqual([
      ['bearer', 'jwt-1'],
      ['bearer', 'jwt-2'],
    ]);
    expect(handshakes[0]!.authorization).toBeUndefined();
    const without = voices(url, { token: () => Promise.reject(new Error('no cookie')) });
    expect((await say(without, 'Three.')).error).toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining('fetches its token or ticket'),
      cause: new Error('no cookie'),
    });
    const slow = voices(url, { token: () => new Promise(() => {}), timeouts: { connect: 0.05 } });
    expect((await say(slow, 'Four.')).error).toMatchObject({ code: 'connect-timeout' });
  });

  it('runs beside others, each on a socket of its own', async () => {
    const { url } = await serve();
    const source = voices(url);
    const lines = await Promise.all(
      ['One line.', 'Another line.', 'A third.'].map((text) => say(source, text)),
    );
    expect(lines[0]!.samples).toEqual(await spoken('One line.'));
    expect(lines[1]!.samples).toEqual(await spoken('Another line.'));
    expect(lines[2]!.samples).toEqual(await spoken('A third.'));
  });

  it('is not asked for without text, in a language without a voice, or faster than the service speaks', async () => {
    const { url, asked } = await serve();
    expect((await say(voices(url), ' ')).error).toMatchObject({ code: 'invalid-input' });
    expect((await say(voices(url), { text: 'Hi', lang: 'ko' })).error).toMatchObject({ refusal: 'request' });
    expect((await say(voices(url), { text: 'Hi', speed: 2 })).error?.message).toContain('from 0.7 to 1.5');
    expect(() => deepgramVoices({ url, sampleRate: 32_000 })).toThrow('48000');
    expect(asked).toEqual([]);
  });
});

describe('a line through Aura that is cancelled', () => {
  it('is cleared, and its socket speaks the next one whole', async () => {
    const { url, asked, handshakes } = await serve();
    const source = voices(`${url}?pace=10`);
    const abort = new AbortController();
    let heard = 0;
    const line = (async () => {
      for await (const part of source.speak({ text: TEXT }, abort.signal)) {
        if (part.type === 'audio' && ++heard === 3) abort.abort();
      }
    })();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => asked.at(-1), soon).toEqual({ type: 'Clear' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await say(source, 'Next.')).samples).toEqual(await spoken('Next.'));
    expect(handshakes).toHaveLength(1);
  });

  it('before it began, while it connects, and before its first sound', async () => {
    const { url, asked } = await serve();
    const source = voices(`${url}?lead=50`);
    const gone = new AbortController();
    gone.abort();
    expect((await say(source, TEXT, gone.signal)).error).toMatchObject({ code: 'aborted' });
    const early = new AbortController();
    const connecting = say(source, TEXT, early.signal);
    early.abort();
    expect((await connecting).error).toMatchObject({ code: 'aborted' });
    expect(asked).toEqual([]);
    const late = new AbortController();
    const asking = say(source, TEXT, late.signal);
    await expect.poll(() => asked.length, soon).toBe(2);
    late.abort();
    expect(await asking).toMatchObject({ samples: [], error: { code: 'aborted' } });
    expect((await say(source, 'Next.')).samples).toEqual(await spoken('Next.'));
  });

  it('does not take the late confirmation of its flush for the end of the next', async () => {
    const server = await startScripted((socket, { type }, nth) => {
      if (nth === 1) socket.send(Buffer.alloc(20));
      if (type === 'Clear') socket.send('{"type":"Cleared","sequence_id":0}');
      if (type !== 'Flush' || nth < 3) return;
      socket.send('{"type":"Flushed","sequence_id":0}');
      socket.send(Buffer.alloc(40));
      socket.send('{"type":"Flushed","sequence_id":1}');
    });
    onTestFinished(() => server.close());
    const source = voices(server.url);
    const abort = new AbortController();
    for await (const _ of source.speak({ text: 'One' }, abort.signal)) break;
    await expect.poll(() => server.requests.length, soon).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await say(source, 'Two')).samples).toHaveLength(20);
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('too many flushes', () => {
  it('never come to a socket: after twenty it is replaced', async () => {
    const { url, handshakes } = await serve();
    const source = voices(url, { sampleRate: 8_000 });
    for (let n = 0; n < 21; n++) expect((await say(source, 'Go.')).error).toBeUndefined();
    expect(handshakes).toHaveLength(2);
  });

  it('are waited for where the service allows fewer', async () => {
    const { url, asked } = await serve();
    const source = voices(`${url}?flushes=2&window=2`, { flushPauseSeconds: 2.1 });
    await say(source, 'One.');
    await say(source, 'Two.');
    const begun = performance.now();
    expect((await say(source, 'Three.')).samples).toEqual(await spoken('Three.'));
    expect(performance.now() - begun).toBeGreaterThan(2_000);
    expect(asked.filter(({ text }) => text === 'Three.')).toHaveLength(2);
  });

  it.each<[string, (source: VoiceSource, abort: AbortController) => void]>([
    ['cancelled', (_, abort) => abort.abort()],
    ['disposed of', (source) => source.dispose()],
  ])('do not keep a line that is %s while it waits', async (_, end) => {
    const { url, asked } = await serve();
    const source = voices(`${url}?flushes=0&window=30`);
    const abort = new AbortController();
    const line = say(source, 'One.', abort.signal);
    await expect.poll(() => asked.length, soon).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    end(source, abort);
    expect((await line).error).toMatchObject({ code: 'aborted' });
  });

  it('end a line that was told so again and again', async () => {
    const { url, asked } = await serve();
    const source = voices(`${url}?flushes=0&window=30`, { flushPauseSeconds: 0.05 });
    expect((await say(source, 'One.')).error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expect(asked.filter(({ text }) => text === 'One.')).toHaveLength(4);
  });
});

describe('a line through Aura fails', () => {
  it('when the service lets nobody in, without the key in any word', async () => {
    const { url } = await serve({ key: 'another' });
    const { error } = await say(voices(url), TEXT);
    expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
    expect(`${error!.message}${error!.stack}`).not.toContain('canary');
    const wrong = await say(voices((await serve()).url), { text: TEXT, voice: 'nobody' });
    expect(wrong.error).toMatchObject({ code: 'refused', refusal: 'request' });
    expect(wrong.error!.message).toContain('model/language/tier');
    const busy = await say(voices((await serve({ units: 0 })).url), TEXT);
    expect(busy.error).toMatchObject({ code: 'refused', refusal: 'busy' });
  });

  it('when the service breaks off, falls silent, or says nothing', async () => {
    const { url } = await serve();
    const broken = await say(voices(`${url}?die=3`), TEXT);
    expect(broken.error).toMatchObject({ code: 'closed-early' });
    expect(String(broken.error!.cause)).toContain('NET-0001');
    const endless = await say(voices(`${url}?end=none`, { timeouts: { stall: 0.3 } }), 'Hi.');
    expect(endless.error).toMatchObject({ code: 'stalled' });
    expect((await say(voices(url), '…')).error).toMatchObject({ code: 'empty' });
  });

  it('at garbage and at errors in words', async () => {
    const answers = ['{"oops', '[]', '{"type":"Error","code":"NET-0001","description":"sk-canary is ill"}'];
    const server = await startScripted((socket, { type }) => {
      if (type === 'Flush') socket.send(answers.shift()!);
    });
    onTestFinished(() => server.close());
    const source = voices(server.url);
    expect((await say(source, 'One')).error).toMatchObject({ code: 'protocol' });
    expect((await say(source, 'Two')).error).toMatchObject({ code: 'protocol' });
    const ill = (await say(source, 'Three')).error!;
    expect(ill).toMatchObject({ code: 'service-failed' });
    expect(ill.message).not.toContain('canary');
  });
});
