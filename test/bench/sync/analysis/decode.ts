import { misfit } from './fit.ts';
import { Haystack } from './fourier.ts';

/** A run of sound that was decoded: these context frames are these frames of that line. */
export interface Piece {
  readonly line: number;
  readonly context: number;
  /** Frame of the line, at the context's rate. */
  readonly start: number;
  readonly frames: number;
}

/** A run of samples that are exactly silent. */
export interface Silence {
  readonly context: number;
  readonly frames: number;
}

/** What is in a recording. */
export interface Decoded {
  /** In rising order of context frames. */
  readonly pieces: readonly Piece[];
  readonly silences: readonly Silence[];
  /** Frames of sound that are no piece of any line: crossfades between two places of it. */
  readonly unknown: number;
}

/** So many samples of exact silence in a row are a gap: the code's own zeros are single. */
const GAP = 64;
/** Samples that are judged at once, 1 ms. */
const STEP = 48;
/**
 * Part of the energy that may be left unexplained. 16-bit samples leave a millionth of the quietest code, a place that is
 * one sample off nine hundredths, and the code below a voice that is repeated some thousandths.
 */
const LIMIT = 5e-4;
/** Samples by which a new place is known, 20 ms. */
const PROBE = 960;
/** Samples by which it is known within reach of the old one. */
const SHORT_PROBE = 384;
/** A first look takes one sample of these, and lets pass what leaves less than this part of the energy. */
const THIN = 12;
const THIN_LIMIT = 0.05;
/** How far time stretching jumps at most, samples. */
const NEAR = 1_600;
/** Longest stretch that may hold nothing but crossfades, samples: 0.2 s. */
const LOST = 9_600;

/** Where each run of recorded sound comes from: found by likeness alone. `heard[0]` is context frame `first`. */
export function decode(heard: Float32Array, first: number, references: readonly Float32Array[]): Decoded {
  return new Decoder(heard, first, references).run();
}

class Decoder {
  readonly #heard: Float32Array;
  readonly #first: number;
  readonly #references: readonly Float32Array[];
  readonly #haystacks = new Map<number, Haystack>();
  readonly #pieces: Piece[] = [];
  #unknown = 0;

  constructor(heard: Float32Array, first: number, references: readonly Float32Array[]) {
    this.#heard = heard;
    this.#first = first;
    this.#references = references;
  }

  run(): Decoded {
    const silences = silencesOf(this.#heard);
    for (const [index, silence] of silences.entries()) {
      const next = silences[index + 1]?.context ?? this.#heard.length;
      this.#decodeRun(silence.context + silence.frames, next);
    }
    const shift = <T extends { readonly context: number }>(each: T): T => ({
      ...each,
      context: each.context + this.#first,
    });
    return { pieces: this.#pieces.map(shift), silences: silences.map(shift), unknown: this.#unknown };
  }

  /** Sound without a gap, from `begin` to `end`. */
  #decodeRun(begin: number, end: number): void {
    let at = begin;
    while (at < end) {
      const found = this.#placeAt(at, end);
      if (!found) {
        this.#unknown += Math.min(LOST, end - at);
        at += LOST;
        continue;
      }
      const { line, lag } = found;
      const start = this.#reach(line, lag, found.at, at, -STEP);
      const stop = this.#reach(line, lag, found.at, end, STEP);
      if (stop <= at || stop === start) {
        this.#unknown += Math.min(STEP, end - at);
        at += STEP;
        continue;
      }
      this.#unknown += start - at;
      this.#add({ line, context: start, start: start - lag, frames: stop - start });
      at = stop;
    }
  }

  /** What goes on at the same lag after the bend at the foot or the head of a fade, in the same run, is one piece. */
  #add(piece: Piece): void {
    const last = this.#pieces.at(-1);
    const gap = last ? piece.context - last.context - last.frames : 0;
    if (
      last?.line === piece.line &&
      last.context - last.start === piece.context - piece.start &&
      gap <= 2 * STEP
    ) {
      this.#pieces[this.#pieces.length - 1] = {
        ...last,
        frames: piece.context + piece.frames - last.context,
      };
      this.#unknown -= gap;
    } else this.#pieces.push(piece);
  }

  /** How far the same lag goes on from `from` towards `limit`. */
  #reach(line: number, lag: number, from: number, limit: number, step: number): number {
    const reference = this.#references[line]!;
    let at = from;
    while (at !== limit) {
      const next = step > 0 ? Math.min(at + step, limit) : Math.max(at + step, limit);
      const low = Math.min(at, next);
      const count = Math.abs(next - at);
      // A rest of a few samples at the edge of silence is too little to judge, and belongs to its neighbours.
      if (count >= STEP / 2 && misfit(this.#heard, low, reference, low - lag, count) > LIMIT) return at;
      at = next;
    }
    return at;
  }

  /** Line and lag of the sound shortly after `at`: where the last piece ended, near it, or anywhere. */
  #placeAt(at: number, end: number): { line: number; lag: number; at: number } | undefined {
    const last = this.#pieces.at(-1);
    const guesses = last
      ? [
          { line: last.line, lag: at - last.start - last.frames },
          { line: last.line + 1, lag: at },
        ]
      : [{ line: 0, lag: at }];
    const probe = Math.min(SHORT_PROBE, end - at);
    for (const into of [0, STEP * 5, STEP * 10]) {
      for (const { line, lag } of guesses)
        if (this.#fits(line, lag, at + into, probe)) return { line, lag, at: at + into };
    }
    if (last && last.context + last.frames >= at - LOST) {
      for (let into = STEP; into <= LOST && at + into < end; into += STEP * 5) {
        const lag = this.#nearLag(last, at + into);
        if (lag !== undefined) return { line: last.line, lag, at: at + into + SHORT_PROBE / 2 };
      }
    }
    return this.#anywhere(at, end);
  }

  #fits(line: number, lag: number, at: number, count: number): boolean {
    const reference = this.#references[line];
    if (!reference || count < STEP / 2) return false;
    const here = misfit(this.#heard, at, reference, at - lag, count);
    return (
      here <= LIMIT &&
      here <= misfit(this.#heard, at, reference, at - lag + 1, count) &&
      here <= misfit(this.#heard, at, reference, at - lag - 1, count)
    );
  }

  #nearLag(last: Piece, at: number): number | undefined {
    const before = last.context - last.start;
    const reference = this.#references[last.line]!;
    let best: number | undefined;
    let least = LIMIT;
    for (let lag = before - NEAR; lag <= before + NEAR; lag++) {
      if (misfit(this.#heard, at, reference, at - lag, SHORT_PROBE, THIN) > THIN_LIMIT) continue;
      const left = misfit(this.#heard, at, reference, at - lag, SHORT_PROBE);
      if (left < least) [best, least] = [lag, left];
    }
    return best;
  }

  #anywhere(at: number, end: number): { line: number; lag: number; at: number } | undefined {
    const from = Math.min(at + PROBE, Math.max(at, end - PROBE));
    const needle = this.#heard.subarray(from, Math.min(from + PROBE, end));
    let best: { line: number; lag: number; at: number } | undefined;
    let most = 1 - LIMIT;
    for (const [line, reference] of this.#references.entries()) {
      const haystack = this.#haystacks.get(line) ?? new Haystack(reference, PROBE);
      this.#haystacks.set(line, haystack);
      const found = haystack.find(needle);
      if (found.match > most) {
        most = found.match;
        best = { line, lag: from - found.at, at: from + (needle.length >> 1) };
      }
    }
    return best;
  }
}

/** All gaps; one of no length at the start where sound begins at once. */
function silencesOf(heard: Float32Array): Silence[] {
  const silences: Silence[] = [];
  let from = 0;
  for (let index = 0; index <= heard.length; index++) {
    if (index < heard.length && heard[index] === 0) continue;
    if (index - from >= GAP || (from === 0 && silences.length === 0)) {
      silences.push({ context: from, frames: index - from });
    }
    from = index + 1;
  }
  return silences;
}
