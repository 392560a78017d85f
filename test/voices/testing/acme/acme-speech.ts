/** Speech of no service: a tone for each letter, so that every sample and every time is known beforehand. */
import type { Cue, WordMark } from '../../../../src/speech/cue.ts';
import type { SpeechPart } from '../../../../src/speech/part.ts';
import type { VoiceSource } from '../../../../src/speech/source.ts';
import type { Viseme } from '../../../../src/speech/viseme.ts';

/** Seconds of a letter, and of the silence between words. */
const LETTER = 0.05;
const GAP = 0.04;

const VOWELS: Readonly<Record<string, Viseme>> = { a: 'aa', e: 'E', i: 'I', o: 'O', u: 'U' };

export interface AcmeSpeech {
  readonly samples: Int16Array<ArrayBuffer>;
  readonly cues: readonly Cue[];
  readonly words: readonly WordMark[];
}

/** What a text is said like. */
export function acmeSpeech(text: string, sampleRate: number): AcmeSpeech {
  const cues: Cue[] = [];
  const words: WordMark[] = [];
  const tones: { hertz: number; loudness: number; from: number; to: number }[] = [];
  let now = GAP;
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const start = now;
    for (const letter of word) {
      const viseme = visemeOf(letter);
      cues.push({ viseme, start: now, end: now + LETTER, weight: 1 });
      const loudness = viseme === 'PP' ? 0.05 : letter.toLowerCase() in VOWELS ? 0.6 : 0.2;
      tones.push({ hertz: 150 + (letter.codePointAt(0)! % 200), loudness, from: now, to: now + LETTER });
      now += LETTER;
    }
    words.push({ text: word, from: index, to: index + word.length, start, end: now });
    now += GAP;
  }
  const samples = new Int16Array(Math.round(now * sampleRate));
  for (const { hertz, loudness, from, to } of tones) {
    for (let at = Math.round(from * sampleRate); at < Math.round(to * sampleRate); at++) {
      samples[at] = 32_000 * loudness * Math.sin((2 * Math.PI * hertz * at) / sampleRate);
    }
  }
  return { samples, cues, words };
}

function visemeOf(letter: string): Viseme {
  const small = letter.toLowerCase();
  if ('mpb'.includes(small)) return 'PP';
  return VOWELS[small] ?? 'DD';
}

/** The truth about it. */
export const acmeTruth: VoiceSource = {
  name: 'acme-truth',
  home: 'both',
  timing: { origin: 'service', confidence: 1 },
  async *speak({ text }): AsyncGenerator<SpeechPart> {
    const sampleRate = 16_000;
    const { samples, cues, words } = acmeSpeech(text, sampleRate);
    yield { type: 'cues', cues };
    yield { type: 'words', words };
    yield { type: 'audio', samples, sampleRate };
    yield { type: 'end' };
  },
  dispose: () => {},
};
