import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { type HeadTtsOptions, headTtsVoices } from '../../src/voices/headtts/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type HeadTtsEmulator, serveHeadTts, voiceOfModel } from '../emulators/headtts.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import { type Collected, collect } from '../kit/collect.ts';

const PARTS = ['Papa bought a map of the farm. ', 'My mother may open the window. ', 'Bob waves.'];
const TEXT = PARTS.join('');
const never = new AbortController().signal;

let server: HeadTtsEmulator;
const sources: VoiceSource[] = [];

beforeAll(async () => {
  server = await serveHeadTts();
});
afterEach(() => {
  for (const source of sources.splice(0)) source.dispose();
});
afterAll(async () => {
  await server.close();
  endSpeech();
});

function voices(query = '', options: HeadTtsOptions = {}): VoiceSource {
  const source = headTtsVoices({ url: `${server.url}/?${query}`, openSocket: openNodeSocket, ...options });
  sources.push(source);
  return source;
}

function say(
  source: VoiceSource,
  request: string | SpeechRequest = TEXT,
  signal = never,
): Promise<Collected> {
  return collect(source.speak(typeof request === 'string' ? { text: request } : request, signal));
}

/** The line as the synth makes its parts, with times of the line. */
async function spoken(parts = PARTS, voice = 'af_bella', rate = 24_000) {
  const samples: number[] = [];
  const words: { text: string; start: number }[] = [];
  const closures: number[] = [];
  for (const part of parts) {
    const made = await speech(part, voiceOfModel(voice), rate);
    const from = samples.length / rate;
    for (const { text, start } of made.words) words.push({ text, start: from + start });
    for (const { id, start } of made.phones) if (/^[pbm]$/.test(id)) closures.push(from + start);
    samples.push(...made.samples);
  }
  return { samples, words, closures };
}

describe('a line through HeadTTS', () => {
  it.each(['', 'shuffle=1', 'deltas=10', 'encoding=pcm', 'shuffle=1&deltas=10'])(
    'is what it spoke, with its mouth and words in time: %s',
    async (query) => {
      const line = await say(voices(query));
      const truth = await spoken();
      expect(line.error).toBeUndefined();
      expect(line.samples).toEqual(truth.samples);
      expect(line.words.map(({ text }) => text)).toEqual(truth.words.map(({ text }) => text));
      for (const [index, { start, end, from, to, text }] of line.words.entries()) {
        expect(Math.abs(start - truth.words[index]!.start)).toBeLessThan(0.012);
        expect(end).toBeGreaterThan(start);
        expect(TEXT.slice(from, to)).toBe(text);
      }
      const closed = line.cues.filter(({ viseme }) => viseme === 'PP');
      expect(closed).toHaveLength(truth.closures.length);
      for (const [index, { start }] of closed.entries())
        expect(Math.abs(start - truth.closures[index]!)).toBeLessThan(0.012);
      for (const [index, { start, end }] of line.cues.entries()) {
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThanOrEqual(line.cues[index - 1]?.end ?? 0);
      }
      // The mouth of a part is known before its sound.
      expect(line.types.indexOf('cues')).toBeLessThan(line.types.indexOf('audio'));
      expect(line.types.at(-1)).toBe('end');
    },
  );

  it('goes sentence by sentence, two ahead, with all that a socket must be told', async () => {
    server.asked.length = 0;
    const source = voices();
    await say(source, { text: TEXT, voice: 'am_puck', lang: 'en-GB', speed: 1.5 });
    expect(server.asked[0]).toEqual({
      type: 'setup',
      id: 0,
      data: { voice: 'am_puck', language: 'en-us', speed: 1.5, audioEncoding: 'wav' },
    });
    const asked = server.asked.filter(({ type }) => type === 'synthesize');
    expect(asked).toEqual(
      PARTS.map((input, index) => ({ type: 'synthesize', id: index + 1, data: { input } })),
    );
    const before = server.sockets();
    const next = await say(source, 'Bob waves.');
    expect(server.sockets()).toBe(before);
    expect(next.samples).toEqual((await spoken(['Bob waves.'])).samples);
  });

  it('may have another rate, which its sound says', async () => {
    const line = await say(voices('rate=16000'));
    expect(line.samples).toEqual((await spoken(PARTS, 'af_bella', 16_000)).samples);
  });

  it('is cancelled by closing its socket, and asks for no more', async () => {
    const source = voices('pace=60');
    server.asked.length = 0;
    const abort = new AbortController();
    const long = Array.from({ length: 12 }, () => PARTS[0]).join('');
    let audio = 0;
    const line = (async () => {
      for await (const part of source.speak({ text: long }, abort.signal))
        if (part.type === 'audio' && ++audio === 2) abort.abort();
    })();
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    expect(server.asked.length).toBeLessThan(7);
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source)).error).toBeUndefined();
  });

  it('may be two at once, each on a socket of its own', async () => {
    const source = voices();
    const other = { text: TEXT, voice: 'am_puck' };
    const [one, two] = await Promise.all([say(source), say(source, other)]);
    expect(one.samples).toEqual((await spoken()).samples);
    expect(two.samples).toEqual((await spoken(PARTS, 'am_puck')).samples);
  });

  it('is not cut off by the idle time of the server while it is made, and finds a closed socket replaced', async () => {
    const source = voices('idle=1&pace=600');
    expect((await say(source)).samples).toEqual((await spoken()).samples);
    await expect.poll(() => server.open.size, { timeout: 4000 }).toBe(0);
    expect((await say(source)).error).toBeUndefined();
  });

  it('fails with the reason of the server', async () => {
    const nobody = await say(voices(), { text: TEXT, voice: 'nobody' });
    expect(nobody.error).toMatchObject({ code: 'refused', refusal: 'request' });
    expect(nobody.error!.message).toContain("Error loading voice 'nobody'");
    expect((await say(voices(), { text: TEXT, lang: 'fr' })).error).toMatchObject({ code: 'refused' });
    expect((await say(voices('die=1'))).error).toMatchObject({ code: 'closed-early' });
    expect((await say(voices('rate=96000'))).error).toMatchObject({ code: 'protocol' });
    const patience = { timeouts: { firstAudio: 0.2, stall: 0.2 } };
    expect((await say(voices('pace=5000', patience))).error).toMatchObject({ code: 'first-audio-timeout' });
    expect((await say(voices(), { text: TEXT, speed: 5 })).error).toMatchObject({ code: 'invalid-input' });
    const nowhere = headTtsVoices({ url: 'ws://127.0.0.1:9', openSocket: openNodeSocket });
    expect((await say(nowhere)).error).toMatchObject({ code: 'connect-failed' });
    expect(() => headTtsVoices({ url: 'http://127.0.0.1:8882' })).toThrow(/ws:/);
  });
});
