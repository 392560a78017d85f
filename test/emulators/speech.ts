/** What emulators of services say: real speech by Flite. */
import type { Cue, WordMark } from '../../src/speech/cue.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import { localVoices } from '../../src/synth/local-voices.ts';

/** A line as the synth made it; times in seconds from its first sample. */
export interface Spoken {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly words: readonly WordMark[];
  readonly cues: readonly Cue[];
}

const VOICES = ['F1', 'F2', 'F3', 'F4', 'F5', 'M1', 'M2', 'M3', 'M4', 'M5'];
const synths = new Map<number, ReturnType<typeof localVoices>>();

/** One of the ten voices of this machine for any name of a service's: always the same. */
export function standInFor(name: string): string {
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return VOICES[sum % VOICES.length]!;
}

/** A text as it is being spoken, sentence by sentence. Throws what the synth throws, as for a text without a word. */
export function speaking(
  text: string,
  voice: string,
  sampleRate: number,
  speed = 1,
  signal = new AbortController().signal,
): AsyncIterable<SpeechPart> {
  const synth = synths.get(sampleRate) ?? localVoices({ sampleRate, threads: 1 });
  synths.set(sampleRate, synth);
  return synth.speak({ text, voice, speed }, signal);
}

/** The same, whole. */
export async function speech(text: string, voice: string, sampleRate: number, speed = 1): Promise<Spoken> {
  const runs: Int16Array[] = [];
  const words: WordMark[] = [];
  const cues: Cue[] = [];
  for await (const part of speaking(text, voice, sampleRate, speed)) {
    if (part.type === 'audio') runs.push(part.samples);
    if (part.type === 'words') words.push(...part.words);
    if (part.type === 'cues') cues.push(...part.cues);
  }
  const samples = new Int16Array(runs.reduce((total, run) => total + run.length, 0));
  let at = 0;
  for (const run of runs) {
    samples.set(run, at);
    at += run.length;
  }
  return { samples, sampleRate, words, cues };
}

/** Whether there is anything in a text that can be said. */
export function sayable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Samples as they go over the wire: signed 16-bit, little-endian. */
export function bytesOfSamples(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2);
  return bytes;
}

/** Bytes in pieces of at most `length`; `odd`: of odd lengths that change, so that samples are torn apart. */
export function piecesOfBytes(bytes: Buffer, length: number, odd = false): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = odd ? (length | 1) - 2 * (pieces.length % 3) : length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Lets go of the synths. */
export function endSpeech(): void {
  for (const synth of synths.values()) synth.dispose();
  synths.clear();
}
