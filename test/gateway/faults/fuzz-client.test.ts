/** Gateways that say what none should: the game's side gives a line or a reason, and nothing hangs or is left behind. */
import { expect, it } from 'vitest';
import { SpeechError } from '../../../src/speech/errors.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import { gatewayVoices } from '../../../src/voices/gateway/gateway-voices.ts';
import type { OpenSocket } from '../../../src/voices/session/socket.ts';
import { Mutator } from '../../kit/mutator.ts';
import { memoryInUse } from '../lines/desk-kit.ts';
import { expectWhole, PATIENT, say, stage, truthOf } from './fault-kit.ts';

const RUNS = process.env.PARLEY_LONG ? 40_000 : 1_000;
const WIDTH = 40;

const sound = (position: number): Buffer => {
  const frame = Buffer.alloc(10 + 200);
  frame[0] = 1;
  frame.writeUInt32LE(1, 2);
  frame.writeUInt32LE(position, 6);
  return frame;
};

/** What a gateway says to one line, from its welcome on. */
const GOOD: readonly (object | Buffer)[] = [
  {
    type: 'welcome',
    session: 'abc',
    secret: 'def',
    codec: 'pcm',
    time: 1_000,
    resumed: [],
    limits: { textLength: 500, lines: 32, resumeSeconds: 30 },
    freeText: true,
  },
  { type: 'pong', at: 1, time: 2 },
  {
    type: 'begin',
    line: 1,
    share: 'xyz',
    origin: 'fresh',
    sampleRate: 16_000,
    voice: 'F1',
    lang: 'en',
    timing: 'service',
    confidence: 1,
    from: 0,
    startedAt: 1_001,
  },
  { type: 'cues', line: 1, cues: [[1, 0, 0.01, 1, 0]] },
  sound(0),
  { type: 'words', line: 1, words: [['hi', 0, 0.0125, 0, 2]] },
  sound(100),
  { type: 'draining', seconds: 5 },
  { type: 'end', line: 1, samples: 200 },
];

const ERRORS = [
  { type: 'error', line: 1, code: 'refused', message: 'no.', refusal: 'busy', retryAfterSeconds: 2 },
  { type: 'error', code: 'protocol', message: 'what?' },
];

/** A gateway that says so much, and is silent. */
function gatewayThatSays(messages: readonly (object | Buffer)[]): OpenSocket {
  return (_url, events) => {
    queueMicrotask(() => events.onOpen());
    return {
      send: (data) => {
        if (!String(data).includes('"hello"')) return;
        for (const message of messages) {
          events.onMessage(Buffer.isBuffer(message) ? message : JSON.stringify(message));
        }
      },
      pause: () => {},
      resume: () => {},
      close: () => {},
    };
  };
}

/** A gateway that plays what it said once, spoiled, and then closes or is silent. */
function spoiledGateway(mutator: Mutator, onOpen: (open: number) => void): OpenSocket {
  return (_url, events) => {
    let closed = false;
    onOpen(1);
    const close = (code: number) => {
      if (closed) return;
      closed = true;
      onOpen(-1);
      events.onClose({ code, reason: '' });
    };
    const messages = [...GOOD];
    if (mutator.random() < 0.1) messages.splice(3 + mutator.below(5), 0, mutator.pick(ERRORS));
    const from = mutator.random() < 0.85 ? 2 : 0;
    for (let times = 1 + mutator.below(2); times > 0; times--) {
      const at = from + mutator.below(messages.length - from);
      const deed = mutator.random();
      if (deed < 0.15) messages.splice(at, 1);
      else if (deed < 0.28) messages.splice(at, 0, mutator.pick(messages));
      else {
        const good = messages[at]!;
        const bad = Buffer.isBuffer(good) ? mutator.bytes(good) : mutator.text(good);
        messages[at] = typeof bad === 'string' ? { bad } : bad;
      }
    }
    const play = () => {
      for (const message of messages.splice(0)) {
        if (closed) return;
        if (Buffer.isBuffer(message)) events.onMessage(message);
        else events.onMessage('bad' in message ? String(message.bad) : JSON.stringify(message));
      }
      if (mutator.random() < 0.8) close(mutator.pick([1000, 1006, 1011]));
    };
    queueMicrotask(() => {
      if (!closed) events.onOpen();
    });
    return {
      send: (data) => {
        if (String(data).includes('"hello"')) queueMicrotask(play);
      },
      pause: () => {},
      resume: () => {},
      close: () => close(1006),
    };
  };
}

it('a line that ends before all of its sound has come is not taken for whole', async () => {
  const [last] = GOOD.slice(-1);
  const openSocket = gatewayThatSays([...GOOD.slice(0, -3), last!]);
  const line = await say(gatewayVoices('ws://short.example/v1/speech', { openSocket }), 'hi');
  expect(line.error).toMatchObject({ code: 'protocol', message: expect.stringContaining('all 200 samples') });
  const whole = gatewayThatSays(GOOD);
  const { error } = await say(gatewayVoices('ws://whole.example/v1/speech', { openSocket: whole }), 'hi');
  expect(error).toBeUndefined();
});

/** Whether a part is one that players may be given. */
function expectPart(part: SpeechPart): void {
  if (part.type === 'audio') {
    expect(part.samples).toBeInstanceOf(Int16Array);
    expect(part.sampleRate).toBeGreaterThanOrEqual(8_000);
  }
  const spans = part.type === 'cues' ? part.cues : part.type === 'words' ? part.words : [];
  for (const { start, end } of spans) {
    expect(Number.isFinite(start) && Number.isFinite(end) && end >= start).toBe(true);
  }
}

it('what a gateway says wrong is a typed failure of its lines, or passed over, and nobody else hears of it', async () => {
  const on = await stage();
  const beside = on.bystander();
  const mutator = new Mutator(21);
  const seen = { whole: 0, failed: 0, open: 0, most: 0 };
  const timeouts = { connect: 0.1, firstAudio: 0.1, stall: 0.1 };
  async function speakOnce(): Promise<void> {
    const openSocket = spoiledGateway(mutator, (more) => {
      seen.open += more;
      seen.most = Math.max(seen.most, seen.open);
    });
    const voices = gatewayVoices('ws://spoiled.example/v1/speech', { openSocket, timeouts });
    let ends = 0;
    try {
      for await (const part of voices.speak({ text: 'hi' }, new AbortController().signal)) {
        expect(ends).toBe(0);
        expectPart(part);
        if (part.type === 'end') ends++;
      }
      expect(ends).toBe(1);
      seen.whole++;
    } catch (error) {
      if (!(error instanceof SpeechError)) throw error;
      seen.failed++;
    }
    voices.dispose();
  }
  async function storm(runs: number): Promise<void> {
    let left = runs;
    const lane = async () => {
      while (left-- > 0) await speakOnce();
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
  }
  await storm(RUNS / 2);
  const before = await memoryInUse();
  await storm(RUNS / 2);
  expect(seen.open).toBe(0);
  expect(seen.whole).toBeGreaterThan(RUNS * 0.05);
  expect(seen.failed).toBeGreaterThan(RUNS * 0.3);
  expect(await beside()).toBeGreaterThan(0);
  expect((await memoryInUse()) - before).toBeLessThan(4_000_000);
  // And the same program goes on with a gateway that is well.
  expectWhole(
    await say(on.speaker(undefined, { timeouts: PATIENT }), 'after all'),
    await truthOf('after all'),
  );
});
