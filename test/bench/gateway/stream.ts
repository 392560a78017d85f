/** What is streamed: noise in pieces as a service sends them, at the pace of speech. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../../kit/random.ts';
import { sharedMs } from './part.ts';

export const SAMPLE_RATE = 44_100;

/** 40 ms. */
export const PIECE_SAMPLES = 1_764;

const random = randomOf(3);

/** Ten seconds that nothing is like, over and over. */
const NOISE = Int16Array.from({ length: 10 * SAMPLE_RATE }, () => (random() - 0.5) * 20_000);

/** The samples of a piece, in memory of their own. */
export function pieceAt(nth: number): Int16Array<ArrayBuffer> {
  const from = (nth * PIECE_SAMPLES) % (NOISE.length - PIECE_SAMPLES);
  return NOISE.slice(from, from + PIECE_SAMPLES);
}

/** When each piece was there: by the place of its last sample, ms of the shared clock. */
export interface Emitted {
  readonly endSample: number;
  readonly atMs: number;
}

/** Gives all pieces of so many seconds, each at its time. */
export async function paced(
  seconds: number,
  give: (samples: Int16Array<ArrayBuffer>) => void,
): Promise<Emitted[]> {
  const emitted: Emitted[] = [];
  const pieces = Math.round((seconds * SAMPLE_RATE) / PIECE_SAMPLES);
  const startMs = sharedMs();
  for (let nth = 0; nth < pieces; nth++) {
    const dueMs = startMs + (nth * PIECE_SAMPLES * 1_000) / SAMPLE_RATE;
    await sleep(Math.max(0, dueMs - sharedMs()));
    const samples = pieceAt(nth);
    emitted.push({ endSample: (nth + 1) * PIECE_SAMPLES, atMs: sharedMs() });
    give(samples);
  }
  return emitted;
}
