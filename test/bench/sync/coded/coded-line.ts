import { LetterWriter, type WireViseme } from '../../../../src/gateway/dialects/lokutor-letters.ts';
import { collectTrack } from '../../../../src/speech/track.ts';
import { localVoices } from '../../../../src/synth/local-voices.ts';
import { randomOf } from '../../../kit/random.ts';
import { carrierOf } from './carrier.ts';

/** A burst of sound in line time, seconds: where it is at half its height. */
export interface Burst {
  readonly start: number;
  readonly end: number;
}

/** A line whose every sample tells its place in the line. */
export interface CodedLine {
  /** What is asked for; no two lines of a run have the same. */
  readonly text: string;
  readonly sampleRate: number;
  readonly samples: Int16Array<ArrayBuffer>;
  /** Mouth shapes as they go over the wire. */
  readonly letters: readonly WireViseme[];
  /** Empty for a line of real speech. */
  readonly bursts: readonly Burst[];
}

/** Root mean square of a burst, full scale 1; its peaks stay below clipping. */
const BURST_LEVEL = 0.15;
/** Root mean square of the code in pauses and below real speech: -40 dBFS. */
const FLOOR_LEVEL = 0.01;
/** Time in which a burst rises and falls, seconds. */
const EDGE = 0.006;

const LONGEST_BURST = 0.36;
const SHORTEST_BURST = 0.2;
const LONGEST_PAUSE = 0.45;
const SHORTEST_PAUSE = 0.3;

const VOWELS = 'aeiou';

/** Bursts of noise, each with the mouth shape of a vowel, and quiet noise between them. */
export function burstLine(seconds: number, sampleRate: number, seed: number): CodedLine {
  const random = randomOf(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const bursts: Burst[] = [];
  for (let start = 0.4; ; start = bursts.at(-1)!.end + between(SHORTEST_PAUSE, LONGEST_PAUSE)) {
    const end = start + between(SHORTEST_BURST, LONGEST_BURST);
    if (end > seconds - SHORTEST_PAUSE) break;
    bursts.push({ start, end });
  }
  const vowels = bursts.map(() => VOWELS.charAt(Math.floor(random() * VOWELS.length)));
  const letters = bursts.flatMap(({ start, end }, index) => [
    { v: 2 * index, c: vowels[index]!, t: start },
    { v: 2 * index, c: 'sil', t: end },
  ]);
  const length = Math.round(seconds * sampleRate);
  const carrier = carrierOf(length, sampleRate, seed + 1);
  const samples = new Int16Array(length);
  for (let index = 0, burst = 0; index < length; index++) {
    const time = index / sampleRate;
    while (bursts[burst] && bursts[burst]!.end + EDGE < time) burst++;
    const height = bursts[burst] ? heightAt(time, bursts[burst]!) : 0;
    samples[index] = toInt16(carrier[index]! * (FLOOR_LEVEL + (BURST_LEVEL - FLOOR_LEVEL) * height));
  }
  return { text: vowels.join(' '), sampleRate, samples, letters, bursts };
}

/** Speech of the project's own voices, with the quiet code below it. */
export async function spokenLine(text: string, sampleRate: number, seed: number): Promise<CodedLine> {
  const voices = localVoices({ sampleRate, threads: 1 });
  try {
    const request = { text, voice: 'F1', lang: 'en' };
    const parts = voices.speak(request, new AbortController().signal);
    const track = await collectTrack(parts, request, voices.timing);
    const writer = new LetterWriter(text);
    const carrier = carrierOf(track.samples.length, sampleRate, seed);
    const samples = track.samples.map((sample, index) =>
      toInt16(0.9 * (sample / 32_768) + FLOOR_LEVEL * carrier[index]!),
    );
    return { text, sampleRate, samples, letters: track.cues.map((cue) => writer.write(cue)), bursts: [] };
  } finally {
    voices.dispose();
  }
}

/** 0 outside a burst, 1 within, one half at its start and its end. */
function heightAt(time: number, { start, end }: Burst): number {
  const into = Math.min(time - start, end - time) / EDGE;
  if (into >= 0.5) return 1;
  return into <= -0.5 ? 0 : 0.5 + 0.5 * Math.sin(Math.PI * into);
}

function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767)));
}
