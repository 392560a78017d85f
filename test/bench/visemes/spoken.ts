import { cuesOfPhones, type Phone } from '../../../src/lipsync/phones.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { FliteSynth } from '../../../src/synth/flite/flite-synth.ts';
import { nodeFlite } from '../../../src/synth/flite/node-flite.ts';
import { SENTENCES } from './sentences.ts';

/** A sentence as local speech says it, with the phones that it was made of: the truth about what is heard when. */
export interface Spoken {
  readonly text: string;
  readonly samples: Int16Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly seconds: number;
  readonly phones: readonly Phone[];
  readonly cues: readonly Cue[];
}

const SAMPLE_RATE = 16_000;
/** Rates of speaking in turn: slow, usual, and as fast as is well understood. */
const SPEEDS = [1, 0.8, 1.25, 1.5];

/** The first `count` sentences, or every `step`th from `from`, spoken by all local voices in turn. */
export function speakSentences(count: number, from = 0, step = 1): Promise<Spoken[]> {
  return speakEach(
    Array.from({ length: count }, (_, i) => {
      const index = (from + i * step) % SENTENCES.length;
      return { text: SENTENCES[index]!, index };
    }),
  );
}

/** Texts, each spoken by the next of the local voices. */
export function speakTexts(texts: readonly string[]): Promise<Spoken[]> {
  return speakEach(texts.map((text, index) => ({ text, index })));
}

/** `index` decides voice and rate of speaking. */
async function speakEach(lines: readonly { text: string; index: number }[]): Promise<Spoken[]> {
  const synth = new FliteSynth(nodeFlite());
  try {
    const spoken: Spoken[] = [];
    for (const { text, index } of lines) {
      const { samples, phones } = await synth.synthesize(
        {
          text,
          voice: synth.voices[index % synth.voices.length]!,
          speed: SPEEDS[Math.floor(index / synth.voices.length) % SPEEDS.length]!,
          sampleRate: SAMPLE_RATE,
          tail: 0.15,
          urgent: false,
        },
        new AbortController().signal,
      );
      const timed = phones.map(({ id, end }, p) => ({
        id,
        start: (phones[p - 1]?.end ?? 0) / SAMPLE_RATE,
        end: end / SAMPLE_RATE,
      }));
      const seconds = samples.length / SAMPLE_RATE;
      spoken.push({
        text,
        samples,
        sampleRate: SAMPLE_RATE,
        seconds,
        phones: timed,
        cues: cuesOfPhones(timed),
      });
    }
    return spoken;
  } finally {
    synth.dispose();
  }
}
