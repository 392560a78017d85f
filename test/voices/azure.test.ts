import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Cue } from '../../src/speech/cue.ts';
import { readLexicon } from '../../src/speech/lexicon.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { collectTrack } from '../../src/speech/track.ts';
import { FliteSynth } from '../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../src/synth/flite/node-flite.ts';
import { type AzureOptions, azureVoices } from '../../src/voices/azure/azure-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { FPS, shapesAt } from '../emulators/azure/face.ts';
import { said } from '../emulators/azure/said.ts';
import { readSsml } from '../emulators/azure/ssml.ts';
import { type AzureEmulator, serveAzure } from '../emulators/azure.ts';
import { collect, say } from '../kit/collect.ts';

let server: AzureEmulator;
const synth = new FliteSynth(nodeFlite());
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  server = await serveAzure();
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  server.ssml.length = 0;
  server.told.length = 0;
});

afterAll(async () => {
  synth.dispose();
  await server.close();
});

function voices(query = '', options: Partial<AzureOptions> = {}): VoiceSource {
  const source = azureVoices({
    url: server.url + query,
    apiKey: 'sk-azure-1',
    openSocket: openNodeSocket,
    ...options,
  });
  closing.push(() => source.dispose());
  return source;
}

/** What the service's own synth makes of the SSML that it was sent last. */
function truth(sampleRate = 24_000) {
  return said(synth, readSsml(server.ssml.at(-1)!), sampleRate);
}

const at = (cues: readonly Cue[], time: number) =>
  cues.find(({ start, end }) => time >= start && time < end)?.viseme;

const LINE = 'Bob & Pam paid my home bill, "maybe".';

describe('a line through Azure Speech', () => {
  it.each(['', '?odd=1', '?order=late', '?odd=1&order=late&words=plain'])(
    '%s: is heard and seen as it was made',
    async (query) => {
      const { samples, words, cues, types, error } = await say(voices(query), LINE);
      expect(error).toBeUndefined();
      const made = await truth();
      expect(samples).toEqual([...made.samples]);
      expect(words.map(({ text }) => text)).toEqual([
        'Bob',
        '&',
        'Pam',
        'paid',
        'my',
        'home',
        'bill',
        'maybe',
      ]);
      for (const [index, word] of words.entries()) {
        expect(LINE.slice(word.from, word.to)).toBe(word.text);
        expect(word.start).toBeCloseTo(made.words[index]!.start, 6);
        expect(word.end).toBeCloseTo(made.words[index]!.end, 6);
      }
      // Every p b m that the synth spoke closes the mouth for as long as it lasts.
      const closed = made.visemes.filter(({ id }) => id === 21);
      expect(closed.length).toBeGreaterThan(7);
      for (const { start, end } of closed) expect(at(cues, (start + end) / 2)).toBe('PP');
      for (const [index, cue] of cues.entries())
        expect(cue.start).toBeGreaterThanOrEqual(cues[index - 1]?.end ?? 0);
      expect(cues.at(-1)).toMatchObject({ viseme: 'sil' });
      expect(cues.at(-1)!.end).toBeCloseTo(made.duration, 6);
      expect(types.at(-1)).toBe('end');
    },
  );

  it.each([16_000, 24_000, 48_000])('at %i Hz', async (sampleRate) => {
    const { samples } = await say(voices('?odd=1', { sampleRate }), 'Hello.');
    expect(samples).toEqual([...(await truth(sampleRate)).samples]);
  });

  it('says in its voice and speed what stands in the text, and nothing else', async () => {
    const text = 'One < two, </voice> "three" & so on\u0007.';
    const { error, words } = await say(voices(), {
      text,
      voice: 'en-US-GuyNeural',
      lang: 'en-GB',
      speed: 1.25,
    });
    expect(error).toBeUndefined();
    expect(server.ssml[0]).toContain(
      'xml:lang="en-GB"><voice name="en-US-GuyNeural"><lang xml:lang="en-GB"><prosody rate="+25%">',
    );
    expect(server.ssml[0]).toContain('One &lt; two, &quot;three&quot; &amp; so on .');
    for (const word of words) expect(text.slice(word.from, word.to)).toBe(word.text);
    expect(words.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['One', 'two', 'three', 'so', 'on']),
    );
    await expect(
      collect(voices().speak({ text: 'Hi', speed: 3 }, AbortSignal.timeout(5000))),
    ).resolves.toMatchObject({
      error: { code: 'invalid-input' },
    });
  });

  it('is told mark-up and lexicon in SSML, and brings words back to the text as given', async () => {
    const lexicon = readLexicon({
      version: 1,
      words: { en: { Mira: 'ˈmaɪɹə', NPC: { say: 'en pee see' } } },
    });
    const text = 'Hi <em>Mira</em>.<pause 0.3s/> An NPC, <sub alias="doctor">Dr.</sub> Who.';
    const { words, error } = await say(voices('', { lexicon }), text);
    expect(error).toBeUndefined();
    expect(server.ssml[0]).toContain(
      '<emphasis level="moderate"><phoneme alphabet="ipa" ph="ˈmaɪɹə">Mira</phoneme></emphasis>.<break time="300ms"/> An en pee see, doctor Who.',
    );
    expect(words.map(({ text }) => text)).toEqual(['Hi', 'Mira', 'An', 'NPC', 'Dr.', 'Who']);
    for (const word of words) expect(text.slice(word.from, word.to)).toBe(word.text);
  });

  it('takes tables of visemes from the app', async () => {
    const { cues } = await say(voices('', { visemes: { 21: [['FF', 0.5]] } }), 'Papa');
    expect(cues.some(({ viseme }) => viseme === 'PP')).toBe(false);
    expect(cues.some(({ viseme, weight }) => viseme === 'FF' && weight === 0.5)).toBe(true);
  });
});

describe('frames of the face', () => {
  /** The frames as the service makes them, of the visemes that its synth spoke. */
  async function framesOf(duration: number): Promise<number[]> {
    const { visemes } = await truth();
    return Array.from({ length: Math.ceil(duration * FPS) }, (_, frame) =>
      shapesAt(visemes, frame / FPS),
    ).flat();
  }

  it.each(['', '?order=late', '?face=groups'])(
    '%s: come whole, put together from their pieces',
    async (query) => {
      const asked = { text: LINE };
      const parts = voices(query, { shapes: true }).speak(asked, new AbortController().signal);
      const track = await collectTrack(
        parts,
        { text: LINE, voice: '', lang: '' },
        { origin: 'service', confidence: 1 },
      );
      const frames = await framesOf(track.duration);
      expect(track.shapes?.fps).toBe(FPS);
      expect(track.shapes?.frames.length).toBe(frames.length);
      for (const [index, weight] of frames.entries())
        expect(track.shapes!.frames[index]).toBe(Math.fround(weight));
      expect(server.ssml.at(-1)).toContain('<mstts:viseme type="FacialExpression"/>');
    },
  );

  it('leave the cues as they are without them, where the service tells each sound', async () => {
    const plain = await say(voices(), LINE);
    const framed = await say(voices('', { shapes: true }), LINE);
    expect(plain.shapes).toHaveLength(0);
    expect(framed.shapes.length).toBeGreaterThan(3);
    const speech = (cues: readonly Cue[]) => cues.filter(({ viseme }) => viseme !== 'sil');
    expect(speech(framed.cues)).toEqual(speech(plain.cues));
  });

  it.each(['', '&order=late'])(
    'make the cues where the service tells groups of sounds alone%s',
    async (order) => {
      const { cues, error } = await say(voices(`?face=groups${order}`, { shapes: true }), LINE);
      expect(error).toBeUndefined();
      const { visemes } = await truth();
      const closed = visemes.filter(({ id, start, end }) => id === 21 && end - start > 0.06);
      expect(closed.length).toBeGreaterThan(5);
      for (const { start, end } of closed) expect(at(cues, (start + end) / 2)).toBe('PP');
      const open = visemes.filter(({ id, start, end }) => [1, 2, 9, 11].includes(id) && end - start > 0.08);
      for (const { start, end } of open) expect(['aa', 'E', 'O']).toContain(at(cues, (start + end) / 2));
      for (const [index, cue] of cues.entries()) {
        expect(cue.start).toBeGreaterThanOrEqual((cues[index - 1]?.end ?? 0) - 1e-9);
        expect(cue.end).toBeGreaterThan(cue.start);
      }
    },
  );

  it.each(['', 'face=groups&'])('make the same cues before or after their sound (%s)', async (face) => {
    const early = await say(voices(`?${face}`, { shapes: true }), LINE);
    const late = await say(voices(`?${face}order=late`, { shapes: true }), LINE);
    expect(early.cues.length).toBeGreaterThan(20);
    expect(late.cues).toEqual(early.cues);
  });

  it('make cues at once where groups were seen to stand alone', async () => {
    const source = voices('?face=groups', { shapes: true });
    let [sound, told, groups] = [0, 0, 0];
    for await (const part of source.speak({ text: LINE }, new AbortController().signal)) {
      if (part.type === 'audio') sound += part.samples.length / part.sampleRate;
      if (part.type === 'cues') told = part.cues.at(-1)!.end;
      if (part.type === 'shapes') groups++;
      // The first group stands alone or not: only the second tells.
      if (part.type === 'audio' && groups > 1) expect(told).toBeGreaterThan(sound - 0.05);
    }
    expect(groups).toBeGreaterThan(4);
  });
});

describe('sockets', () => {
  it('carry one line after another, and several lines at once go over several', async () => {
    const before = server.opened;
    const source = voices();
    await say(source, 'One.');
    await say(source, 'Two.');
    expect(server.opened - before).toBe(1);
    expect(server.told.filter((path) => path === 'speech.config')).toHaveLength(1);
    const both = await Promise.all([say(source, 'Red.'), say(source, 'Green and blue.')]);
    expect(server.opened - before).toBe(2);
    for (const { error } of both) expect(error).toBeUndefined();
    expect(both[0].samples.length).toBeLessThan(both[1].samples.length);
  });

  it('stay open when a line is cancelled, at each stage, and nothing of it comes after', async () => {
    const before = server.opened;
    const source = voices('?pace=20');
    const control = () => server.told.filter((path) => path === 'synthesis.control').length;
    for (const stage of ['audio', 'words', 'first'] as const) {
      const controller = new AbortController();
      const parts: string[] = [];
      const line = (async () => {
        for await (const part of source.speak({ text: LINE.repeat(4) }, controller.signal)) {
          parts.push(part.type);
          if (stage === 'first' || part.type === stage) controller.abort();
        }
      })();
      await expect(line).rejects.toMatchObject({ code: 'aborted' });
      const count = parts.length;
      await expect.poll(control).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(parts).toHaveLength(count);
      expect((await say(source, 'Go on.')).error).toBeUndefined();
    }
    expect(server.opened - before).toBe(1);
    expect(control()).toBe(3);
  });

  it('that do not hear of it are closed after a second, and another is opened meanwhile', async () => {
    const before = server.opened;
    const source = voices('?pace=1&stop=deaf');
    const controller = new AbortController();
    const line = say(source, LINE.repeat(3), controller.signal);
    setTimeout(() => controller.abort(), 200);
    expect((await line).error?.code).toBe('aborted');
    expect((await say(source, 'Go.')).error).toBeUndefined();
    expect(server.opened - before).toBe(2);
  });

  it('are opened with the key in a header, in the query where none can be sent, or with a token asked for each time', async () => {
    vi.stubGlobal('WebSocket', WebSocket); // As pages and newer Nodes have one of their own.
    closing.push(() => vi.unstubAllGlobals());
    expect((await say(voices('', { openSocket: undefined as never }), 'Hi')).error).toBeUndefined();
    let nth = 0;
    const token = async () => `token-${++nth}`;
    for (const openSocket of [openNodeSocket, undefined as never]) {
      const source = voices('', { apiKey: undefined, token, openSocket });
      expect((await Promise.all([say(source, 'Hi'), say(source, 'Ho')])).map(({ error }) => error)).toEqual([
        undefined,
        undefined,
      ]);
    }
    expect(nth).toBe(4);
    const none = voices('', { token: () => Promise.reject(new Error('no login')) });
    expect((await say(none, 'Hi')).error?.code).toBe('connect-failed');
  });
});

describe('refusals', () => {
  it.each<[query: string, options: Partial<AzureOptions>, expected: object]>([
    ['', { apiKey: 'bad-azure-2' }, { code: 'refused', refusal: 'key' }],
    ['', { apiKey: undefined, token: async () => 'bad-azure-2' }, { code: 'refused', refusal: 'key' }],
    ['?refuse=429', {}, { code: 'refused', refusal: 'busy', retryAfterSeconds: 7 }],
    ['?close=throttled', {}, { code: 'refused', refusal: 'busy' }],
    ['?close=throttled-1007', {}, { code: 'refused', refusal: 'busy' }],
    ['?close=quota', {}, { code: 'refused', refusal: 'busy' }],
    ['?close=broken&after=2', {}, { code: 'closed-early' }],
    ['?end=none', { timeouts: { stall: 0.3 } }, { code: 'stalled' }],
  ])('%s %o', async (query, options, expected) => {
    const { error } = await say(voices(query, options), LINE);
    expect(error).toMatchObject(expected);
    expect(`${error?.message} ${error?.stack} ${String(error?.cause)}`).not.toMatch(/azure-[12]/);
  });

  it('tell what to do about a voice that is retired, or not there', async () => {
    const retired = (await say(voices(), { text: 'Hi', voice: 'en-US-AriaRUS' })).error;
    expect(retired).toMatchObject({
      refusal: 'retired',
      message: expect.stringMatching(/neural voice, such as/),
    });
    const unknown = (await say(voices(), { text: 'Hi', voice: 'en-US-NobodyNeural' })).error;
    expect(unknown).toMatchObject({
      refusal: 'request',
      message: expect.stringMatching(/Unsupported voice.*Check its name/),
    });
  });

  it('of SSML are the line’s own', async () => {
    const { error } = await say(voices(), { text: 'Hi', lang: 'no language' });
    expect(error).toMatchObject({
      code: 'refused',
      refusal: 'request',
      message: expect.stringMatching(/SSML is invalid/),
    });
  });

  it('come before anything is opened where an option makes no sense', () => {
    expect(() => azureVoices({ region: 'west europe!' })).toThrow(/region/);
    expect(() => azureVoices({})).toThrow(/region/);
    expect(() => azureVoices({ region: 'westeurope', sampleRate: 44_100 })).toThrow(/24000, 16000, 48000/);
    expect(azureVoices({ region: 'usgovvirginia' }).name).toBe('azure');
  });
});
