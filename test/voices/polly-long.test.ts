/** Texts that are longer than Amazon Polly takes at a time. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pollyVoices } from '../../src/voices/polly/index.ts';
import { pollyAsks } from '../../src/voices/polly/polly-request.ts';
import { unescapeXml } from '../../src/voices/ssml.ts';
import { ACCESS_KEY, type PollyEmulator, polly, readScript, servePolly } from '../emulators/polly.ts';
import { say } from '../kit/collect.ts';

const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: 'canary' };
const settings = { engine: 'neural', sampleRate: 16_000 } as const;
const STORY = 'The map shows a river & a mill. “Bob,” said Pam, “how far may it be?” Five miles, by boat. ';
const LONG = STORY.repeat(75).trim();
let server: PollyEmulator;

beforeAll(async () => {
  server = await servePolly();
});
afterEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

/** The emulator makes all of a piece, three minutes of sound, before it sends any. */
const timeouts = { firstAudio: 60, stall: 60 };
const voices = () => pollyVoices({ endpoint: server.url, region: 'eu-west-1', credentials, timeouts });

/** What was asked for, each piece once. */
const asked = () =>
  server.requests.filter(({ OutputFormat }) => OutputFormat === 'pcm') as {
    Text: string;
    TextType: string;
  }[];

describe('a text of more than 3,000 characters', () => {
  it('is refused by the service in one piece', async () => {
    const { client, Ask } = await import('../../src/voices/polly/polly-client.ts').then(({ loadPolly }) =>
      loadPolly({ endpoint: server.url, region: 'eu-west-1', credentials }),
    );
    const request = { Text: LONG, VoiceId: 'Joanna', OutputFormat: 'pcm', Engine: 'neural' } as const;
    await expect(client.send(new Ask(request))).rejects.toMatchObject({
      name: 'TextLengthExceededException',
    });
    client.destroy();
  });

  it('is asked for sentence by sentence, and is one line: no sample is lost, and times go on', async () => {
    const source = voices();
    const { samples, words, cues, types, error } = await say(source, LONG);
    source.dispose();
    expect(error).toBeUndefined();
    expect(types.filter((type) => type === 'end')).toHaveLength(1);
    const pieces = asked();
    expect(LONG.length).toBeGreaterThan(6_000);
    expect(pieces).toHaveLength(3);
    expect(pieces.map(({ Text }) => Text).join('')).toBe(LONG);
    for (const { Text } of pieces.slice(0, -1)) expect(Text.trim()).toMatch(/[.?]”?$/);
    let begin = 0;
    let place = 0;
    let nth = 0;
    const made: number[] = [];
    for (const { Text } of pieces) {
      const said = await polly(readScript(Text, 'text', 'neural'), 'Joanna', 16_000);
      for (const mark of said.marks.filter(({ type }) => type === 'word')) {
        const word = words[nth++]!;
        expect(word.start).toBeCloseTo(begin + mark.time / 1000, 9);
        expect(word.from).toBeGreaterThanOrEqual(place);
        expect(LONG.slice(word.from, word.to)).toBe(word.text);
      }
      for (const { time, value } of said.marks
        .filter(({ type, value }) => type === 'viseme' && value === 'p')
        .slice(0, 20))
        expect(cues.find(({ start }) => Math.abs(start - begin - time / 1000) < 1e-6)?.viseme, value).toBe(
          'PP',
        );
      for (const sample of said.samples) made.push(sample);
      begin = made.length / 16_000;
      place += Text.length;
    }
    expect(nth).toBe(words.length);
    expect(samples.length).toBe(made.length);
    expect(samples.every((sample, index) => sample === made[index])).toBe(true);
    for (const [index, cue] of cues.entries())
      expect(cue.start).toBeGreaterThanOrEqual((cues[index - 1]?.end ?? 0) - 1e-9);
    expect(cues.at(-1)!.end).toBeLessThanOrEqual(begin + 1e-9);
  }, 60_000);

  it.each([1, 2, 3])(
    'is cancelled in piece %i: no more is asked for, and nothing comes after',
    async (piece) => {
      const source = voices();
      const stop = new AbortController();
      let after = 0;
      const reading = (async () => {
        for await (const part of source.speak({ text: LONG }, stop.signal)) {
          if (stop.signal.aborted) after++;
          if (part.type === 'audio' && asked().length === piece) stop.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'aborted' });
      expect([after, asked().length]).toEqual([0, piece]);
      expect((await say(source, 'Hi.')).error).toBeUndefined();
      source.dispose();
    },
    60_000,
  );

  it('breaks off with a reason in its second piece, and keeps what came', async () => {
    const source = voices();
    const { refuseFrom } = server;
    refuseFrom(2, 'ThrottlingException');
    const { samples, error } = await say(source, LONG);
    refuseFrom(0, '');
    source.dispose();
    expect(error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expect(samples.length).toBeGreaterThan(16_000);
  }, 60_000);
});

describe('the pieces of a text', () => {
  it('are never longer than the service takes, whatever is escaped or marked, and are all of it', () => {
    const piece = fc.constantFrom(
      'Pam & Bob, ',
      '<em>met</em> ',
      'a "map". ',
      '<pause 0.2s/>',
      'Ünïcode 😀! ',
      'x'.repeat(90),
      '& ',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 700 }), fc.boolean(), (pieces, slow) => {
        const text = `Tell ${pieces.join('')}`;
        const { spoken, asks } = pollyAsks(
          { text, speed: slow ? 0.8 : 1 },
          { ...settings, engine: 'standard' },
        );
        let said = '';
        for (const { input, from } of asks) {
          expect(from).toBe(said.length);
          const bare = input.TextType === 'ssml' ? input.Text.replace(/<[^>]*>/g, '') : input.Text;
          expect(bare.length).toBeLessThanOrEqual(3_000);
          expect(input.Text.length).toBeLessThanOrEqual(6_000);
          said += input.TextType === 'ssml' ? unescapeXml(bare) : bare;
        }
        expect(said).toBe(spoken.text);
        const breaks = asks.flatMap(({ input }) => input.Text.match(/<break/g) ?? []).length;
        expect(breaks).toBe(spoken.pauses.length);
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});
