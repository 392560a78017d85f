import { speakSentences } from '../../../src/synth/sentences.ts';
import type { Synth, Utterance } from '../../../src/synth/synth.ts';
import { type SpokenPhone, visemesOf } from './face.ts';
import type { AskedSsml } from './ssml.ts';

/** Neural voices that it has, and the local ones that stand for them. */
export const VOICES: Readonly<Record<string, string>> = {
  'en-US-AvaMultilingualNeural': 'F1',
  'en-US-JennyNeural': 'F2',
  'en-GB-SoniaNeural': 'F5',
  'en-US-EmmaMultilingualNeural': 'F3',
  'en-US-AriaNeural': 'F4',
  'en-US-AndrewMultilingualNeural': 'M1',
  'en-US-GuyNeural': 'M2',
  'en-US-BrianMultilingualNeural': 'M3',
  'en-US-ChristopherNeural': 'M4',
  'en-GB-RyanNeural': 'M5',
};

/** What a line is made of. */
export interface Said {
  readonly samples: Int16Array;
  /** Words as they stand in the SSML. */
  readonly words: readonly { text: string; start: number; end: number }[];
  readonly visemes: ReturnType<typeof visemesOf>;
  readonly duration: number;
}

/** Speaks as the service does: sound and words by the synth, visemes by the phones that it says it spoke. */
export async function said(
  synth: Synth,
  { voice, said: text, rate }: AskedSsml,
  sampleRate: number,
): Promise<Said> {
  const made: Promise<Utterance>[] = [];
  const listening = Object.assign(Object.create(synth) as Synth, {
    synthesize: (...asked: Parameters<Synth['synthesize']>) => {
      const utterance = synth.synthesize(...asked);
      made.push(utterance);
      return utterance;
    },
  });
  const runs: Int16Array[] = [];
  const words: Said['words'][number][] = [];
  const request = { text, voice: VOICES[voice]!, speed: rate };
  const signal = new AbortController().signal;
  for await (const part of speakSentences({ synth: listening, sampleRate }, request, signal)) {
    if (part.type === 'audio') runs.push(part.samples);
    if (part.type === 'words')
      words.push(...part.words.map((word) => ({ ...word, text: asWritten(text, word) })));
  }
  const total = runs.reduce((sum, run) => sum + run.length, 0);
  const samples = new Int16Array(total);
  let at = 0;
  for (const run of runs) {
    samples.set(run, at);
    at += run.length;
  }
  const utterances = await Promise.all(made);
  let first = total - utterances.reduce((sum, utterance) => sum + utterance.samples.length, 0);
  const phones: SpokenPhone[] = first > 0 ? [{ id: 'pau', start: 0, end: first / sampleRate }] : [];
  for (const utterance of utterances) {
    for (const [index, { id, end }] of utterance.phones.entries()) {
      const start = (first + (utterance.phones[index - 1]?.end ?? 0)) / sampleRate;
      phones.push({ id, start, end: (first + end) / sampleRate });
    }
    first += utterance.samples.length;
  }
  return { samples, words, visemes: visemesOf(phones), duration: total / sampleRate };
}

/** A word as it stands in SSML: escaped, and with the element that it is all of. */
function asWritten(text: string, { from, to }: { from: number; to: number }): string {
  const entity = /^&\w+;/.exec(text.slice(from))?.[0];
  const word = (entity ?? text.slice(from, to)).replaceAll("'", '&apos;');
  const before = /<(sub|phoneme)\b[^<>]*>$/.exec(text.slice(0, from));
  const after = /^<\/(?:sub|phoneme)>/.exec(text.slice(to));
  return before && after ? before[0] + word + after[0] : word;
}
