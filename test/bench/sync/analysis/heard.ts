import type { Decoded, Piece, Silence } from './decode.ts';

/** Which place of a line is heard at a context frame, by what was decoded. */
export interface HeardAt {
  /**
   * Frames of the line, at the context's rate, between which it is. They differ in a splice, where two places are heard
   * at once, and in a gap, by the samples that fades made exactly silent.
   */
  readonly from: number;
  readonly to: number;
  /**
   * `piece`: a decoded sample; `splice`: one place fades into another; `gap`: in a silence; `lost`: sound that was not
   * decoded, by two splices in a row or one in a fade; `outside`: before the first or after the last sample.
   */
  readonly where: 'piece' | 'splice' | 'gap' | 'lost' | 'outside';
}

/** How far a frame of a line is beyond what is heard; negative before it, 0 within. */
export function beyond({ from, to }: HeardAt, frame: number): number {
  return Math.max(0, frame - to) + Math.min(0, frame - from);
}

/** Shortest part of a piece beside a splice that is taken as part of it, frames: 2 ms. */
const UNSURE = 96;
/** Frames on both sides of a single crossfade, or between sound and silence, that may be missed: decoding goes by 1 ms. */
const EDGES = 192;
/** The longest crossfade, frames: a splice that was lost reaches no farther into what was decoded. */
const LONGEST_PERIOD = 720;

/** The decoded pieces of a run, in order, with look-up by context frame. */
export class HeardMap {
  readonly pieces: readonly Piece[];
  readonly #silences: readonly Silence[];
  readonly #byLine = new Map<number, readonly Piece[]>();

  constructor({ pieces, silences }: Decoded) {
    this.pieces = pieces;
    this.#silences = silences;
  }

  /** The pieces of one line. */
  of(line: number): readonly Piece[] {
    const known = this.#byLine.get(line) ?? this.pieces.filter((piece) => piece.line === line);
    this.#byLine.set(line, known);
    return known;
  }

  /** Whether a silence lies between two pieces that follow each other. */
  silentBetween(before: Piece, after: Piece): boolean {
    return this.silencesBetween(before, after).length > 0;
  }

  /** The silences between two pieces that follow each other. */
  silencesBetween(before: Piece, after: Piece): readonly Silence[] {
    const last = lastBefore(this.#silences, after.context + 1);
    const first = lastBefore(this.#silences, endOf(before) - 2) + 1;
    return this.#silences.slice(first, last + 1);
  }

  /** What is heard of `line` at a context frame, which need not be whole; undefined where nothing of it was decoded. */
  at(line: number, contextFrame: number): HeardAt | undefined {
    const pieces = this.of(line);
    const index = lastBefore(pieces, contextFrame);
    const [before, piece, next] = [pieces[index - 1], pieces[index], pieces[index + 1]];
    if (!piece) return next && exact(next.start, 'outside');
    const into = contextFrame - piece.context;
    const left = piece.frames - into;
    const heard = [piece];
    if (before && this.#meet(before, piece)) {
      if (into < unsure(before, piece)) heard.push(before);
    } else if (before && into < LONGEST_PERIOD && !this.#isSilentAt(piece.context)) return LOST;
    if (next && this.#meet(piece, next)) {
      if (left < unsure(piece, next)) heard.push(next);
    } else if (next && left >= 0 && left < LONGEST_PERIOD && !this.#isSilentAt(endOf(piece))) return LOST;
    if (heard.length > 1) return fading(heard, contextFrame);
    if (left >= 0) return exact(piece.start + into, 'piece');
    const end = piece.start + piece.frames;
    if (!next) return exact(end, 'outside');
    if (!this.#isSilentAt(contextFrame, 0)) return LOST;
    // A crossfade that the fade of a gap cut short is too quiet to be told from either of its sides.
    return { from: Math.min(end, next.start), to: Math.max(end, next.start), where: 'gap' };
  }

  /** Context frame at which a frame of a line is heard first; undefined where that was not decoded. */
  contextOf(line: number, lineFrame: number): number | undefined {
    const piece = this.of(line).find(({ start, frames }) => start <= lineFrame && lineFrame < start + frames);
    return piece && piece.context + lineFrame - piece.start;
  }

  /** Whether nothing but a single crossfade lies between two pieces. */
  #meet(before: Piece, after: Piece): boolean {
    const between = after.context - endOf(before);
    return between <= lagChange(before, after) + EDGES && !this.silentBetween(before, after);
  }

  /** Whether a context frame is in a silence or within `margin` of one. */
  #isSilentAt(contextFrame: number, margin = EDGES / 2): boolean {
    const silence = this.#silences[lastBefore(this.#silences, contextFrame + margin)];
    return silence !== undefined && contextFrame - margin <= silence.context + silence.frames;
  }
}

const LOST: HeardAt = { from: Number.NaN, to: Number.NaN, where: 'lost' };

function exact(frame: number, where: HeardAt['where']): HeardAt {
  return { from: frame, to: frame, where };
}

/** One place fades into another: what is heard lies between them. */
function fading(pieces: readonly Piece[], contextFrame: number): HeardAt {
  const places = pieces.map(({ context, start }) => start + contextFrame - context);
  return { from: Math.min(...places), to: Math.max(...places), where: 'splice' };
}

/**
 * Frames on each side of a splice that may belong to it: where a voice is alike a period later, its crossfade is as like
 * the one place as the other. A crossfade is as long as its period, which is what the lag changes by.
 */
function unsure(before: Piece, after: Piece): number {
  return Math.max(UNSURE, lagChange(before, after));
}

function lagChange(before: Piece, after: Piece): number {
  return Math.abs(after.context - after.start - before.context + before.start);
}

function endOf({ context, frames }: Piece): number {
  return context + frames;
}

/** Index of the last one that begins at or before a context frame; -1 where none does. */
function lastBefore(all: readonly { readonly context: number }[], contextFrame: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.context <= contextFrame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
