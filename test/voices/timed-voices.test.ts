import { beforeAll, describe, expect, it } from 'vitest';
import type { TimingRepair } from '../../src/lipsync/timing/mender.ts';
import type { Cue } from '../../src/speech/cue.ts';
import { SpeechError } from '../../src/speech/errors.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { collectTrack } from '../../src/speech/track.ts';
import { OpenEars } from '../../src/voices/timed/open-ears.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { labels } from '../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences } from '../bench/visemes/spoken.ts';

let line: Spoken;

beforeAll(async () => {
  [line] = (await speakSentences(1)) as [Spoken];
});

/** A service that sends sound in frames of 20 ms and, where asked, its words before it. */
function service(words: boolean): VoiceSource & { disposed: boolean } {
  return {
    name: 'plain',
    timing: words ? { origin: 'words', confidence: 0.5 } : { origin: 'audio', confidence: 0 },
    home: 'page',
    disposed: false,
    async *speak(_request, signal): AsyncGenerator<SpeechPart> {
      if (words) {
        const from = line.text.indexOf('traveller');
        yield { type: 'words', words: [{ text: 'traveller', start: 0.62, end: 1.2, from, to: from + 9 }] };
      }
      for (let at = 0; at < line.samples.length; at += 320) {
        if (signal.aborted || this.disposed) throw SpeechError.aborted();
        yield { type: 'audio', samples: line.samples.slice(at, at + 320), sampleRate: line.sampleRate };
        yield {
          type: 'cues',
          cues: [{ viseme: 'kk', start: at / 16_000, end: (at + 320) / 16_000, weight: 1 }],
        };
      }
      yield { type: 'end' };
    },
    dispose() {
      this.disposed = true;
    },
  };
}

describe('a source whose timing is made', () => {
  it('has cues of its sound, and words, and loses no sample', async () => {
    const source = timedVoices(service(false));
    const request = { text: line.text, voice: 'F1', lang: 'en' };
    const track = await collectTrack(
      source.speak(request, new AbortController().signal),
      request,
      source.timing,
    );
    expect(track.samples).toEqual(line.samples);
    expect(track.timing.origin).toBe('alignment');
    expect(track.words.map(({ text }) => text).join(' ')).toBe(line.text.replace(/[.,!?]/g, ''));
    const right = labels(line.cues, line.seconds);
    const got = labels(track.cues, line.seconds);
    expect(right.filter((viseme, frame) => viseme === got[frame]).length / right.length).toBeGreaterThan(
      0.65,
    );
  });

  it('leaves the words of the service as they are, and cues come before the sound they belong to', async () => {
    const source = timedVoices(service(true));
    let heard = 0;
    let told = 0;
    let words = 0;
    for await (const part of source.speak({ text: line.text }, new AbortController().signal)) {
      if (part.type === 'words') words += part.words.length;
      if (part.type === 'audio') heard += part.samples.length / part.sampleRate;
      if (part.type === 'cues') {
        told = part.cues.at(-1)!.end;
        expect(heard - told).toBeLessThan(source.lookAheadSeconds!);
      }
    }
    expect(words).toBe(1);
    expect(told).toBeCloseTo(line.seconds, 6);
  });

  it('is disposed with its source, and whatever is being listened to with it', async () => {
    const plain = service(false);
    const source = timedVoices(plain);
    const parts = source.speak({ text: line.text }, new AbortController().signal)[Symbol.asyncIterator]();
    await parts.next();
    source.dispose();
    source.dispose();
    expect(plain.disposed).toBe(true);
    await expect(drained(parts)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('passes on long parts in pieces, whole, with cues before each', async () => {
    const source = timedVoices({ ...service(false), speak: () => inOnePart() });
    const samples: number[] = [];
    let told = 0;
    for await (const part of source.speak({ text: line.text }, new AbortController().signal)) {
      if (part.type === 'cues') told = part.cues.at(-1)!.end;
      if (part.type !== 'audio') continue;
      samples.push(...part.samples);
      expect(part.samples.byteLength).toBe(part.samples.buffer.byteLength);
      expect(samples.length / part.sampleRate - told).toBeLessThan(source.lookAheadSeconds!);
    }
    source.dispose();
    expect(samples).toEqual(Array.from(line.samples));
  });
});

describe('a source with times of its own', () => {
  it('is put right where they do not fit, and whoever wants to know is told', async () => {
    const told: TimingRepair[] = [];
    const source = timedVoices(told200Late(), { onRepair: (repair) => told.push(repair) });
    const request = { text: line.text, voice: 'F1', lang: 'en' };
    const parts = source.speak(request, new AbortController().signal);
    const track = await collectTrack(parts, request, source.timing);
    source.dispose();
    expect(track.timing).toEqual({ origin: 'service', confidence: 0.9 });
    expect(track.samples).toEqual(line.samples);
    expect(told.map(({ kind }) => kind)).toEqual(['unit', 'unit', 'shift']);
    expect(told.at(-1)!.amount).toBeCloseTo(-0.2, 1);
    expect(track.words[0]!.start).toBeLessThan(0.65);
    const [right, got] = [labels(line.cues, line.seconds), labels(track.cues, line.seconds)];
    const late = right.filter((viseme, frame) => frame > 60 && viseme === got[frame]).length;
    expect(late / (right.length - 60)).toBeGreaterThan(0.8);
  });

  it('keeps what it tells of a line without sound', async () => {
    const source = timedVoices({
      ...service(false),
      timing: { origin: 'service', confidence: 0.9 },
      async *speak(): AsyncGenerator<SpeechPart> {
        yield { type: 'words', words: [{ text: 'hm', start: 0, end: 0.2, from: 0, to: 2 }] };
        yield { type: 'end' };
      },
    });
    const types: string[] = [];
    for await (const { type } of source.speak({ text: 'hm' }, new AbortController().signal)) types.push(type);
    source.dispose();
    expect(types).toEqual(['words', 'end']);
  });

  /** A service whose times are 0.2 s late and in ticks. */
  function told200Late(): VoiceSource {
    const tick = (time: number): number => Math.round((time + 0.2) * 1e7);
    return {
      ...service(false),
      timing: { origin: 'service', confidence: 0.9 },
      async *speak(): AsyncGenerator<SpeechPart> {
        const cues = line.cues.map((cue) => ({ ...cue, start: tick(cue.start), end: tick(cue.end) }));
        yield { type: 'cues', cues };
        yield { type: 'words', words: [{ text: 'back', start: tick(0.6), end: tick(0.9), from: 8, to: 12 }] };
        for (let at = 0; at < line.samples.length; at += 320)
          yield { type: 'audio', samples: line.samples.slice(at, at + 320), sampleRate: line.sampleRate };
        yield { type: 'end' };
      },
    };
  }
});

describe('where lines are listened to', () => {
  it('does not change what is heard: in a thread, in this one, and where no worker can be had', async () => {
    const said: SpeechPart[][] = [];
    for (const worker of [undefined, false, new URL('./no-such-worker.js', import.meta.url)] as const) {
      const source = timedVoices(service(false), { worker });
      const parts: SpeechPart[] = [];
      for await (const part of source.speak({ text: line.text }, new AbortController().signal))
        parts.push(part);
      source.dispose();
      said.push(parts);
    }
    expect(said[0]!.filter(({ type }) => type === 'cues').length).toBeGreaterThan(10);
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });

  it('is a thread, if there is one', async () => {
    const [usual, lost] = [new OpenEars(undefined), new OpenEars('file:///no/such/worker.js')];
    await Promise.all([usual.prepare('en'), lost.prepare('en')]);
    expect(usual.trouble).toBeUndefined();
    expect(lost.trouble).toBeInstanceOf(Error);
    usual.dispose();
    lost.dispose();
  });

  it('is the same thread for lines at the same time, and a cancelled one costs no other', async () => {
    const source = timedVoices(service(false));
    const stop = new AbortController();
    const cancelled = (async () => {
      for await (const part of source.speak({ text: line.text }, stop.signal))
        if (part.type === 'cues') stop.abort();
    })();
    const [first, second] = await Promise.all([
      collected(source),
      collected(source),
      expect(cancelled).rejects.toMatchObject({ code: 'aborted' }),
    ]);
    expect(first).toEqual(second);
    expect(first!.at(-1)!.end).toBeCloseTo(line.seconds, 6);
    source.dispose();
  });

  async function collected(source: VoiceSource): Promise<Cue[]> {
    const cues: Cue[] = [];
    for await (const part of source.speak({ text: line.text }, new AbortController().signal))
      if (part.type === 'cues') cues.push(...part.cues);
    return cues;
  }
});

async function* inOnePart(): AsyncGenerator<SpeechPart> {
  yield { type: 'audio', samples: line.samples.slice(), sampleRate: line.sampleRate };
  yield { type: 'end' };
}

async function drained(parts: AsyncIterator<SpeechPart>): Promise<void> {
  while (!(await parts.next()).done);
}
