/** A voice source that hums: the same samples for the same text everywhere, made at once and bit by bit. */
import type { Cue, WordMark } from '../../src/speech/cue.ts';
import { SpeechError } from '../../src/speech/errors.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import type { Viseme } from '../../src/speech/viseme.ts';

export interface ToneVoices extends VoiceSource {
  /** Requests that came, in order. */
  readonly requests: SpeechRequest[];
  /** Seconds of sound that were asked of it so far. */
  readonly producedSeconds: number;
  /** Lines that run now. */
  readonly running: number;
}

/** Seconds that each character of a text is hummed for, at speed 1. */
export const TONE_SECONDS = 0.06;

const SHAPES: Readonly<Record<string, Viseme>> = {
  a: 'aa',
  e: 'E',
  i: 'I',
  o: 'O',
  u: 'U',
  m: 'PP',
  p: 'PP',
  s: 'SS',
};

/**
 * Texts that begin with `!` misbehave: `!refuse` is refused, `!break` fails by a fault, after half a second of sound;
 * `!hang` gives half a second and then nothing until it is cancelled.
 */
export function toneVoices({
  sampleRate = 44_100,
  partSeconds = 0.25,
  sampleAt = (index: number, _text: string) => toneAt(index, sampleRate),
} = {}): ToneVoices {
  const requests: SpeechRequest[] = [];
  let produced = 0;
  let running = 0;

  async function* speak(request: SpeechRequest, signal: AbortSignal) {
    requests.push(request);
    running++;
    try {
      const { text, speed = 1, voice = 'F1' } = request;
      if (!/^[FM][1-5]$/.test(voice))
        throw SpeechError.refused('tone voices', `there is no voice "${voice}".`);
      const each = TONE_SECONDS / speed;
      yield { type: 'words' as const, words: wordsOf(text, each) };
      yield { type: 'cues' as const, cues: cuesOf(text, each) };
      const total = Math.round(text.length * each * sampleRate);
      const part = Math.round(partSeconds * sampleRate);
      for (let at = 0; at < total; at += part) {
        if (signal.aborted) throw SpeechError.aborted();
        if (text.startsWith('!') && at * 2 >= sampleRate) await misbehave(text, signal);
        const samples = new Int16Array(Math.min(part, total - at));
        for (let index = 0; index < samples.length; index++) samples[index] = sampleAt(at + index, text);
        produced += samples.length / sampleRate;
        yield { type: 'audio' as const, samples, sampleRate };
      }
      yield { type: 'end' as const };
    } finally {
      running--;
    }
  }

  return {
    name: 'tone',
    home: 'both',
    timing: { origin: 'service', confidence: 1 },
    speak,
    dispose: () => {},
    requests,
    get producedSeconds() {
      return produced;
    },
    get running() {
      return running;
    },
  };
}

/** The hum: 200 Hz, a little below full scale. */
export function toneAt(index: number, sampleRate: number): number {
  return Math.round(20_000 * Math.sin((2 * Math.PI * 200 * index) / sampleRate));
}

/** Noise in place of the hum, nowhere like itself nor like that of another text: nothing can come twice or be mixed up unheard. */
export function noiseAt(index: number, text: string): number {
  let mixed =
    Math.imul(index + 1, 0x9e37_79b1) ^ Math.imul(text.length + 31 * text.charCodeAt(0), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 13)) >> 16;
}

async function misbehave(text: string, signal: AbortSignal): Promise<void> {
  if (text.startsWith('!refuse')) throw SpeechError.refused('tone voices', 'I would\nrather not.');
  if (text.startsWith('!break')) throw new TypeError('a secret fault');
  if (text.startsWith('!hang')) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    throw SpeechError.aborted();
  }
}

function cuesOf(text: string, each: number): Cue[] {
  return Array.from(text, (letter, index) => ({
    viseme: SHAPES[letter.toLowerCase()] ?? 'sil',
    start: index * each,
    end: (index + 1) * each,
    weight: 1,
    from: index,
  }));
}

function wordsOf(text: string, each: number): WordMark[] {
  return Array.from(text.matchAll(/\p{L}+/gu), ({ 0: word, index }) => ({
    text: word,
    start: index * each,
    end: (index + word.length) * each,
    from: index,
    to: index + word.length,
  }));
}
