/** `timedVoices` over sources that do not do what a source should: it does all the same. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cue } from '../../src/speech/cue.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { timedReplies } from '../../src/voices/timed/timed-replies.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { labels } from '../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences } from '../bench/visemes/spoken.ts';

let line: Spoken;

beforeAll(async () => {
  [line] = (await speakSentences(1)) as [Spoken];
});

/** A source that knows no signal and no end of its own: `after` so many parts of sound it hangs, or goes on. */
function stubborn(
  told: 'sounds' | 'nothing',
  { after = Number.POSITIVE_INFINITY } = {},
): VoiceSource & { left: boolean } {
  const source = {
    name: 'stubborn',
    timing: told === 'sounds' ? { origin: 'service', confidence: 0.9 } : { origin: 'audio', confidence: 0 },
    home: 'both',
    left: false,
    async *speak(): AsyncGenerator<SpeechPart> {
      try {
        for (let nth = 0; nth < 2_000; nth++) {
          if (nth === after) await new Promise(() => {});
          const at = (nth * 320) % (line.samples.length - 320);
          yield { type: 'audio', samples: line.samples.slice(at, at + 320), sampleRate: line.sampleRate };
        }
      } finally {
        source.left = true;
      }
    },
    dispose() {},
  } satisfies VoiceSource & { left: boolean } as VoiceSource & { left: boolean };
  return source;
}

/** Reads a line, and does something after so many parts of sound; how it ended, with the parts that came after that. */
async function read(parts: AsyncIterable<SpeechPart>, after: number, act: () => void) {
  let sounds = 0;
  let late = 0;
  let acted = false;
  const reading = (async () => {
    for await (const { type } of parts) {
      if (acted) late++;
      if (type !== 'audio' || ++sounds !== after) continue;
      act();
      acted = true;
    }
    return 'ended';
  })();
  const hung = new Promise<string>((resolve) => setTimeout(() => resolve('hung'), 8_000));
  const ended = await Promise.race([reading.catch((error: { code?: string }) => error.code), hung]);
  return { ended, late };
}

describe.each(['sounds', 'nothing'] as const)('a source that ignores its signal, and tells %s', (told) => {
  it('stops for whoever cancels, while it goes on speaking', async () => {
    const plain = stubborn(told);
    const source = timedVoices(plain);
    const stop = new AbortController();
    const spoken = source.speak({ text: line.text }, stop.signal);
    expect(await read(spoken, 5, () => stop.abort())).toEqual({ ended: 'aborted', late: 0 });
    source.dispose();
    await expect.poll(() => plain.left).toBe(true);
  });

  it('stops for whoever cancels, while it hangs', async () => {
    const source = timedVoices(stubborn(told, { after: 5 }));
    const stop = new AbortController();
    const spoken = source.speak({ text: line.text }, stop.signal);
    expect(await read(spoken, 5, () => setTimeout(() => stop.abort(), 50))).toMatchObject({
      ended: 'aborted',
    });
    source.dispose();
  });

  it('is not even asked when it is too late', async () => {
    const plain = stubborn(told);
    const source = timedVoices(plain);
    const spoken = source.speak({ text: line.text }, AbortSignal.abort());
    await expect(spoken[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'aborted' });
    source.dispose();
  });

  it.each([false, undefined] as const)(
    'fails with `aborted` what is read after dispose() (worker: %s)',
    async (worker) => {
      const source = timedVoices(stubborn(told, { after: 5 }), { worker });
      const running = source.speak({ text: line.text }, new AbortController().signal);
      const begun = await read(running, 5, () => setTimeout(() => source.dispose(), 50));
      expect(begun.ended).toBe('aborted');
      const late = source.speak({ text: line.text }, new AbortController().signal);
      await expect(late[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        name: 'SpeechError',
        code: 'aborted',
      });
    },
  );
});

it('a reply that is read after dispose() fails too', async () => {
  const replies = timedReplies();
  const reply = replies.of({
    text: line.text,
    timing: { origin: 'audio', confidence: 0 },
    parts: () => stubborn('nothing').speak({ text: '' }, new AbortController().signal),
  });
  replies.dispose();
  await expect(reply.parts()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'aborted' });
});

describe('a source of another rate than ears are made for', () => {
  /** The line with each sample so often. */
  const finer = (times: number, told: boolean): VoiceSource => ({
    name: 'fine',
    timing: told ? { origin: 'service', confidence: 0.9 } : { origin: 'audio', confidence: 0 },
    home: 'both',
    async *speak(_request: SpeechRequest): AsyncGenerator<SpeechPart> {
      if (told)
        yield {
          type: 'cues',
          cues: line.cues.map((cue) => ({ ...cue, start: cue.start + 0.25, end: cue.end + 0.25 })),
        };
      for (let at = 0; at < line.samples.length; at += 320) {
        const piece = line.samples.subarray(at, at + 320);
        const samples = Int16Array.from(
          { length: piece.length * times },
          (_, nth) => piece[Math.floor(nth / times)]!,
        );
        yield { type: 'audio', samples, sampleRate: line.sampleRate * times };
      }
      yield { type: 'end' };
    },
    dispose() {},
  });

  it.each([
    [6, false],
    [12, false],
    [6, true],
  ])('has its mouth at %i times 16,000 Hz (told: %s), and its sound as it came', async (times, told) => {
    const source = timedVoices(finer(times, told));
    const cues: Cue[] = [];
    let samples = 0;
    for await (const part of source.speak({ text: line.text, lang: 'en' }, new AbortController().signal)) {
      if (part.type === 'cues') cues.push(...part.cues);
      if (part.type !== 'audio') continue;
      expect(part.sampleRate).toBe(line.sampleRate * times);
      samples += part.samples.length;
    }
    source.dispose();
    expect(samples).toBe(line.samples.length * times);
    const [right, got] = [labels(line.cues, line.seconds), labels(cues, line.seconds)];
    const from = told ? 60 : 0;
    const same = right.filter((viseme, frame) => frame >= from && viseme === got[frame]).length;
    expect(same / (right.length - from)).toBeGreaterThan(told ? 0.75 : 0.6);
  });
});
