/** The vendor's own client against our emulator of the service. */
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import type { TTSWS } from '@cartesia/cartesia-js/resources/tts/ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from 'ws';
import { type CartesiaEmulator, serveCartesia } from '../emulators/cartesia.ts';
import { Speech, type SpokenText } from '../emulators/spoken-text.ts';

// As a module the client asks for `ws` by `require`, which modules do not have, so it is taken the other way.
const require = createRequire(import.meta.url);
const { Cartesia } = require('@cartesia/cartesia-js') as typeof import('@cartesia/cartesia-js');
const ws =
  require('@cartesia/cartesia-js/resources/tts/ws') as typeof import('@cartesia/cartesia-js/resources/tts/ws');

const TEXT = 'Welcome, traveller. The bridge is out.';
const VOICE = 'e07c00bc-4134-4eae-9ea4-1a55fb45746b';
let speech: Speech;
let truth: SpokenText;
let server: CartesiaEmulator;
const open: TTSWS[] = [];

beforeAll(async () => {
  speech = new Speech();
  truth = await speech.speak(TEXT, { sampleRate: 44_100, voice: 'F1' });
  server = await serveCartesia({ keys: ['key-1'], concurrency: 2 });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});
afterAll(async () => {
  await server.close();
  speech.dispose();
});

/** The client insists on wss:, so the connection that its socket runs on is made by us, without encryption. */
async function clientOf(apiKey = 'key-1'): Promise<TTSWS> {
  const { hostname, port } = new URL(server.url);
  const plain = { createConnection: () => connect(Number(port), hostname) } as ClientOptions;
  const baseURL = `https://${hostname}:${port}`;
  const socket = new ws.TTSWS(new Cartesia({ apiKey, baseURL }), {
    ...plain,
    headers: { 'Cartesia-Version': '2026-08-14' },
  });
  open.push(socket);
  socket.on('error', () => {});
  return socket.connect();
}

const format = (encoding: 'pcm_s16le' | 'pcm_f32le') =>
  ({ container: 'raw', encoding, sample_rate: 44_100 }) as const;

const options = {
  model_id: 'sonic-3.5',
  voice: VOICE,
  add_timestamps: true,
  add_phoneme_timestamps: true,
} as const;

describe('the client of Cartesia', () => {
  it('gets whole sound, words and phonemes', async () => {
    const client = await clientOf();
    const pieces: Uint8Array[] = [];
    const words: string[] = [];
    const starts: number[] = [];
    const phonemes: string[] = [];
    for await (const event of client.generate({
      ...options,
      output_format: format('pcm_s16le'),
      transcript: TEXT,
    })) {
      if (event.type === 'chunk') pieces.push(event.audio!);
      if (event.type === 'timestamps') {
        words.push(...event.word_timestamps!.words);
        starts.push(...event.word_timestamps!.start);
      }
      if (event.type === 'phoneme_timestamps') phonemes.push(...event.phoneme_timestamps!.phonemes);
    }
    const bytes = Buffer.concat(pieces);
    const samples = Array.from({ length: bytes.length / 2 }, (_, nth) => bytes.readInt16LE(nth * 2));
    expect(samples).toEqual([...truth.samples]);
    expect(words).toEqual(truth.words.map(({ text }) => text));
    expect(starts).toEqual(truth.words.map(({ start }) => start));
    expect(phonemes).toHaveLength(truth.phones.filter(({ id }) => id !== 'pau').length);
  });

  it('speaks pieces on a context, flushes, and hears floats', async () => {
    const client = await clientOf();
    const context = client.context({ ...options, output_format: format('pcm_f32le') });
    await context.push({ transcript: 'Welcome, traveller. ', flush: true });
    await context.push({ transcript: 'The bridge is out.' });
    await context.no_more_inputs();
    const types: string[] = [];
    let bytes = 0;
    for await (const event of context.receive({ timeout: 25_000 })) {
      types.push(event.type);
      if (event.type === 'chunk') bytes += event.audio!.length;
    }
    const parts = await Promise.all(
      ['Welcome, traveller. ', 'The bridge is out.'].map((text) =>
        speech.speak(text, { sampleRate: 44_100, voice: 'F1' }),
      ),
    );
    expect(bytes).toBe(4 * parts.reduce((sum, { samples }) => sum + samples.length, 0));
    expect(types).toContain('flush_done');
    expect(types.at(-1)).toBe('done');
  });

  it('has several lines at a time, cancels one, and is told of too many and of a wrong key', async () => {
    const client = await clientOf();
    const lines = [1, 2, 3].map(() => client.context({ ...options, output_format: format('pcm_s16le') }));
    const ends = lines.map(async (line) => {
      await line.send({ transcript: TEXT, continue: false });
      let last = '';
      for await (const { type } of line.receive({ timeout: 25_000 })) last = type;
      return last;
    });
    await expect(ends[2]).rejects.toThrow(/concurrency limit/);
    await lines[1]!.cancel();
    expect(await ends[0]).toBe('done');
    expect(await ends[1]).not.toBe('done');
    await expect(clientOf('wrong')).rejects.toMatchObject({ message: /401/ });
  });
});
