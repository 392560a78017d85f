import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeTrack } from '../../src/pcm/track-file.ts';
import { encodeWav } from '../../src/pcm/wav.ts';
import { trackOf } from '../../src/speech/track-of.ts';
import { fileVoices, loadRecordingAsync, spokenFile } from '../../src/voices/file/index.ts';
import { endSpeech, speech } from '../emulators/speech.ts';
import type { SpokenText } from '../emulators/spoken-text.ts';
import { collect } from '../kit/collect.ts';

const TEXT = 'The bridge is out. Take the ferry.';
const never = new AbortController().signal;

let said: SpokenText;
let wav: Uint8Array<ArrayBuffer>;
let server: Server;
let site: string;
const files = new Map<string, string | Uint8Array>();

beforeAll(async () => {
  said = await speech(TEXT, 'F1', 24_000);
  wav = encodeWav({ samples: Int16Array.from(said.samples), sampleRate: 24_000 });
  files.set('/line.wav', wav);
  server = createServer(({ url = '' }, response) => {
    const file = files.get(url);
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  endSpeech();
  server.close();
});

describe('a recording', () => {
  it('gets the mouth and words of its sound and text', async () => {
    const track = await loadRecordingAsync({ audio: `${site}/line.wav`, text: TEXT, voice: 'Ada' });
    expect([...track.samples]).toEqual([...said.samples]);
    expect(track).toMatchObject({ text: TEXT, voice: 'Ada', lang: 'en', timing: { origin: 'alignment' } });
    expect(track.words.map(({ text }) => text)).toEqual(said.words.map(({ text }) => text));
    for (const [index, { start }] of said.words.entries())
      expect(Math.abs(track.words[index]!.start - start)).toBeLessThan(0.08);
    const closed = track.cues.filter(({ viseme }) => viseme === 'PP');
    for (const { start } of said.phones.filter(({ id }) => 'pbm'.includes(id)))
      expect(closed.some((other) => Math.abs(other.start - start) < 0.06)).toBe(true);
  });

  it('without text has the mouth of its sound alone', async () => {
    const track = await loadRecordingAsync({ audio: wav.buffer });
    expect(track).toMatchObject({ text: '', words: [], timing: { origin: 'audio' } });
    expect(track.cues.some(({ viseme }) => viseme === 'aa')).toBe(true);
    for (const audio of [wav, new Blob([wav]), new URL(`${site}/line.wav`)])
      expect((await loadRecordingAsync({ audio })).samples).toEqual(track.samples);
  });

  it('is read without its mark-up, whose words stand where the writer put them', async () => {
    const plain = await loadRecordingAsync({ audio: wav, text: TEXT });
    const text = '<emotion sad>The <sub alias="bridge">br.</sub> is <em>out</em>.</emotion> Take the ferry.';
    const track = await loadRecordingAsync({ audio: wav, text });
    expect(track.text).toBe(text);
    expect(track.words.map(({ start }) => start)).toEqual(plain.words.map(({ start }) => start));
    for (const { text: word, from, to } of track.words) expect(text.slice(from, to)).toBe(word);
    expect(track.words.map(({ text: word }) => word)).toEqual('The br. is out Take the ferry'.split(' '));
  });

  it('says which way it took, and how sure it is', async () => {
    const right = await loadRecordingAsync({ audio: wav, text: TEXT });
    expect(right.timing.confidence).not.toBe(0.7);
    const other = { audio: wav, text: 'Buffalo bubbles pop upon my purple mop and Bob laughs.' };
    for (const recording of [other, { audio: wav, text: TEXT, lang: 'he' }])
      expect((await loadRecordingAsync(recording)).timing.origin).toBe('audio');
    const silence = encodeWav({ samples: new Int16Array(48_000), sampleRate: 24_000 });
    const nothing = await loadRecordingAsync({ audio: silence, text: TEXT });
    expect(nothing).toMatchObject({ timing: { origin: 'audio', confidence: 0 }, words: [] });
    const here = await loadRecordingAsync({ audio: wav, text: TEXT }, { worker: false });
    expect(here).toEqual(right);
  });

  it('takes shapes of Rhubarb, as JSON and TSV, and words of its text', async () => {
    const shapes = [
      { start: 0, end: 0.1, value: 'X' },
      { start: 0.1, end: 0.2, value: 'A' },
      { start: 0.2, end: 0.5, value: 'D' },
    ];
    const json = JSON.stringify({ metadata: { soundFile: 'line.wav', duration: 1 }, mouthCues: shapes });
    const tsv = '0.00\tX\n0.10\tA\n0.20\tD\n0.50\tX\n';
    files.set('/line.tsv', tsv);
    for (const cues of [new Blob([json]), `${site}/line.tsv`]) {
      const track = await loadRecordingAsync({ audio: wav, cues });
      expect(track.cues.slice(0, 3)).toEqual([
        { viseme: 'sil', start: 0, end: 0.1, weight: 1 },
        { viseme: 'PP', start: 0.1, end: 0.2, weight: 1 },
        { viseme: 'aa', start: 0.2, end: 0.5, weight: 1 },
      ]);
      expect(track.cues.at(-1)).toMatchObject({ viseme: 'sil', end: track.duration });
    }
    const worded = await loadRecordingAsync({ audio: wav, text: TEXT, cues: new Blob([json]) });
    expect(worded.words).toHaveLength(said.words.length);
    expect(worded.cues[1]!.viseme).toBe('PP');
  });

  it('takes a line.json, with its text, words and timing', async () => {
    const whole = trackOf({
      text: TEXT,
      ...said,
      samples: Int16Array.from(said.samples),
      timing: { origin: 'service', confidence: 1 },
    });
    const cues = new Blob([encodeTrack(whole).json]);
    const track = await loadRecordingAsync({ audio: wav, cues });
    expect(track).toMatchObject({ text: TEXT, timing: { origin: 'service' } });
    expect(track.words).toEqual(whole.words);
    await expect(loadRecordingAsync({ audio: wav, cues, text: 'Another.' })).rejects.toThrow(/Another/);
  });

  it.each([
    [
      'that is no sound',
      () => ({ audio: new TextEncoder().encode('<html>no such file</html>') }),
      /a WAV file/,
    ],
    ['that is empty', () => ({ audio: new Uint8Array(0) }), /got nothing/],
    ['that is cut off', () => ({ audio: wav.slice(0, 1000) }), /cut off/],
    [
      'without samples',
      () => ({ audio: encodeWav({ samples: new Int16Array(0), sampleRate: 8000 }) }),
      /one sample/,
    ],
    [
      'of a rate that no line has',
      () => ({ audio: encodeWav({ samples: new Int16Array(9), sampleRate: 4000 }) }),
      /8000 to 48000 Hz, got 4000/,
    ],
    ['of no kind', () => ({ audio: 7 as never }), /an address, a Blob/],
    ['with cues that are none', () => ({ audio: wav, cues: new Blob(['{"a":1}']) }), /the cues/],
    ['with cues of no shape', () => ({ audio: wav, cues: new Blob(['0.0\tQ']) }), /the cues, line 1/],
    ['with cues of no time', () => ({ audio: wav, cues: new Blob(['soon\tA']) }), /the cues, line 1/],
  ])('is refused in words: %s', async (_what, recording, message) => {
    await expect(loadRecordingAsync(recording())).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(message),
    });
  });

  it('that is not there is told as other files are, without what stands in the query', async () => {
    const loading = loadRecordingAsync({ audio: `${site}/none.wav?token=secret` });
    await expect(loading).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('404') });
    await expect(loading).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });
});

describe('recordings as a voice', () => {
  it('are found by text, voice and language, or spoken by another', async () => {
    const voices = fileVoices([
      { text: TEXT, audio: new Uint8Array(0), lang: 'fr' },
      { text: TEXT, audio: wav, voice: 'Ada' },
    ]);
    const line = await collect(voices.speak({ text: TEXT, voice: 'Ada' }, never));
    expect(line.error).toBeUndefined();
    expect(line.samples).toEqual([...said.samples]);
    expect(line.types.at(-1)).toBe('end');
    const missing = await collect(voices.speak({ text: 'Else.' }, never));
    expect(missing.error).toMatchObject({ code: 'refused' });
    const broken = await collect(voices.speak({ text: TEXT, lang: 'fr' }, never));
    expect(broken.error).toMatchObject({ code: 'invalid-input' });
    const backed = fileVoices([], { fallback: voices });
    expect((await collect(backed.speak({ text: TEXT, voice: 'Ada' }, never))).samples).toEqual(line.samples);
    backed.dispose();
    backed.dispose();
    expect((await collect(voices.speak({ text: TEXT }, never))).error).toMatchObject({ code: 'aborted' });
  });

  it('are a reply that is said once it is loaded, and given up when nobody wants it', async () => {
    const reply = spokenFile({ audio: `${site}/line.wav`, text: TEXT });
    expect(reply).toMatchObject({ text: TEXT, timing: { origin: 'alignment' } });
    expect((await collect(reply.parts())).samples).toEqual([...said.samples]);
    const given = spokenFile({ audio: `${site}/line.wav` });
    expect(given.timing.origin).toBe('audio');
    expect((await collect(given.parts(AbortSignal.abort()))).error).toMatchObject({ code: 'aborted' });
  });
});
