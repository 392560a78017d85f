/** When messages come out of a network that is late, in order as TCP is: time is a parameter, chance has a seed. */

/** What is wrong with a network. */
export interface Slowness {
  /** Each message is late by 0 up to this many milliseconds. Default 0. */
  readonly jitterMs?: number;
  /** The sender stands still for this long before the audio frames `stalls`, and does not catch up. Default 0. */
  readonly stallMs?: number;
  readonly stalls?: readonly number[];
  /** The network holds everything for this long before each of the audio frames `hiccups`, then gives it all at once. */
  readonly hiccupMs?: number;
  readonly hiccups?: readonly number[];
  /** Of the chances, a whole number. Default 1. */
  readonly seed?: number;
}

/** The delay line of one answer. */
export class SlowNetwork {
  readonly #slowness: Slowness;
  #random: number;
  #frames = 0;
  #behindMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(slowness: Slowness) {
    this.#slowness = slowness;
    this.#random = (slowness.seed ?? 1) >>> 0;
  }

  /** When a message that came at `nowMs` goes on: never before the one ahead of it. `audio`: it is a frame of sound. */
  releaseMs(nowMs: number, audio: boolean): number {
    const { jitterMs = 0, stallMs = 0, stalls = [], hiccupMs = 0, hiccups = [] } = this.#slowness;
    let delayMs = jitterMs * this.#chance();
    if (audio) {
      if (stalls.includes(this.#frames)) this.#behindMs += stallMs;
      if (hiccups.includes(this.#frames)) delayMs += hiccupMs;
      this.#frames++;
    }
    this.#lastMs = Math.max(this.#lastMs, nowMs + this.#behindMs + delayMs);
    return this.#lastMs;
  }

  /** From 0 to 1, by the generator of Numerical Recipes (a full period of 2^32). */
  #chance(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random / 2 ** 32;
  }
}

/** Reads `?jitter=MS&stall=MS&stalls=FRAME,FRAME&hiccup=MS&hiccups=FRAME,FRAME&seed=N`. */
export function slownessOf(query: URLSearchParams): Slowness {
  const number = (name: string) => Number(query.get(name) ?? 0);
  const list = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean).map(Number);
  return {
    jitterMs: number('jitter'),
    stallMs: number('stall'),
    stalls: list('stalls'),
    hiccupMs: number('hiccup'),
    hiccups: list('hiccups'),
    seed: number('seed') || 1,
  };
}

/** The query that {@link slownessOf} reads. */
export function queryOf(slowness: Slowness): string {
  const query = new URLSearchParams();
  const { jitterMs, stallMs, stalls, hiccupMs, hiccups, seed } = slowness;
  if (jitterMs) query.set('jitter', String(jitterMs));
  if (stallMs && stalls) {
    query.set('stall', String(stallMs));
    query.set('stalls', stalls.join());
  }
  if (hiccupMs && hiccups) {
    query.set('hiccup', String(hiccupMs));
    query.set('hiccups', hiccups.join());
  }
  if (seed) query.set('seed', String(seed));
  return query.toString();
}
