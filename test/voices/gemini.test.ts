import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type GeminiOptions, geminiVoices } from '../../src/voices/gemini/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import {
  type GeminiEmulator,
  type GeminiEmulatorOptions,
  serveGemini,
  voiceOfModel,
} from '../emulators/gemini.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { say } from '../kit/collect.ts';
import { startScripted } from '../kit/scripted-server.ts';

afterAll(endSpeech);

async function serve(options?: GeminiEmulatorOptions): Promise<GeminiEmulator> {
  const emulator = await serveGemini(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

function voices(url: string, options: GeminiOptions = {}): VoiceSource {
  const source = geminiVoices({ url, apiKey: 'canary', openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

const never = new AbortController().signal;

async function spoken(text: string, voice = 'Kore', rate = 24_000): Promise<number[]> {
  return [...(await speech(text, voiceOfModel(voice), rate)).samples];
}

const TEXT = 'The bridge is out. Take the ferry.';

describe('a line through Gemini', () => {
  it('is what the service spoke, sample for sample, in each of its forms and at any rate', async () => {
    const { url } = await serve();
    for (const form of ['', '?text=1', '?odd=1&order=late']) {
      const { samples, error, types } = await say(voices(url + form), TEXT);
      expect(error).toBeUndefined();
      expect(samples).toEqual(await spoken(TEXT));
      expect(types.at(-1)).toBe('end');
    }
    for await (const part of voices(`${url}?rate=16000`).speak({ text: 'Go.' }, never)) {
      if (part.type === 'audio') expect(part.sampleRate).toBe(16_000);
    }
  });

  it('asks for the text to be read, in a voice and language, once the service is ready', async () => {
    const { url, handshakes, asked } = await serve({ key: 'canary' });
    const source = voices(url, { model: 'gemini-9-live', manner: 'Whisper.' });
    const { samples } = await say(source, { text: TEXT, voice: 'Puck', lang: 'en-US', speed: 1.2 });
    expect(samples).toEqual(await spoken(TEXT, 'Puck'));
    expect(handshakes[0]!.search).toBe('?key=canary');
    expect(asked).toEqual([
      {
        setup: {
          model: 'models/gemini-9-live',
          generationConfig: {
            responseModalities: ['AUDIO'],
            speechConfig: {
              voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } },
              languageCode: 'en-US',
            },
          },
          systemInstruction: {
            parts: [
              { text: expect.stringMatching(/exactly the words.*1\.2 times your usual pace\. Whisper\.$/) },
            ],
          },
        },
      },
      { clientContent: { turns: [{ role: 'user', parts: [{ text: TEXT }] }], turnComplete: true } },
    ]);
  });

  it('opens with an ephemeral token for each line, at the address for tokens', async () => {
    const { url, handshakes } = await serve({ tokens: ['t/1', 't/2'] });
    let given = 0;
    const source = voices(url, { token: async () => `t/${++given}` });
    expect((await say(source, 'One.')).error).toBeUndefined();
    expect((await say(source, 'Two.')).error).toBeUndefined();
    expect(handshakes.map(({ pathname }) => pathname.split('.').at(-1))).toEqual([
      'BidiGenerateContentConstrained',
      'BidiGenerateContentConstrained',
    ]);
    expect((await say(source, 'Three.')).error).toMatchObject({ refusal: 'key' });
  });

  it('is a conversation of its own beside others, and is cancelled by closing it', async () => {
    const { url, handshakes } = await serve();
    const source = voices(`${url}?pace=20`);
    const abort = new AbortController();
    const cancelled = (async () => {
      for await (const part of source.speak({ text: TEXT }, abort.signal))
        if (part.type === 'audio') abort.abort();
    })();
    const lines = [say(source, 'One.'), say(source, { text: 'Two.', voice: 'Leda' })] as const;
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
    expect((await lines[0]).samples).toEqual(await spoken('One.'));
    expect((await lines[1]).samples).toEqual(await spoken('Two.', 'Leda'));
    expect(handshakes).toHaveLength(3);
  });
});

describe('a line through Gemini fails', () => {
  it('when the service refuses it, in its close frames, without the key in any word', async () => {
    const { error } = await say(voices((await serve({ key: 'another' })).url), TEXT);
    expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
    expect(`${error!.message}${error!.stack}`).not.toContain('canary');
    const { url } = await serve();
    expect((await say(voices(url), { text: TEXT, voice: 'nobody' })).error).toMatchObject({
      refusal: 'request',
    });
    const stranger = await say(voices(url, { model: 'palm' }), TEXT);
    expect(stranger.error).toMatchObject({ code: 'refused' });
    expect(stranger.error!.message).toContain('models/palm is not found');
  });

  it('when it breaks off, stalls, says nothing, changes its rate, or speaks another language', async () => {
    const { url } = await serve();
    expect((await say(voices(`${url}?die=2`), TEXT)).error).toMatchObject({ code: 'closed-early' });
    const endless = await say(voices(`${url}?end=none`, { timeouts: { stall: 0.3 } }), 'Hi.');
    expect(endless.error).toMatchObject({ code: 'stalled' });
    expect((await say(voices(url), '…')).error).toMatchObject({ code: 'empty' });
    const sound = (rate: number) => {
      const inlineData = { mimeType: `audio/pcm;rate=${rate}`, data: Buffer.alloc(20).toString('base64') };
      return JSON.stringify({ serverContent: { modelTurn: { parts: [{ inlineData }] } } });
    };
    const answers = [[sound(24_000), sound(16_000)], ['{"oops']];
    const server = await startScripted((socket) => {
      for (const answer of answers.shift() ?? []) socket.send(answer);
    });
    onTestFinished(() => server.close());
    expect((await say(voices(server.url), TEXT)).error).toMatchObject({ code: 'protocol' });
    expect((await say(voices(server.url), TEXT)).error).toMatchObject({ code: 'protocol' });
  });
});
