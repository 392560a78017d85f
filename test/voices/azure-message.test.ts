import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkup } from '../../src/speech/markup.ts';
import { spokenText } from '../../src/speech/spoken-text.ts';
import { readAzureFrame, writeAzureFrame } from '../../src/voices/azure/azure-frame.ts';
import { readAzureMessage } from '../../src/voices/azure/azure-message.ts';
import { readAnimation } from '../../src/voices/azure/azure-shapes.ts';
import { ssmlOf } from '../../src/voices/azure/azure-ssml.ts';
import { AzureCues } from '../../src/voices/azure/azure-visemes.ts';
import { escapeXml, unescapeXml } from '../../src/voices/ssml.ts';
import { readSsml } from '../emulators/azure/ssml.ts';

const REQUEST = '0123456789ABCDEF0123456789ABCDEF';

function bytesOf(head: string, body: Uint8Array): Uint8Array {
  const all = new Uint8Array(2 + head.length + body.length);
  all.set([head.length >> 8, head.length & 255]);
  all.set(new TextEncoder().encode(head), 2);
  all.set(body, 2 + head.length);
  return all;
}

const metadata = (...items: unknown[]) =>
  `X-RequestId:${REQUEST}\r\nPath:audio.metadata\r\n\r\n${JSON.stringify({ Metadata: items })}`;

describe('messages of Azure Speech', () => {
  it('are read as they were written, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        const message = writeAzureFrame('ssml', REQUEST, 'application/ssml+xml', body, new Date(0));
        expect(readAzureFrame(message)).toEqual({ path: 'ssml', request: REQUEST, body });
      }),
      { seed: 1 },
    );
    expect(writeAzureFrame('ssml', REQUEST, 'text/plain', 'x', new Date(0))).toBe(
      `Path: ssml\r\nX-RequestId: ${REQUEST}\r\nX-Timestamp: 1970-01-01T00:00:00.000Z\r\nContent-Type: text/plain\r\n\r\nx`,
    );
  });

  it('hold sound in bytes', () => {
    const head = `X-RequestId:${REQUEST.toLowerCase()}\r\nContent-Type:audio/x-wav\r\nPath:audio\r\n`;
    const bytes = new Uint8Array([1, 2, 3]);
    expect(readAzureMessage(bytesOf(head, bytes))).toEqual({ type: 'audio', request: REQUEST, bytes });
    expect(readAzureMessage(bytesOf(`Path:audio\r\n`, new Uint8Array()))).toMatchObject({
      type: 'audio',
      request: '',
    });
  });

  it('tell words and visemes in seconds, and nothing of what a line has no use for', () => {
    const text = { Text: 'Hi', Length: 2, BoundaryType: 'WordBoundary' };
    const message = metadata(
      { Type: 'WordBoundary', Data: { Offset: 500_000, Duration: 1_250_000, text } },
      {
        Type: 'WordBoundary',
        Data: { Offset: 1, Duration: 1, text: { ...text, BoundaryType: 'PunctuationBoundary' } },
      },
      {
        Type: 'Viseme',
        Data: { Offset: 2_000_000, VisemeId: 21, AnimationChunk: '{', IsLastAnimation: false },
      },
      { Type: 'Viseme', Data: { Offset: 2_000_000, VisemeId: 21 } },
      { Type: 'SentenceBoundary', Data: {} },
      { Type: 'SessionEnd', Data: { Offset: 5 } },
    );
    expect(readAzureMessage(message)).toEqual({
      type: 'marks',
      request: REQUEST,
      marks: [
        { kind: 'word', text: 'Hi', start: 0.05, end: 0.175 },
        { kind: 'viseme', id: 21, start: 0.2, animation: '{', last: false },
        { kind: 'viseme', id: 21, start: 0.2, animation: '', last: true },
      ],
    });
  });

  it.each([
    ['no path', 'hello'],
    ['no JSON', 'Path:audio.metadata\r\n\r\n{'],
    ['no list', 'Path:audio.metadata\r\n\r\n{}'],
    ['a viseme without its time', metadata({ Type: 'Viseme', Data: { VisemeId: 3 } })],
    [
      'a word before the line',
      metadata({ Type: 'WordBoundary', Data: { Offset: -1, Duration: 1, text: { Text: 'a' } } }),
    ],
    ['audio as text', 'Path:audio\r\n\r\nRIFF'],
    ['a length beyond the message', new Uint8Array([9, 9, 1])],
    ['one byte', new Uint8Array([0])],
  ])('that have not their form are garbage: %s', (_, message) => {
    expect(readAzureMessage(message).type).toBe('garbage');
  });

  it('never throw, whatever comes', () => {
    const any = fc.oneof(
      fc.string(),
      fc.uint8Array(),
      fc.json().map((json) => `Path:audio.metadata\r\n\r\n${json}`),
      fc.json().map((json) => metadata(JSON.parse(json))),
    );
    fc.assert(
      fc.property(any, (message) => {
        expect(readAzureMessage(message)).toHaveProperty('type');
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});

describe('animations', () => {
  const frame = Array.from({ length: 55 }, (_, shape) => shape / 100);

  it('are frames with their place', () => {
    const json = JSON.stringify({ FrameIndex: 7, BlendShapes: [frame, frame] });
    const part = readAnimation(json);
    expect(part).toMatchObject({ fps: 60, from: 7 });
    expect(typeof part !== 'string' && [...part.frames]).toEqual([...frame, ...frame].map(Math.fround));
  });

  it.each([
    ['no JSON', '<svg>'],
    ['no object', '[1]'],
    ['no place', JSON.stringify({ BlendShapes: [frame] })],
    ['a place before the line', JSON.stringify({ FrameIndex: -1, BlendShapes: [frame] })],
    ['a frame too short', JSON.stringify({ FrameIndex: 0, BlendShapes: [frame.slice(1)] })],
    ['a weight that is none', JSON.stringify({ FrameIndex: 0, BlendShapes: [[...frame.slice(1), null]] })],
  ])('that are none are told: %s', (_, json) => {
    expect(readAnimation(json)).toEqual(expect.any(String));
  });
});

describe('SSML', () => {
  it('of any text is whole, and says that text', () => {
    const said = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'<>&"\'a /=\u0000') }),
    );
    fc.assert(
      fc.property(said, fc.double({ min: 0.5, max: 2, noNaN: true }), (text, speed) => {
        const spoken = spokenText(parseMarkup(text));
        const ssml = ssmlOf(spoken, { voice: 'en-US-AvaMultilingualNeural', speed, shapes: true });
        const asked = readSsml(ssml);
        expect(asked.face).toBe(true);
        expect(Math.abs(asked.rate - speed)).toBeLessThan(0.006);
        expect(unescapeXml(escapeXml(spoken.text))).toBe(unescapeXml(asked.said));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('keeps marks whole wherever they stand', () => {
    const tag = fc.constantFrom(
      '<em>',
      '</em>',
      '<pause 0.2s/>',
      '<phoneme ph="ˈmiːɹə">',
      '</phoneme>',
      '<sub alias="b < c">',
      '</sub>',
      'Mira ',
      'a & b',
    );
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 12 }), (pieces) => {
        const spoken = spokenText(parseMarkup(pieces.join('')));
        const { said } = readSsml(ssmlOf(spoken, { voice: 'x', shapes: false }));
        expect(unescapeXml(said.replace(/<[^>]*>/g, ''))).toBe(spoken.text);
        expect(said.match(/<break/g)?.length ?? 0).toBe(spoken.pauses.length);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('visemes of Azure Speech', () => {
  const read = (events: readonly (readonly [number, number])[], duration: number) => {
    const cues = new AzureCues();
    return [...events.flatMap(([id, start]) => cues.push(id, start)), ...cues.end(duration)];
  };

  it('last until the next, move where they are diphthongs, and breathe h through what follows', () => {
    expect(
      read(
        [
          [0, 0],
          [12, 0.1],
          [11, 0.2],
          [21, 0.7],
          [0, 0.8],
        ],
        1,
      ),
    ).toEqual([
      { viseme: 'sil', start: 0, end: 0.1, weight: 1 },
      { viseme: 'aa', start: 0.1, end: 0.2, weight: 0.6 },
      { viseme: 'aa', start: 0.2, end: expect.closeTo(0.5), weight: 1 },
      { viseme: 'I', start: expect.closeTo(0.5), end: 0.7, weight: 0.8 },
      { viseme: 'PP', start: 0.7, end: 0.8, weight: 1 },
      { viseme: 'sil', start: 0.8, end: 1, weight: 1 },
    ]);
  });

  it('rise without overlaps within the line, in whatever order they come', () => {
    const event = fc.tuple(fc.integer({ min: -1, max: 30 }), fc.double({ min: 0, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let latest = 0;
        for (const { start, end, weight } of read(events, 3)) {
          expect(start).toBeGreaterThanOrEqual(latest);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(3);
          expect(weight).toBeLessThanOrEqual(1);
          latest = end;
        }
      }),
      { seed: 5 },
    );
  });

  it('rest the mouth half a second after the last, where nobody tells its end', () => {
    expect(read([[2, 0.5]], 9).at(-1)).toMatchObject({ viseme: 'aa', end: 1 });
  });
});
