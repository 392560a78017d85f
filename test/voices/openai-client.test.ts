import { connect } from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type OpenAiEmulator, serveOpenAi, voiceOfModel } from '../emulators/openai.ts';
import { bytesOfSamples, endSpeech, speech } from '../emulators/speech.ts';

let emulator: OpenAiEmulator | undefined;

afterEach(() => emulator?.close());
afterAll(endSpeech);

/** The client of OpenAI itself. It always means TLS, of which nothing is needed on this machine. */
function open({ url }: OpenAiEmulator): OpenAIRealtimeWS {
  const { host, port } = new URL(url);
  const client = new OpenAI({ apiKey: 'sk-1', baseURL: `http://${host}/v1` });
  const createConnection = () => connect(Number(port), '127.0.0.1');
  return new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { createConnection } as never }, client);
}

describe('the client of OpenAI itself, at our emulator', () => {
  it('gets all of the sound and of the words of an answer', async () => {
    emulator = await serveOpenAi({ key: 'sk-1', replies: ['The bridge is out.'] });
    const realtime = open(emulator);
    const sound: Buffer[] = [];
    let words = '';
    realtime.on('response.output_audio.delta', ({ delta }) => sound.push(Buffer.from(delta, 'base64')));
    realtime.on('response.output_audio_transcript.delta', ({ delta }) => {
      words += delta;
    });
    const status = await new Promise((resolve, reject) => {
      realtime.on('error', reject);
      realtime.on('response.done', ({ response }) => resolve(response.status));
      realtime.on('session.created', () => {
        const output = { voice: 'ash', format: { type: 'audio/pcm', rate: 24_000 } } as const;
        realtime.send({ type: 'session.update', session: { type: 'realtime', audio: { output } } });
        const content = [{ type: 'input_text', text: 'What is wrong?' }] as const;
        realtime.send({
          type: 'conversation.item.create',
          item: { type: 'message', role: 'user', content: [...content] },
        });
        realtime.send({ type: 'response.create' });
      });
    });
    realtime.close();
    const { samples } = await speech('The bridge is out.', voiceOfModel('ash'), 24_000);
    expect(status).toBe('completed');
    expect(words).toBe('The bridge is out.');
    expect(Buffer.concat(sound).equals(bytesOfSamples(samples))).toBe(true);
  });

  it('is told what it did wrong', async () => {
    emulator = await serveOpenAi();
    const realtime = open(emulator);
    const error = await new Promise<Error>((resolve) => {
      realtime.on('error', resolve);
      realtime.on('session.created', () => realtime.send({ type: 'response.cancel', event_id: 'mine' }));
    });
    realtime.close();
    expect(error.message).toContain('code=response_cancel_not_active');
    expect(error.message).toContain('event_id=mine');
  });
});
