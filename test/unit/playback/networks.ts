import type { LatenessEstimate } from '../../../src/clock/lateness.ts';
import { BLOCK, Deck, RATE, sine } from './deck.ts';

/** Seconds in a chunk, as services send them. */
const CHUNK = 0.04;

/** What a line was like over a network. */
export interface Played {
  /** Milliseconds from the first chunk's arrival to the first frame. */
  readonly firstMs: number;
  /** Silence in the line, milliseconds, and in how many pieces. */
  readonly silentMs: number;
  readonly stalls: number;
  /** Frames that were stretched or left out, as a part of all. */
  readonly stretched: number;
  /** Target at the end, milliseconds. */
  readonly targetMs: number;
  readonly deck: Deck;
}

/**
 * Plays a line of `seconds` from a sender that keeps pace, each chunk of which arrives `delayMs(n)` late, in order. As
 * the page does it: the estimate learns from chunks and stalls, and its target follows.
 */
export function playOver(
  estimate: LatenessEstimate,
  seconds: number,
  delayMs: (chunk: number) => number,
): Played {
  const all = sine(seconds * RATE);
  const deck = new Deck(0).begin({ target: (estimate.targetMs / 1000) * RATE });
  const { renderer } = deck;
  const lateness = estimate.beginLine();
  const size = CHUNK * RATE;
  let [sent, last, first, heard, stalledFrames] = [0, 0, 0, 0, 0];
  for (let block = 0; renderer.state !== 'ended'; block++) {
    const nowMs = (block * BLOCK * 1000) / RATE;
    for (; sent * size < all.length; sent++) {
      const arrival = Math.max(last, (sent + 1) * CHUNK * 1000 + delayMs(sent));
      if (arrival > nowMs) break;
      last = arrival;
      if (sent === 0) first = nowMs;
      lateness.handleChunk(arrival, sent * CHUNK, (sent + 1) * CHUNK);
      renderer.setTarget((estimate.targetMs / 1000) * RATE);
      renderer.write(all.subarray(sent * size, (sent + 1) * size));
    }
    if (sent * size >= all.length) renderer.end();
    deck.play(1);
    if (deck.passages.length > 0 && heard === 0) heard = nowMs;
    if (renderer.state === 'playing' && renderer.stalledFrames > stalledFrames) {
      estimate.handleStall(((renderer.stalledFrames - stalledFrames) / RATE) * 1000);
      stalledFrames = renderer.stalledFrames;
    }
  }
  const spliced = deck.passages.filter(({ frames, lineFrames }) => frames !== lineFrames);
  let stalls = 0;
  for (const [index, { context }] of deck.passages.entries()) {
    const before = deck.passages[index - 1];
    if (before && before.context + before.frames < context) stalls++;
  }
  return {
    firstMs: heard - first,
    silentMs: (renderer.stalledFrames / RATE) * 1000,
    stalls,
    stretched: spliced.reduce((sum, { frames }) => sum + frames, 0) / deck.frames,
    targetMs: estimate.targetMs,
    deck,
  };
}

/** 0 to 1, the same for the same `n`. */
export function chance(n: number): number {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}
