import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientMessage } from '../../../src/protocol/client-messages.ts';
import { readGatewayMessage } from '../../../src/protocol/gateway-messages.ts';
import { cueRow, wordRow } from '../../../src/protocol/rows.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';

const line = fc.integer({ min: 1, max: 0xffff_ffff });
const credit = fc.integer({ min: 0, max: 0x0100_0000 });
const name = fc.string({ minLength: 1, maxLength: 40 });
const count = fc.nat();
const seconds = fc.double({ min: 0, max: 60, noNaN: true }).map((value) => value + 0); // Never -0, which JSON has not.
const span = fc.tuple(seconds, seconds).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

function some<T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }, required: (keyof T)[]) {
  return fc.record(fields, { requiredKeys: required });
}

const manner = {
  voice: name,
  lang: name,
  speed: fc.double({ min: 0.1, max: 10, noNaN: true }),
  priority: fc.constantFrom('player', 'stage', 'ambient', 'prefetch'),
};

const clientMessages = fc.oneof(
  some({ type: fc.constant('say'), line, text: fc.string(), credit, ...manner }, [
    'type',
    'line',
    'text',
    'credit',
  ]),
  some({ type: fc.constant('prefetch'), line, id: name, ...manner }, ['type', 'line', 'id']),
  some({ type: fc.constant('join'), line, share: name, from: seconds, credit }, [
    'type',
    'line',
    'share',
    'credit',
  ]),
  fc.record({ type: fc.constant('credit'), line, bytes: credit }),
  fc.record({ type: fc.constantFrom('cancel', 'done'), line }),
  fc.record({ type: fc.constant('ping'), at: seconds }),
  some(
    {
      type: fc.constant('hello'),
      codecs: fc.constantFrom(['pcm'], ['opus', 'pcm']),
      resume: fc.record({
        session: name,
        secret: name,
        lines: fc.array(fc.record({ line, samples: count, cues: count, words: count })),
      }),
    },
    ['type', 'codecs'],
  ),
);

const cue = fc.record({
  viseme: fc.constantFrom(...VISEMES),
  at: span,
  weight: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
});

describe('messages of clients', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(clientMessages, (message) => {
        expect(readClientMessage(JSON.stringify(message))).toEqual(message);
      }),
      { seed: 82 },
    );
  });

  it.each([
    ['{"type":"say","line":1,"credit":0}', /either a text or an id, got neither/],
    ['{"type":"say","line":1,"text":"a","id":"b","credit":0}', /either a text or an id, got both/],
    ['{"type":"say","line":0,"text":"a","credit":0}', /line: expected a whole number from 1/],
    ['{"type":"say","line":1,"text":"a"}', /credit: expected a whole number/],
    ['{"type":"say","line":1,"text":"a","credit":0,"priority":"boss"}', /priority: expected one of player/],
    ['{"type":"hello","codecs":["mp3"]}', /codecs: expected at least one of pcm, opus/],
    ['{"type":"sing"}', /type: expected one of hello/],
    ['["say"]', /expected an object, got a list/],
    ['{', /expected a JSON object/],
  ])('%s is none', (text, reason) => {
    expect(() => readClientMessage(text)).toThrow(InputError);
    expect(() => readClientMessage(text)).toThrow(reason);
  });
});

describe('messages of gateways', () => {
  it('keep cues and words', () => {
    fc.assert(
      fc.property(line, fc.array(cue), (number, shapes) => {
        const cues = shapes.map(({ viseme, at, weight }, from) => ({
          viseme,
          ...at,
          weight,
          ...(from % 2 && { from }),
        }));
        const written = JSON.stringify({ type: 'cues', line: number, cues: cues.map(cueRow) });
        expect(readGatewayMessage(written)).toEqual({ type: 'cues', line: number, cues });
        const words = shapes.map(({ viseme, at }, from) => ({ text: viseme, ...at, from, to: from + 2 }));
        const told = JSON.stringify({ type: 'words', line: number, words: words.map(wordRow) });
        expect(readGatewayMessage(told)).toEqual({ type: 'words', line: number, words });
      }),
      { seed: 83 },
    );
  });

  it('of later versions may be passed over', () => {
    expect(readGatewayMessage('{"type":"confetti","line":"?"}')).toEqual({ type: 'unknown' });
    expect(readGatewayMessage('{"type":"toString"}')).toEqual({ type: 'unknown' });
  });
});

describe.each([
  ['clients', readClientMessage],
  ['gateways', readGatewayMessage],
])('whatever comes from %s', (_who, read) => {
  const types = fc.constantFrom(
    'hello',
    'say',
    'prefetch',
    'join',
    'credit',
    'cancel',
    'done',
    'ping',
    'welcome',
    'begin',
    'cues',
    'words',
    'ready',
    'end',
    'error',
    'pong',
    'draining',
  );
  const fields = [
    'line',
    'text',
    'id',
    'share',
    'credit',
    'bytes',
    'at',
    'codecs',
    'resume',
    'cues',
    'words',
    'samples',
    'code',
    'message',
    'limits',
    'resumed',
  ];
  const odd = fc
    .tuple(types, fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()))
    .map(([type, rest]) => JSON.stringify({ type, ...rest }));

  it('is a message or an InputError', () => {
    fc.assert(
      fc.property(fc.oneof(odd, fc.json(), fc.string()), (text) => {
        try {
          expect(read(text).type).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 84, numRuns: 2_000 },
    );
  });
});
