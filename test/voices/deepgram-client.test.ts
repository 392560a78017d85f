import { DeepgramClient } from '@deepgram/sdk';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type DeepgramEmulator, serveDeepgram, voiceOfModel } from '../emulators/deepgram.ts';
import { bytesOfSamples, endSpeech, speech } from '../emulators/speech.ts';

let emulator: DeepgramEmulator | undefined;

afterEach(() => emulator?.close());
afterAll(endSpeech);

describe('the client of Deepgram itself, at our emulator', () => {
  it('gets all of the sound, and the confirmation of its flush', async () => {
    emulator = await serveDeepgram({ key: 'dg-key' });
    const base = emulator.url.replace('/v1/speak', '');
    const client = new DeepgramClient({
      apiKey: 'dg-key',
      environment: { base: base.replace('ws', 'http'), production: base, agent: base, agentRest: base },
    });
    const model = 'aura-2-asteria-en';
    const connection = await client.speak.v1.connect({
      model,
      encoding: 'linear16',
      sample_rate: '24000',
      Authorization: 'Token dg-key',
    });
    const pieces: Blob[] = [];
    const told: string[] = [];
    const flushed = new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.on('message', (message: unknown) => {
        if (message instanceof Blob) pieces.push(message);
        else told.push((message as { type: string }).type);
        if (told.at(-1) === 'Flushed') resolve();
      });
    });
    connection.connect();
    await connection.waitForOpen();
    connection.sendText({ type: 'Speak', text: 'The bridge is out.' });
    connection.sendFlush({ type: 'Flush' });
    await flushed;
    connection.close();
    const { samples } = await speech('The bridge is out.', voiceOfModel(model), 24_000);
    const sound = Buffer.from(await new Blob(pieces).arrayBuffer());
    expect(sound.equals(bytesOfSamples(samples))).toBe(true);
    expect(told).toEqual(['Metadata', 'Flushed']);
    expect(emulator.handshakes[0]!.authorization).toBe('Token dg-key');
  });
});
