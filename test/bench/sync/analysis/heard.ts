import type { Decoded, Piece, Silence } from './decode.ts';

/** Which place of a line is heard at a context frame, by what was decoded. */
export interface HeardAt {
  /** Frame of the line, at the context's rate. In a gap: where the sound stopped. */
  readonly frame: number;
  /** Where it goes on; more than `frame` only in a gap, by the samples that fades made exactly silent. */
  readonly until: number;
  /**
   * `piece`: a decoded sample; `splice`: between two places of the line that follow each other without silence;
   * `gap`: in a silence; `outside`: before the first or after the last sample.
   */
  readonly where: 'piece' | 'splice' | 'gap' | 'outside';
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
    if (!piece) return next && { frame: next.start, until: next.start, where: 'outside' };
    const into = contextFrame - piece.context;
    const left = piece.frames - into;
    if (before && into < UNSURE && !this.silentBetween(before, piece))
      return splice(before, piece, contextFrame);
    if (next && left < UNSURE && !this.silentBetween(piece, next)) return splice(piece, next, contextFrame);
    if (left >= 0) return { frame: piece.start + into, until: piece.start + into, where: 'piece' };
    const end = piece.start + piece.frames;
    if (!next) return { frame: end, until: end, where: 'outside' };
    return { frame: end, until: next.start, where: 'gap' };
  }

  /** Context frame at which a frame of a line is heard first; undefined where that was not decoded. */
  contextOf(line: number, lineFrame: number): number | undefined {
    const piece = this.of(line).find(({ start, frames }) => start <= lineFrame && lineFrame < start + frames);
    return piece && piece.context + lineFrame - piece.start;
  }
}

/** On the straight way from one piece to the next. */
function splice(before: Piece, after: Piece, contextFrame: number): HeardAt {
  const from = before.context + before.frames - UNSURE;
  const fromLine = before.start + before.frames - UNSURE;
  const part = (contextFrame - from) / (after.context + UNSURE - from);
  const frame = fromLine + part * (after.start + UNSURE - fromLine);
  return { frame, until: frame, where: 'splice' };
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
