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
   * `piece`: a decoded sample; `splice`: between two places of the line that follow each other without silence;
   * `gap`: in a silence; `outside`: before the first or after the last sample.
   */
  readonly where: 'piece' | 'splice' | 'gap' | 'outside';
}

/** How far a frame of a line is beyond what is heard; negative before it, 0 within. */
export function beyond({ from, to }: HeardAt, frame: number): number {
  return Math.max(0, frame - to) + Math.min(0, frame - from);
}

/**
 * A piece that meets another without silence is decoded a little into the crossfade: so many of its frames, 2 ms, are
 * taken as part of the splice.
 */
const UNSURE = 96;

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
    const from = before.context + before.frames;
    return this.#silences.some(
      ({ context, frames }) => context >= from - 1 && context + frames <= after.context + 1,
    );
  }

  /** What is heard of `line` at a context frame, which need not be whole; undefined where nothing of it was decoded. */
  at(line: number, contextFrame: number): HeardAt | undefined {
    const pieces = this.of(line);
    const index = lastBefore(pieces, contextFrame);
    const [before, piece, next] = [pieces[index - 1], pieces[index], pieces[index + 1]];
    if (!piece) return next && exact(next.start, 'outside');
    const into = contextFrame - piece.context;
    const left = piece.frames - into;
    if (before && into < UNSURE && !this.silentBetween(before, piece))
      return splice(before, piece, contextFrame);
    if (next && left < UNSURE && !this.silentBetween(piece, next)) return splice(piece, next, contextFrame);
    if (left >= 0) return exact(piece.start + into, 'piece');
    const end = piece.start + piece.frames;
    if (!next) return exact(end, 'outside');
    return { from: end, to: next.start, where: 'gap' };
  }

  /** Context frame at which a frame of a line is heard first; undefined where that was not decoded. */
  contextOf(line: number, lineFrame: number): number | undefined {
    const piece = this.of(line).find(({ start, frames }) => start <= lineFrame && lineFrame < start + frames);
    return piece && piece.context + lineFrame - piece.start;
  }
}

function exact(frame: number, where: HeardAt['where']): HeardAt {
  return { from: frame, to: frame, where };
}

/** One place fades into the other: what is heard lies between them. */
function splice(before: Piece, after: Piece, contextFrame: number): HeardAt {
  const leaving = before.start + contextFrame - before.context;
  const coming = after.start + contextFrame - after.context;
  return { from: Math.min(leaving, coming), to: Math.max(leaving, coming), where: 'splice' };
}

/** Index of the last piece that begins at or before a context frame; -1 where none does. */
function lastBefore(pieces: readonly Piece[], contextFrame: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.context <= contextFrame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
