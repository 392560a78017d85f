import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrack, encodeTrack } from '../../../src/pcm/track-file.ts';
import { coverWithCues, type LineJson, type Track } from '../../../src/speech/track.ts';
import { trackOf } from '../../../src/speech/track-of.ts';
import { anyTrack } from '../../kit/tracks.ts';

const track: Track = trackOf({
  text: 'A map.',
  voice: 'F1',
  samples: new Int16Array(8_000).fill(7),
  sampleRate: 16_000,
  timing: { origin: 'alignment', confidence: 0.9 },
  cues: [
    { viseme: 'aa', start: 0, end: 0.1, weight: 1 },
    { viseme: 'PP', start: 0.2, end: 0.4, weight: 0.5 },
  ],
  words: [
    { text: 'A', start: 0, end: 0.1, from: 0, to: 1 },
    { text: 'map', start: 0.1, end: 0.4, from: 2, to: 5 },
  ],
});

/** The files of {@link track} with something else in its JSON, whose type is not kept. */
function changed(change: (line: Record<string, unknown>) => void) {
  const files = encodeTrack(track);
  const line = JSON.parse(files.json);
  change(line);
  return { ...files, json: JSON.stringify(line) };
}

describe('the files of a track', () => {
  it('come back as they went, for any track', () => {
    fc.assert(
      fc.property(anyTrack, (any) => {
        expect(decodeTrack(encodeTrack(any))).toEqual(any);
      }),
      { seed: 11 },
    );
  });

  it('hold the frozen form', () => {
    expect(JSON.parse(encodeTrack(track).json)).toEqual({
      version: 1,
      text: 'A map.',
      voice: 'F1',
      lang: 'en',
      sampleRate: 16_000,
      duration: 0.5,
      timing: 'alignment',
      confidence: 0.9,
      cues: [
        { viseme: 'aa', start: 0, end: 0.1, weight: 1 },
        { viseme: 'sil', start: 0.1, end: 0.2, weight: 1 },
        { viseme: 'PP', start: 0.2, end: 0.4, weight: 0.5 },
        { viseme: 'sil', start: 0.4, end: 0.5, weight: 1 },
      ],
      words: track.words,
    });
  });

  it('are mended where cues are out of order, overlap, leave gaps or go too far', () => {
    const read = decodeTrack(
      changed((line) => {
        line.cues = [
          { viseme: 'PP', start: 0.3, end: 9, weight: 1 },
          { viseme: 'aa', start: -1, end: 0.35, weight: 1 },
        ];
        line.words = [
          { text: 'map', start: 0.2, end: 0.9, from: 2, to: 5 },
          { text: 'A', start: -0.1, end: 0.1, from: 0, to: 1 },
        ];
        line.frames = { fps: 60 };
      }),
    );
    expect(read.cues).toEqual([
      { viseme: 'aa', start: 0, end: 0.3, weight: 1 },
      { viseme: 'PP', start: 0.3, end: 0.5, weight: 1 },
    ]);
    expect(read.words).toMatchObject([
      { text: 'A', start: 0, end: 0.1 },
      { text: 'map', start: 0.2, end: 0.5 },
    ]);
  });

  it('take the duration of the samples where the stated one was rounded', () => {
    const read = decodeTrack(
      changed((line) => {
        line.duration = 0.5004;
        line.cues = [{ viseme: 'aa', start: 0, end: 0.5004, weight: 1 }];
      }),
    );
    expect(read.duration).toBe(0.5);
    expect(read.cues.at(-1)!.end).toBe(0.5);
  });

  const wrong: [string, (line: Record<string, unknown>) => void, string][] = [
    ['another version', (line) => (line.version = 2), 'line.json, version: expected 1, got 2'],
    ['no text', (line) => delete line.text, 'line.json, text: expected a string, got nothing'],
    [
      'a list for an object',
      (line) => (line.words = [[]]),
      'line.json, words[0]: expected an object, got a list',
    ],
    ['an object for a list', (line) => (line.cues = {}), 'line.json, cues: expected a list, got an object'],
    [
      'an unknown viseme',
      (line) => (line.cues = [{ viseme: 'XX' }]),
      'cues[0].viseme: expected one of sil, PP, FF',
    ],
    [
      'an end before its start',
      (line) => (line.cues = [{ viseme: 'aa', start: 1, end: 0.5, weight: 1 }]),
      'cues[0].end: expected a number of 1 or more, got 0.5',
    ],
    [
      'a weight beyond 1',
      (line) => (line.cues = [{ viseme: 'aa', start: 0, end: 1, weight: 1.5 }]),
      'cues[0].weight: expected a number from 0 to 1, got 1.5',
    ],
    [
      'a time that is no number',
      (line) => (line.cues = [{ viseme: 'aa', start: null, end: 1, weight: 1 }]),
      'cues[0].start: expected a number, got null',
    ],
    [
      'a word beyond the text',
      (line) => (line.words = [{ text: '', start: 0, end: 1, from: 3, to: 7 }]),
      'words[0].to: expected a whole number from 3 to 6, got 7',
    ],
    [
      'a word that stands elsewhere',
      (line) => (line.words = [{ text: 'map', start: 0, end: 1, from: 0, to: 3 }]),
      'words[0].text: expected "A m", the text from 0 to 3, got "map"',
    ],
    [
      'a rate out of range',
      (line) => (line.sampleRate = 96_000),
      'sampleRate: expected a whole number from 8000',
    ],
    [
      'another rate than the sound',
      (line) => (line.sampleRate = 8_000),
      'line.wav, sampleRate: expected 8000, got',
    ],
    [
      'another length than the sound',
      (line) => (line.duration = 0.6),
      'line.wav, seconds: expected 0.6 s of sound',
    ],
    ['no duration', (line) => (line.duration = 0), 'line.json, duration: expected a number above 0, got 0'],
  ];
  it.each(wrong)('are refused for %s, and told where', (_name, change, message) => {
    expect(() => decodeTrack(changed(change))).toThrowError(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(message) }),
    );
  });

  it('are called as the caller calls them', () => {
    const { wav, json } = encodeTrack(track);
    const names = { wav: 'a/hello.wav', json: 'a/hello.json' };
    expect(() => decodeTrack({ wav, json: '{' }, names)).toThrowError(/^a\/hello\.json: expected JSON/);
    expect(() => decodeTrack({ wav: wav.subarray(0, 99), json }, names)).toThrowError(
      /^a\/hello\.wav: expected 16000 bytes of samples, got 55: the file is cut off/,
    );
  });

  it('never make the reader fail in another way, whatever stands in them', () => {
    const base = JSON.parse(encodeTrack(track).json) as LineJson;
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 0.5, 1e308, '', 'aa', null, [], {}));
    const line = fc.record(
      Object.fromEntries(
        Object.keys(base).map((key) => [key, fc.oneof(value, fc.constant(Reflect.get(base, key)))]),
      ),
      { requiredKeys: [] },
    );
    const cues = fc.array(
      fc.record({ viseme: fc.constantFrom('aa', 'PP', 'XX'), start: value, end: value, weight: value }),
    );
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          line,
          cues.map((list) => ({ ...base, cues: list })),
          fc.jsonValue(),
        ),
        (any) => {
          try {
            const got = decodeTrack({ ...encodeTrack(track), json: JSON.stringify(any) });
            read++;
            expect(got.cues).toEqual(coverWithCues(got.cues, got.duration));
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-input' });
          }
        },
      ),
      { seed: 12, numRuns: 500 },
    );
    expect(read).toBeGreaterThan(5);
  });
});

describe('a track made by hand', () => {
  it('needs text and sound alone, and then keeps its mouth closed', () => {
    const samples = new Int16Array(800);
    expect(trackOf({ text: 'Hm.', samples, sampleRate: 8_000 })).toEqual({
      text: 'Hm.',
      voice: '',
      lang: 'en',
      samples,
      sampleRate: 8_000,
      duration: 0.1,
      timing: { origin: 'text', confidence: 0 },
      cues: [{ viseme: 'sil', start: 0, end: 0.1, weight: 1 }],
      words: [],
    });
  });

  it('keeps the letters of its cues', () => {
    const cues = [{ viseme: 'PP' as const, start: 0, end: 0.1, weight: 1, from: 2 }];
    expect(trackOf({ text: 'Hm.', samples: new Int16Array(800), sampleRate: 8_000, cues }).cues).toEqual(
      cues,
    );
  });

  it.each([
    [{ samples: [1, 2] }, 'trackOf(), samples: expected an Int16Array, got a list'],
    [{ samples: new Int16Array(0) }, 'trackOf(), samples: expected one sample or more, got none'],
    [{ text: 3 }, 'trackOf(), text: expected a string, got 3'],
    [{ timing: { origin: 'guess', confidence: 0 } }, 'trackOf(), timing.origin: expected one of service'],
    [
      { cues: [{ viseme: 'aa', start: 0, end: 1, weight: 1, from: 9 }] },
      'cues[0].from: expected a whole number from 0 to 3',
    ],
  ])('is refused in words: %j', (content, message) => {
    const whole = { text: 'Hm.', samples: new Int16Array(8), sampleRate: 8_000, ...content };
    expect(() => trackOf(whole as never)).toThrowError(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(message) }),
    );
  });
});
