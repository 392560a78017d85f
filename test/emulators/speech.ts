/** What emulators say, once made never made again, and how sound goes over the wire. */
import { Speech, type SpokenText } from './spoken-text.ts';

const VOICES = ['F1', 'F2', 'F3', 'F4', 'F5', 'M1', 'M2', 'M3', 'M4', 'M5'];
const made = new Map<string, Promise<SpokenText>>();
let voices: Speech | undefined;

/** One of the ten voices of this machine for any name of a service's: always the same; their own names are themselves. */
export function standInFor(name: string): string {
  if (VOICES.includes(name)) return name;
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return VOICES[sum % VOICES.length]!;
}

/** A text as one of the ten voices says it at a rate, Hz. Rejects once {@link endSpeech} was called meanwhile. */
export function speech(text: string, voice: string, sampleRate: number, speed = 1): Promise<SpokenText> {
  const name = JSON.stringify([text, voice, sampleRate, speed]);
  voices ??= new Speech();
  const spoken = made.get(name) ?? voices.speak(text, { voice, sampleRate, speed });
  made.set(name, spoken);
  return spoken;
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

/** Resolves after so many milliseconds, or with the next task. */
export function pace(ms: number): Promise<void> {
  return new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
}

/** Lets go of the synth and of what it has said. */
export function endSpeech(): void {
  voices?.dispose();
  voices = undefined;
  made.clear();
}
