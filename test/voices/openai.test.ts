import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type OpenAiOptions, openAiVoices } from '../../src/voices/openai/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type OpenAiEmulator,
  type OpenAiEmulatorOptions,
  serveOpenAi,
  voiceOfModel,
} from '../emulators/openai.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { say } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

/** A synth takes a second to begin where other tests run. */
const soon = { timeout: 10_000 };

afterAll(endSpeech);

async function serve(options?: OpenAiEmulatorOptions): Promise<OpenAiEmulator> {
  const emulator = await serveOpenAi(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

function voices(url: string, options: OpenAiOptions = {}): VoiceSource {
  const source = openAiVoices({ url, apiKey: 'sk-canary', openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

const never = new AbortController().signal;

async function spoken(text: string, voice = 'marin', speed = 1): Promise<number[]> {
  return [...(await speech(text, voiceOfModel(voice), 24_000, speed)).samples];
}

const TEXT = 'The bridge is out. Take the ferry.';

describe('a line through OpenAI', () => {
  it('is what the service spoke, sample for sample, in each of its forms', async () => {
    const { url } = await serve();
    for (const form of ['', '?old=1', '?odd=1&order=late']) {
      const { samples, error, types } = await say(voices(url + form), TEXT);
      expect(error).toBeUndefined();
      expect(samples).toEqual(await spoken(TEXT));
      expect(types.at(-1)).toBe('end');
    }
  });

  it('asks for the text to be read, in a voice, beside any conversation, with the key in the header alone', async () => {
    const { url, handshakes, asked } = await serve({ key: 'sk-canary' });
    const source = voices(url, { model: 'gpt-realtime-mini', manner: 'Whisper.' });
    const { samples } = await say(source, { text: TEXT, voice: 'cedar', speed: 1.2, lang: 'en' });
    expect(samples).toEqual(await spoken(TEXT, 'cedar', 1.2));
    expect(handshakes).toHaveLength(1);
    expect(handshakes[0]).toMatchObject({ authorization: 'Bearer sk-canary', protocols: [] });
    expect(handshakes[0]!.url.search).toBe('?model=gpt-realtime-mini');
    const [update, create] = asked as [{ session: unknown }, { response: { instructions: string } }];
    expect(update.session).toEqual({
      type: 'realtime',
      output_modalities: ['audio'],
      audio: {
        input: { turn_detection: null },
        output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'cedar', speed: 1.2 },
      },
    });
    expect(create.response).toMatchObject({
      conversation: 'none',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: TEXT }] }],
    });
    expect(create.response.instructions).toMatch(/exactly the words.*language is en\. Whisper\.$/);
  });

  it('opens with an ephemeral key for each socket, as a subprotocol', async () => {
    const { url, handshakes } = await serve({ key: 'ek_7' });
    const source = voices(url, { token: async () => 'ek_7' });
    expect((await say(source, TEXT)).error).toBeUndefined();
    expect(handshakes[0]).toMatchObject({
      authorization: undefined,
      protocols: ['realtime', 'openai-insecure-api-key.ek_7'],
    });
  });

  it('uses a socket again for the same voice, and others at the same time', async () => {
    const { url, handshakes } = await serve();
    const source = voices(url);
    await say(source, 'One.');
    expect((await say(source, { text: 'Two.', speed: 0.8 })).samples).toEqual(
      await spoken('Two.', 'marin', 0.8),
    );
    expect(handshakes).toHaveLength(1);
    const lines = await Promise.all([
      say(source, 'Three.'),
      say(source, 'Four.'),
      say(source, { text: 'Five.', voice: 'ash' }),
    ]);
    expect(lines[0]!.samples).toEqual(await spoken('Three.'));
    expect(lines[1]!.samples).toEqual(await spoken('Four.'));
    expect(lines[2]!.samples).toEqual(await spoken('Five.', 'ash'));
    expect(handshakes).toHaveLength(3);
  });
});

describe('a line through OpenAI that is cancelled', () => {
  it('is cancelled by its name, and the socket speaks the next one whole', async () => {
    const { url, asked, handshakes } = await serve();
    const source = voices(`${url}?pace=20`);
    const abort = new AbortController();
    const line = (async () => {
      for await (const part of source.speak({ text: TEXT }, abort.signal))
        if (part.type === 'audio') abort.abort();
    })();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    await expect
      .poll(() => asked.at(-1), soon)
      .toMatchObject({ type: 'response.cancel', response_id: 'resp_3' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await say(source, 'Next.')).samples).toEqual(await spoken('Next.'));
    expect(handshakes).toHaveLength(1);
  });

  it('at once after it was asked for: the service is told as soon as the response has a name', async () => {
    const { url, asked, handshakes } = await serve();
    const source = voices(`${url}?pace=20`);
    const abort = new AbortController();
    const line = say(source, TEXT, abort.signal);
    await expect.poll(() => handshakes.length, soon).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    expect((await line).error).toMatchObject({ code: 'aborted' });
    expect((await say(source, 'Next.')).samples).toEqual(await spoken('Next.'));
    expect(asked.filter(({ type }) => type === 'response.create').length).toBeLessThanOrEqual(2);
  });

  it('when it was over already: the complaint of the service is passed over', async () => {
    const server = await startScripted((socket, { type }, nth) => {
      const tell = (event: object) => socket.send(JSON.stringify(event));
      const response = { id: `r${nth}`, status: 'completed' };
      const delta = Buffer.alloc(20).toString('base64');
      if (type === 'response.create') {
        tell({ type: 'response.created', response: { id: `r${nth}` } });
        tell({ type: 'response.output_audio.delta', response_id: `r${nth}`, item_id: 'i', delta });
        if (nth > 1) tell({ type: 'response.done', response });
      }
      if (type !== 'response.cancel') return;
      tell({ type: 'response.done', response: { id: 'r1', status: 'completed' } });
      tell({ type: 'error', error: { code: 'response_cancel_not_active', message: 'no active response' } });
    });
    onTestFinished(() => server.close());
    const source = voices(server.url);
    for await (const _ of source.speak({ text: 'One' }, never)) break;
    await expect.poll(() => server.requests.length, soon).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await say(source, 'Two')).samples).toHaveLength(10);
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('a line through OpenAI fails', () => {
  it('when the service lets nobody in, or does not know the voice, without the key in any word', async () => {
    const { url } = await serve({ key: 'another' });
    const { error } = await say(voices(url), TEXT);
    expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
    expect(`${error!.message}${error!.stack}`).not.toContain('canary');
    const stranger = await say(voices((await serve()).url), { text: TEXT, voice: 'nobody' });
    expect(stranger.error).toMatchObject({ code: 'refused', refusal: 'request' });
    expect((await say(voices(url), { text: TEXT, speed: 2 })).error).toMatchObject({ code: 'invalid-input' });
  });

  it('at the limit of the account, and says when it is over', async () => {
    const { url } = await serve({ requests: 1 });
    const source = voices(url);
    expect((await say(source, TEXT)).error).toBeUndefined();
    expect((await say(source, TEXT)).error).toMatchObject({ refusal: 'busy', retryAfterSeconds: 12.5 });
  });

  it.each([
    ['failed', 'service-failed'],
    ['incomplete', 'service-failed'],
    ['cancelled', 'service-failed'],
  ])('when its response is %s', async (status, code) => {
    const { url } = await serve();
    const { samples, error } = await say(voices(`${url}?status=${status}`), 'Hi.');
    expect(error).toMatchObject({ code });
    expect(samples).toEqual(await spoken('Hi.'));
  });

  it('when it breaks off, stalls, says nothing, or speaks another language', async () => {
    const { url } = await serve();
    expect((await say(voices(`${url}?die=2`), TEXT)).error).toMatchObject({ code: 'closed-early' });
    const endless = await say(voices(`${url}?end=none`, { timeouts: { stall: 0.3 } }), 'Hi.');
    expect(endless.error).toMatchObject({ code: 'stalled' });
    expect((await say(voices(url), '…')).error).toMatchObject({ code: 'empty' });
    const server = await startScripted((socket) =>
      socket.send('{"type":"response.output_audio.delta","delta":7}'),
    );
    onTestFinished(() => server.close());
    expect((await say(voices(server.url), TEXT)).error).toMatchObject({ code: 'protocol' });
  });
});
