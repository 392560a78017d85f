import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readLexicon } from '../../src/speech/lexicon.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { type PollyOptions, pollyVoices } from '../../src/voices/polly/index.ts';
import { ACCESS_KEY, type PollyEmulator, polly, readScript, servePolly } from '../emulators/polly.ts';
import { say } from '../kit/collect.ts';

const SECRET = 'canary/secret+7f3a';
const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET };
const closing: (() => unknown)[] = [];
let server: PollyEmulator;

beforeAll(async () => {
  server = await servePolly();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  server.requests.length = 0;
});
afterAll(() => server.close());

function voices(variants = '', options: PollyOptions = {}): VoiceSource {
  const endpoint = variants ? `${server.url}/${variants}` : server.url;
  const timeouts = { firstAudio: 30 }; // A busy machine takes its time to begin.
  const source = pollyVoices({ endpoint, region: 'eu-west-1', credentials, timeouts, ...options });
  closing.push(() => source.dispose());
  return source;
}

/** What the service's own synth makes of what it was sent last. */
function truth() {
  const { Text, TextType, Engine, VoiceId, SampleRate } = server.requests.at(-1)!;
  return polly(readScript(`${Text}`, `${TextType}`, `${Engine}`), `${VoiceId}`, Number(SampleRate));
}

const LINE = 'Bób paid “my” big bill, Pam 😀 & maybe <me>.';
const WORDS = ['Bób', 'paid', 'my', 'big', 'bill', 'Pam'];

describe('a line through Amazon Polly', () => {
  it.each<[string, PollyOptions]>([
    ['', {}],
    ['odd=1', { sampleRate: 8_000 }],
    ['order=late', { engine: 'standard' }],
    ['places=letters', {}],
  ])('%j: is heard and seen as it was made', async (variants, options) => {
    const { samples, words, cues, types, error } = await say(voices(variants, options), LINE);
    expect(error).toBeUndefined();
    const made = await truth();
    expect(samples).toEqual([...made.samples]);
    expect(types.indexOf('cues')).toBeLessThan(types.indexOf('audio'));
    expect(types.indexOf('words')).toBeLessThan(types.indexOf('audio'));
    expect(types.at(-1)).toBe('end');
    expect(words.map(({ text }) => text)).toEqual(expect.arrayContaining(WORDS));
    const told = made.marks.filter(({ type }) => type === 'word');
    expect(words.map(({ start }) => start)).toEqual(told.map(({ time }) => time / 1000));
    for (const [index, word] of words.entries()) {
      expect(LINE.slice(word.from, word.to)).toBe(word.text);
      expect(word.end).toBeGreaterThan(word.start);
      expect(word.end).toBeLessThanOrEqual(words[index + 1]?.start ?? Number.POSITIVE_INFINITY);
    }
    const shown = made.marks.filter(({ type, value }) => type === 'viseme' && value === 'p');
    expect(shown.length).toBeGreaterThan(5);
    for (const { time } of shown) expect(cues.find(({ start }) => start === time / 1000)?.viseme).toBe('PP');
    for (const [index, cue] of cues.entries())
      expect(cue.start).toBeGreaterThanOrEqual(cues[index - 1]?.end ?? 0);
    expect(cues.at(-1)!.end).toBeLessThanOrEqual(samples.length / (options.sampleRate ?? 16_000) + 1e-9);
  });

  it('asks for both at once, by the voice of the language, in its speed', async () => {
    const { error } = await say(voices(), { text: 'One & two.', voice: 'Matthew', speed: 1.25 });
    expect(error).toBeUndefined();
    expect(server.requests).toHaveLength(2);
    const [one, other] = server.requests;
    expect({ ...one, OutputFormat: '', SpeechMarkTypes: '' }).toEqual({
      ...other,
      OutputFormat: '',
      SpeechMarkTypes: '',
    });
    expect(one).toMatchObject({
      Engine: 'neural',
      VoiceId: 'Matthew',
      TextType: 'ssml',
      Text: '<speak><prosody rate="125%">One &amp; two.</prosody></speak>',
    });
    await say(voices(), { text: 'Hi.', lang: 'en-GB' });
    expect(server.requests.at(-1)).toMatchObject({ VoiceId: 'Amy', TextType: 'text', Text: 'Hi.' });
    expect((await say(voices(), { text: 'Hi', speed: 3 })).error).toMatchObject({ code: 'invalid-input' });
  });

  it('is told mark-up and lexicon as far as its engine has them, and brings words back to the text as given', async () => {
    const lexicon = readLexicon({
      version: 1,
      words: { en: { Mira: 'ˈmaɪɹə', NPC: { say: 'en pee see' } } },
    });
    const text = 'Hi <em>Mira</em>.<pause 0.3s/> An NPC é, <sub alias="doctor">Dr.</sub> Who.';
    for (const [engine, ssml] of [
      [
        'neural',
        'Hi <phoneme alphabet="ipa" ph="ˈmaɪɹə">Mira</phoneme>.<break time="300ms"/> An en pee see é, doctor Who.',
      ],
      [
        'standard',
        'Hi <emphasis level="moderate"><phoneme alphabet="ipa" ph="ˈmaɪɹə">Mira</phoneme></emphasis>.<break time="300ms"/> An en pee see é, doctor Who.',
      ],
    ] as const) {
      const { words, error } = await say(voices('', { lexicon, engine }), text);
      expect(error).toBeUndefined();
      expect(server.requests.at(-1)!.Text).toBe(`<speak>${ssml}</speak>`);
      expect(words.map((word) => word.text)).toEqual(
        expect.arrayContaining(['Hi', 'Mira', 'An', 'NPC', 'Dr.', 'Who']),
      );
      for (const word of words) expect(text.slice(word.from, word.to)).toBe(word.text);
    }
  });

  it('has sound alone by the generative engine, which is told no sounds', async () => {
    const source = voices('', { engine: 'generative' });
    expect([source.timing.origin, source.traits?.gives]).toEqual(['audio', []]);
    const { samples, words, cues, error } = await say(source, 'Hi <phoneme ph="ˈmaɪɹə">Mira</phoneme>.');
    expect([error, words, cues]).toEqual([undefined, [], []]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ Text: 'Hi Mira.', OutputFormat: 'pcm' });
    expect(samples).toEqual([...(await truth()).samples]);
  });

  it('is one of several at once, and another after it', async () => {
    const source = voices();
    const lines = await Promise.all(
      ['Red.', 'Green and blue.', 'Black and white.'].map((text) => say(source, text)),
    );
    expect(lines.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(lines[0]!.samples.length).toBeLessThan(lines[1]!.samples.length);
    expect((await say(source, 'Again.')).error).toBeUndefined();
  });
});

describe('a line that is cancelled', () => {
  it.each(['', 'order=late', 'end=none'])('%j: ends both requests', async (variants) => {
    const source = voices(variants);
    const before = server.left;
    const controller = new AbortController();
    const parts: string[] = [];
    const line = (async () => {
      for await (const part of source.speak({ text: LINE.repeat(4) }, controller.signal)) {
        parts.push(part.type);
        controller.abort();
      }
    })();
    if (variants === 'order=late') setTimeout(() => controller.abort(), 150);
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    const count = parts.length;
    if (variants) await expect.poll(() => server.left).toBeGreaterThan(before);
    expect(parts).toHaveLength(count);
    expect((await say(source, 'Hi', AbortSignal.abort())).error?.code).toBe('aborted');
    expect((await say(voices(), 'Go on.')).error).toBeUndefined();
  });

  it('is let go of when whoever listens goes, and when the source is disposed', async () => {
    const source = voices('end=none');
    const before = server.left;
    for await (const part of source.speak({ text: LINE }, new AbortController().signal))
      if (part.type === 'audio') break;
    await expect.poll(() => server.left).toBeGreaterThan(before);
    const line = say(source, LINE);
    setTimeout(() => source.dispose(), 100);
    expect((await line).error?.code).toBe('aborted');
    source.dispose();
  });
});

describe('failures', () => {
  it.each<[string, PollyOptions, object]>([
    ['refuse=ThrottlingException', {}, { code: 'refused', refusal: 'busy' }],
    ['refuse=ServiceQuotaExceededException', {}, { code: 'refused', refusal: 'busy' }],
    ['refuse=ServiceUnavailableException', {}, { code: 'refused', refusal: 'busy' }],
    ['refuse=AccessDeniedException', {}, { code: 'refused', refusal: 'key' }],
    ['refuse=EngineNotSupportedException', {}, { code: 'refused', refusal: 'request' }],
    ['refuse=TextLengthExceededException', {}, { code: 'refused', refusal: 'request' }],
    ['refuse=ServiceFailureException', {}, { code: 'service-failed' }],
    [
      '',
      { credentials: { accessKeyId: 'AKIAWRONG', secretAccessKey: SECRET, sessionToken: 'canary-token' } },
      { code: 'refused', refusal: 'key' },
    ],
    ['marks=garbage', {}, { code: 'protocol' }],
    ['end=cut', {}, { code: 'closed-early' }],
    ['end=drop', {}, { code: 'closed-early' }],
    ['end=none', { timeouts: { stall: 0.3 } }, { code: 'stalled' }],
    ['order=late', { timeouts: { firstAudio: 0.15 } }, { code: 'first-audio-timeout' }],
    ['', { endpoint: 'http://127.0.0.1:9' }, { code: 'connect-failed' }],
  ])('%s %o', async (variants, options, expected) => {
    const { error } = await say(voices(variants, options), LINE);
    expect(error).toMatchObject(expected);
    const shown = `${error?.message} ${error?.stack} ${String(error?.cause)}`;
    expect(shown).not.toMatch(/canary|AKIA/);
  });

  it('of a voice that is not there are the line’s own, in the service’s words', async () => {
    const { error } = await say(voices(), { text: 'Hi', voice: 'Nobody' });
    expect(error).toMatchObject({
      refusal: 'request',
      message: expect.stringMatching(/Value 'Nobody' at 'voiceId'/),
    });
  });

  it('come before anything is asked where an option makes no sense, or in a page', () => {
    expect(() => pollyVoices({ sampleRate: 24_000 })).toThrow(/16000, 8000/);
    expect(() => pollyVoices({ engine: 'magic' as never })).toThrow(/neural, standard/);
    expect(() => pollyVoices({ endpoint: 'ftp://x' })).toThrow(/http:/);
    vi.stubGlobal('document', {});
    closing.push(() => vi.unstubAllGlobals());
    expect(() => pollyVoices()).toThrow(/gateway.*parley serve --source polly/);
  });
});
