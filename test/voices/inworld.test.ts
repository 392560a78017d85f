import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type InworldOptions, inworldVoices } from '../../src/voices/inworld/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type InworldEmulator,
  type InworldEmulatorOptions,
  serveInworld,
  voiceOfModel,
} from '../emulators/inworld.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import type { SpokenText } from '../emulators/spoken-text.ts';
import { type Collected, say } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

/** A synth takes a second to begin where other tests run. */
const soon = { timeout: 10_000 };

afterAll(endSpeech);

async function serve(options?: InworldEmulatorOptions): Promise<InworldEmulator> {
  const emulator = await serveInworld(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

function voices(url: string, options: InworldOptions = {}): VoiceSource {
  const source = inworldVoices({ url, apiKey: 'canary', openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

const _never = new AbortController().signal;

function spoken(text: string, voice = 'Ashley', rate = 24_000, speed = 1): Promise<SpokenText> {
  return speech(text, voiceOfModel(voice), rate, speed);
}

const TEXT = 'Map the bridge, Pam. Then take the ferry home.';

/** Closures of the lips in a line, seconds. */
const closures = ({ cues }: Collected) =>
  cues.filter(({ viseme }) => viseme === 'PP').map(({ start }) => start);

function expectInTime(line: Collected, truth: SpokenText, tolerance: number): void {
  expect(line.error).toBeUndefined();
  expect(line.words.map(({ text, from, to }) => [text, from, to])).toEqual(
    truth.words.map(({ text, from, to }) => [text, from, to]),
  );
  for (const [index, { start }] of truth.words.entries()) {
    expect(Math.abs(line.words[index]!.start - start)).toBeLessThan(0.01);
  }
  const closed = closures(line);
  const told = truth.phones.filter(({ id }) => 'pbm'.includes(id));
  expect(closed).toHaveLength(told.length);
  for (const [index, { start }] of told.entries()) {
    expect(Math.abs(closed[index]! - start)).toBeLessThan(tolerance);
  }
  for (const [index, { start }] of line.cues.entries()) {
    if (index > 0) expect(start).toBeGreaterThanOrEqual(line.cues[index - 1]!.end - 1e-9);
  }
}

describe('a line through Inworld', () => {
  it.each([
    '',
    '?times=chunk',
    '?partial=1',
    '?partial=1&times=chunk',
    '?tokens=1',
    '?order=late',
    '?wav=1',
    '?odd=1',
  ])('has the sound, the words and the mouth of the service: %s', async (form) => {
    const { url } = await serve();
    const truth = await spoken(TEXT);
    const line = await say(voices(url + form), TEXT);
    expectInTime(line, truth, 0.005);
    expect(line.samples).toEqual([...truth.samples]);
    const longest = line.cues.filter(({ viseme }) => viseme === 'sil').map(({ start, end }) => end - start);
    expect(Math.max(...longest)).toBeGreaterThan(0.2); // The pause between the sentences.
  });

  it.each(['visemes', 'shapes'])('takes %s that the service hears, in whichever form', async (tell) => {
    const { url } = await serve();
    const line = await say(voices(`${url}?tell=${tell}&times=chunk`), TEXT);
    const told = (await spoken(TEXT)).phones.filter(({ id }) => 'pbm'.includes(id));
    expect(closures(line)).toHaveLength(told.length);
    for (const [index, { start }] of told.entries()) expect(closures(line)[index]).toBeCloseTo(start, 2);
    expect(line.words).toEqual([]);
  });

  it('makes the mouth of words, or characters, where no sounds are told', async () => {
    const { url } = await serve();
    const { words } = await spoken(TEXT);
    for (const tell of ['words', 'characters']) {
      const line = await say(voices(`${url}?tell=${tell}`), TEXT);
      expect(line.words.map(({ from }) => from)).toEqual(words.map(({ from }) => from));
      for (const [index, { start }] of words.entries())
        expect(line.words[index]!.start).toBeCloseTo(start, 2);
      expect(closures(line).length).toBeGreaterThan(2);
    }
  });

  it('asks as the documents say, with the key in the header alone', async () => {
    const { url, handshakes, asked } = await serve({ key: 'canary' });
    const source = voices(url, { sampleRate: 16_000, model: 'inworld-tts-2', temperature: 0.9 });
    const text = 'שלום עולם, שלום. '.repeat(80);
    const abort = new AbortController();
    const line = say(source, { text, voice: 'Dennis', speed: 1.2 }, abort.signal);
    await expect.poll(() => asked.at(-1), soon).toHaveProperty('send_text.flush_context');
    abort.abort();
    await line;
    const [create, ...texts] = asked as [object, ...{ send_text: { text: string }; contextId: string }[]];
    expect(create).toEqual({
      contextId: expect.any(String),
      create: {
        voiceId: 'Dennis',
        modelId: 'inworld-tts-2',
        audioConfig: { audioEncoding: 'PCM', sampleRateHertz: 16_000, speakingRate: 1.2 },
        temperature: 0.9,
        timestampType: 'WORD',
        timestampTransportStrategy: 'SYNC',
        lipsyncConfig: {},
        autoMode: false,
      },
    });
    const said = texts.filter((message) => message.send_text);
    expect(said.map(({ send_text }) => send_text.text).join('')).toBe(text);
    expect(Math.max(...said.map(({ send_text }) => send_text.text.length))).toBeLessThanOrEqual(1000);
    expect(handshakes).toHaveLength(1);
    expect(handshakes[0]).toMatchObject({ authorization: 'Basic canary', protocols: [] });
  });

  it('opens with a token for each socket, as a subprotocol', async () => {
    const { url, handshakes } = await serve({ key: 'jwt.7' });
    expect((await say(voices(url, { token: async () => 'jwt.7' }), 'Go.')).error).toBeUndefined();
    expect(handshakes[0]).toMatchObject({ authorization: undefined, protocols: ['bearer_jwt.7'] });
  });

  it('shares a socket with four others, and each has its own sound', async () => {
    const { url, handshakes, asked } = await serve();
    const source = voices(url);
    const texts = ['One.', 'Two.', 'Three.', 'Four.', 'Five.', 'Six.'];
    const lines = await Promise.all(texts.map((text) => say(source, text)));
    for (const [index, { samples }] of lines.entries()) {
      expect(samples).toEqual([...(await spoken(texts[index]!)).samples]);
    }
    expect(handshakes).toHaveLength(2);
    expect(asked.filter(({ close_context: close }) => close)).toHaveLength(6);
  });

  it('is cancelled by closing its context; its socket speaks the next', async () => {
    const { url, handshakes, asked } = await serve();
    const source = voices(`${url}?pace=30`);
    const abort = new AbortController();
    const line = (async () => {
      for await (const part of source.speak({ text: TEXT }, abort.signal))
        if (part.type === 'audio') abort.abort();
    })();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => asked.at(-1), soon).toHaveProperty('close_context');
    expect((await say(source, 'Next.')).samples).toEqual([...(await spoken('Next.')).samples]);
    expect(handshakes).toHaveLength(1);
  });
});

describe('a line through Inworld fails', () => {
  it('when the service lets nobody in, or does not know the voice, without the key in any word', async () => {
    const { error } = await say(voices((await serve({ key: 'another' })).url), TEXT);
    expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
    expect(`${error!.message}${error!.stack}`).not.toContain('canary');
    const { url } = await serve();
    expect((await say(voices(url), { text: TEXT, voice: 'nobody' })).error).toMatchObject({
      refusal: 'request',
    });
    expect((await say(voices(url), { text: TEXT, speed: 2 })).error).toMatchObject({ code: 'invalid-input' });
    expect(() => inworldVoices({ url, sampleRate: 11_025 })).toThrow('48000');
  });

  it('when it breaks off, stalls, says nothing, or speaks another language', async () => {
    const { url } = await serve();
    expect((await say(voices(`${url}?die=2`), TEXT)).error).toMatchObject({ code: 'closed-early' });
    const endless = await say(voices(`${url}?end=none`, { timeouts: { stall: 0.3 } }), 'Hi.');
    expect(endless.error).toMatchObject({ code: 'stalled' });
    expect((await say(voices(url), '…')).error).toMatchObject({ code: 'empty' });
    const answers = ['{"oops', '{"error":{"code":13,"message":"canary fell ill"}}', '{"error":{"code":8}}'];
    const server = await startScripted((socket, { create }) => {
      if (create) socket.send(answers.shift()!);
    });
    onTestFinished(() => server.close());
    const source = voices(server.url);
    expect((await say(source, 'One')).error).toMatchObject({ code: 'protocol' });
    const ill = (await say(source, 'Two')).error!;
    expect(ill).toMatchObject({ code: 'service-failed' });
    expect(ill.message).not.toContain('canary');
    expect((await say(source, 'Three')).error).toMatchObject({ code: 'refused', refusal: 'busy' });
  });
});
