/** The gateway, with a source that speaks when it is told to. */
import { createGateway } from '../../../src/gateway/index.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { answer, memoryNow, sharedMs } from './part.ts';
import { type Emitted, paced, pieceAt, SAMPLE_RATE } from './stream.ts';

/** Seconds that a line is spoken at its pace; others are there at once. */
let seconds = 0;
let requests = 0;
let go = () => {};
let done: (emitted: Emitted[]) => void = () => {};

async function* atItsPace(): AsyncGenerator<SpeechPart> {
  const queue: Int16Array<ArrayBuffer>[] = [];
  let wake = () => {};
  let over = false;
  await new Promise<void>((resolve) => {
    go = resolve;
  });
  const told = paced(seconds, (samples) => {
    queue.push(samples);
    wake();
  }).then((emitted) => {
    over = true;
    wake();
    return emitted;
  });
  while (!over || queue.length > 0) {
    const samples = queue.shift();
    if (samples) yield { type: 'audio', samples, sampleRate: SAMPLE_RATE };
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  yield { type: 'end' };
  done(await told);
}

async function* atOnce(): AsyncGenerator<SpeechPart> {
  for (let nth = 0; nth < 25; nth++) yield { type: 'audio', samples: pieceAt(nth), sampleRate: SAMPLE_RATE };
  yield { type: 'end' };
}

const source: VoiceSource = {
  name: 'bench',
  home: 'node',
  timing: { origin: 'text', confidence: 1 },
  async *speak({ text }) {
    requests++;
    yield { type: 'words', words: [{ text, start: 0, end: 1, from: 0, to: text.length }] };
    yield { type: 'cues', cues: [{ viseme: 'aa', start: 0, end: 1, weight: 1 }] };
    yield* text.startsWith('paced') ? atItsPace() : atOnce();
  },
  dispose: () => {},
};

const gateway = createGateway({ source, maxConnections: 20_000 });

answer({
  async open() {
    await gateway.listen({ port: 0 });
    return gateway.address.port;
  },
  memory: memoryNow,
  async stream(of: number) {
    seconds = of;
    const ended = new Promise<Emitted[]>((resolve) => {
      done = resolve;
    });
    const [beganMs, before] = [sharedMs(), process.cpuUsage()];
    go();
    const emitted = await ended;
    const { user, system } = process.cpuUsage(before);
    const asked = requests;
    requests = 0;
    return { emitted, cpu: (user + system) / 1_000 / (sharedMs() - beganMs), requests: asked };
  },
});
