/** The vendor's own client and its own idea of the messages, against our emulator and our adapter. */
import { ElevenLabsClient, ElevenLabsError } from '@elevenlabs/elevenlabs-js';
import * as wire from '@elevenlabs/elevenlabs-js/dist/serialization/index.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { elevenLabsVoices } from '../../src/voices/elevenlabs/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type ElevenLabsEmulator, serveElevenLabs } from '../emulators/elevenlabs.ts';
import { Speech, type SpokenText } from '../emulators/spoken-text.ts';
import { collect } from '../kit/collect.ts';

const TEXT = 'Welcome, traveller. The bridge is out.';
const VOICE = 'JBFqnCBsd6RMkjVDRZzb';
let speech: Speech;
let truth: SpokenText;
let server: ElevenLabsEmulator;

beforeAll(async () => {
  speech = new Speech();
  truth = await speech.speak(TEXT, { sampleRate: 24_000, voice: 'M1' });
  server = await serveElevenLabs({ keys: ['key-1'] });
});
afterEach(() => server.told.splice(0));
afterAll(async () => {
  await server.close();
  speech.dispose();
});

const client = (apiKey = 'key-1') =>
  new ElevenLabsClient({ apiKey, baseUrl: server.url.replace('ws:', 'http:'), maxRetries: 0 });

const samplesOf = (pieces: readonly string[]) => {
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
  return Array.from({ length: bytes.length / 2 }, (_, nth) => bytes.readInt16LE(nth * 2));
};

describe('the client of ElevenLabs', () => {
  it('gets whole sound and the times of its characters', async () => {
    const stream = await client().textToSpeech.streamWithTimestamps(VOICE, {
      text: TEXT,
      outputFormat: 'pcm_24000',
    });
    const pieces: string[] = [];
    const chars: string[] = [];
    const starts: number[] = [];
    for await (const { audioBase64, alignment } of stream) {
      pieces.push(audioBase64);
      chars.push(...(alignment?.characters ?? []));
      starts.push(...(alignment?.characterStartTimesSeconds ?? []));
    }
    expect(samplesOf(pieces)).toEqual([...truth.samples]);
    expect(chars.join('')).toBe(TEXT);
    for (const { from, start } of truth.words) expect(starts[from]).toBeCloseTo(start, 6);
  });

  it('is told what is wrong', async () => {
    const ask = (key: string, voice: string) =>
      client(key).textToSpeech.streamWithTimestamps(voice, { text: TEXT, outputFormat: 'pcm_24000' });
    await expect(ask('wrong', VOICE)).rejects.toMatchObject({ statusCode: 401 });
    await expect(ask('key-1', 'nobody')).rejects.toBeInstanceOf(ElevenLabsError);
  });

  it('reads what the emulator sends over sockets', async () => {
    const socket = new WebSocket(
      `${server.url}/v1/text-to-speech/${VOICE}/multi-stream-input?output_format=pcm_24000&sync_alignment=true`,
      { headers: { 'xi-api-key': 'key-1' } },
    );
    await new Promise((resolve) => socket.once('open', resolve));
    const send = async (message: Parameters<typeof wire.SendMessageMulti.jsonOrThrow>[0]) =>
      socket.send(JSON.stringify(wire.SendMessageMulti.jsonOrThrow(message)));
    const pieces: string[] = [];
    const chars: string[] = [];
    const whole = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.isFinal) {
          expect(wire.FinalOutputMulti.parseOrThrow({ isFinal: true, contextId: message.contextId })).toEqual(
            {
              isFinal: true,
              contextId: 'npc',
            },
          );
          resolve();
          return;
        }
        const { audio, alignment, contextId } = wire.AudioOutputMulti.parseOrThrow(message, {
          unrecognizedObjectKeys: 'strip',
        });
        expect(contextId).toBe('npc');
        expect(alignment?.charStartTimesMs).toHaveLength(alignment?.chars?.length ?? -1);
        pieces.push(audio);
        chars.push(...(alignment?.chars ?? []));
      });
    });
    await send({ text: ' ', contextId: 'npc', voiceSettings: { speed: 1 } });
    await send({ text: `${TEXT} `, contextId: 'npc', flush: true });
    await send({ contextId: 'npc', closeContext: true });
    await whole;
    expect(samplesOf(pieces)).toEqual([...truth.samples]);
    expect(chars.join('').trim()).toBe(TEXT);
    socket.close();
  });

  it('knows each message that the adapter sends', async () => {
    for (const model of ['eleven_flash_v2_5', 'eleven_v3']) {
      const source = elevenLabsVoices({
        url: server.url,
        apiKey: 'key-1',
        // For the other path the client knows the field as `xi-api-key`; the service's documents as `xi_api_key`.
        keyIn: model === 'eleven_v3' ? 'header' : 'message',
        model,
        voiceSettings: { stability: 0.5, useSpeakerBoost: true },
        openSocket: openNodeSocket,
      });
      const { error } = await collect(source.speak({ text: TEXT, speed: 1.1 }, new AbortController().signal));
      expect(error).toBeUndefined();
      source.dispose();
    }
    expect(server.told).toHaveLength(6);
    for (const message of server.told) {
      const known = 'context_id' in message ? wire.SendMessageMulti : wire.SendMessage;
      const understood = known.parseOrThrow(message, { unrecognizedObjectKeys: 'fail' });
      expect(known.jsonOrThrow(understood)).toEqual(message);
    }
  });
});
