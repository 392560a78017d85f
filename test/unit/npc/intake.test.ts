import { describe, expect, it } from 'vitest';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { Intake } from '../../../src/npc/intake.ts';
import { InputError, SpeechError } from '../../../src/speech/errors.ts';
import type { SpeechPart } from '../../../src/speech/part.ts';
import { VISEME_COUNT, VISEME_INDEX } from '../../../src/speech/viseme.ts';

const audio = (length: number, sampleRate = 16_000): SpeechPart => ({
  type: 'audio',
  samples: new Int16Array(length).fill(length),
  sampleRate,
});

async function* stream(...parts: (SpeechPart | Error)[]): AsyncGenerator<SpeechPart> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

class Sink {
  readonly lengths: number[] = [];
  ended = 0;
  push(samples: Int16Array<ArrayBuffer>): void {
    this.lengths.push(samples.length);
  }
  end(): void {
    this.ended++;
  }
}

describe('the intake of a line', () => {
  it('keeps audio until a sink is attached and then passes all of it on in order, ending once', async () => {
    const intake = new Intake(new PoseCurve());
    await intake.read(() => stream(audio(100), audio(200), { type: 'end' }), 'test');
    expect(await intake.started).toBe(16_000);
    const sink = new Sink();
    intake.attach(sink);
    expect(sink).toMatchObject({ lengths: [100, 200], ended: 1 });
    expect(intake).toMatchObject({ done: true, error: undefined, seconds: 300 / 16_000 });
  });

  it('passes audio straight on to an attached sink', async () => {
    const intake = new Intake(new PoseCurve());
    const sink = new Sink();
    intake.attach(sink);
    await intake.read(() => stream(audio(10), audio(20), { type: 'end' }), 'test');
    expect(sink).toMatchObject({ lengths: [10, 20], ended: 1 });
  });

  it.each([
    ['a stream that ends without its end', [audio(10)], 'closed-early'],
    ['a stream without any audio', [{ type: 'end' } as const], 'empty'],
    ['a change of sample rate', [audio(10), audio(10, 8_000)], 'protocol'],
    ['an error of the source', [audio(10), SpeechError.stalled('test', 2)], 'stalled'],
    ['bad input', [new InputError('voice', 'F1', 'X9')], 'invalid-input'],
    ['an error of any other kind', [new Error('boom')], 'closed-early'],
  ])('keeps the typed reason of %s and still ends the sink', async (_, parts, code) => {
    const intake = new Intake(new PoseCurve());
    const sink = new Sink();
    intake.attach(sink);
    await intake.read(() => stream(...parts), 'test');
    expect(intake.error?.code).toBe(code);
    expect(sink.ended).toBe(1);
  });

  it('tells whoever waits for the first audio that none will come', async () => {
    const intake = new Intake(new PoseCurve());
    await intake.read(() => stream(SpeechError.connectFailed('ws://x')), 'test');
    await expect(intake.started).rejects.toMatchObject({ code: 'connect-failed' });
  });

  it('lets the curve hear the audio before it is given away', async () => {
    const aaAt = async (amplitude: number): Promise<number> => {
      const curve = new PoseCurve();
      const intake = new Intake(curve);
      intake.attach({
        push: (samples) => void structuredClone(samples, { transfer: [samples.buffer] }),
        end() {},
      });
      const samples = Int16Array.from({ length: 16_000 }, (_, i) => amplitude * Math.sin(i / 18));
      const cues: SpeechPart = { type: 'cues', cues: [{ viseme: 'aa', start: 0.1, end: 0.9, weight: 1 }] };
      await intake.read(
        () => stream(cues, { type: 'audio', samples, sampleRate: 16_000 }, { type: 'end' }),
        'test',
      );
      const weights = new Float32Array(VISEME_COUNT);
      curve.sample(0.5, weights);
      return weights[VISEME_INDEX.aa]!;
    };
    expect(await aaAt(12_000)).toBeGreaterThan((await aaAt(700)) * 1.2);
  });
});
