import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { decodeWav } from '../../src/pcm/wav.ts';
import { type HeadTtsEmulator, serveHeadTts, voiceOfModel } from '../emulators/headtts.ts';
import { endSpeech, speech } from '../emulators/speech.ts';

/** What the vendor's client gives for a part. */
interface Part {
  readonly type: string;
  readonly data: {
    readonly audio: Int16Array;
    readonly words: string[];
    readonly visemes: string[];
    readonly vtimes: number[];
    readonly vdurations: number[];
    readonly error?: string;
  };
}

interface Client {
  connect(): Promise<void>;
  setup(data: object): Promise<void>;
  synthesize(data: object): Promise<Part[]>;
  ws: { close(): void } | null;
}

let server: HeadTtsEmulator;
let client: Client;

async function connect(query = ''): Promise<Client> {
  // It is made for pages; the client is the vendor's own all the same, and so is the way it reads what comes.
  const { HeadTTS } = (await import('@met4citizen/headtts' as string)) as {
    HeadTTS: new (settings: object) => Client;
  };
  const decodeAudioData = async (file: ArrayBuffer) => decodeWav(new Uint8Array(file)).samples;
  client = new HeadTTS({ endpoints: [`${server.url}/${query}`], audioCtx: { decodeAudioData } });
  await client.connect();
  return client;
}

beforeEach(async () => {
  server = await serveHeadTts();
  vi.stubGlobal('window', { location: { href: 'http://localhost/' } });
  vi.stubGlobal('WebSocket', WebSocket);
});
afterEach(async () => {
  client.ws?.close();
  await expect.poll(() => server.open.size).toBe(0);
  await server.close();
  vi.unstubAllGlobals();
});
afterAll(endSpeech);

const PARTS = ['Papa bought a map. ', 'My mother may open the window.'];

describe('the client of HeadTTS itself, at our emulator', () => {
  it.each(['', '?shuffle=1'])(
    'gets all parts in order, with sound, words and shapes: "%s"',
    async (query) => {
      const { setup, synthesize } = await connect(query).then((own) => ({
        setup: own.setup.bind(own),
        synthesize: own.synthesize.bind(own),
      }));
      await setup({ voice: 'am_puck', language: 'en-us', speed: 1, audioEncoding: 'wav' });
      const parts = await synthesize({ input: PARTS.join('') });
      expect(parts).toHaveLength(2);
      for (const [index, { type, data }] of parts.entries()) {
        const said = (server.asked.at(index - 2)!.data as { input: string[] }).input.join('');
        const truth = await speech(said, voiceOfModel('am_puck'), 24_000);
        expect(type).toBe('audio');
        expect([...data.audio]).toEqual([...truth.samples]);
        expect(data.words.join('')).toBe(said);
        const closures = truth.phones.filter(({ id }) => /^[pbm]$/.test(id));
        const told = data.visemes.flatMap((name, at) => (name === 'PP' ? [data.vtimes[at]! + 10] : []));
        expect(told).toEqual(closures.map(({ start }) => Math.round(start * 1000)));
      }
    },
  );

  it('is told what went wrong', async () => {
    const own = await connect();
    await own.setup({ voice: 'nobody' });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const [part] = await own.synthesize({ input: 'Hello there.' });
    expect(part).toMatchObject({ type: 'error', data: { error: "Error loading voice 'nobody'." } });
    vi.restoreAllMocks();
  });
});
