import { VISEME_COUNT } from '../speech/viseme.ts';

/** Time between two rows of a baked curve, seconds: twelve rows in the shortest lip movement. */
export const STEP = 0.005;

/** A moment is read from the three rows around it: what is constant there stays so this long, seconds, less at both ends. */
export const BLUR = 1.5 * STEP;

/**
 * What a curve says besides the 15 visemes, for faces that have parts of their own for it, 0 to 1.
 * `lipsRound`, `lipsSpread`: rounding and spreading that neighbouring vowels ask for and the shape of the moment does
 * not give: through closed lips, and under consonants that the tongue makes. `jawBehind`: jaw lowered behind closed lips.
 */
export const UNDERTONES = ['lipsRound', 'lipsSpread', 'jawBehind'] as const;

/** Index of the first undertone in a row, after the visemes. */
export const FIRST_UNDERTONE = VISEME_COUNT;

/** Weights in a row: 15 visemes and 3 undertones. */
export const ROW = VISEME_COUNT + UNDERTONES.length;

/** The moment of a row, seconds in line time. */
export const timeOf = (row: number): number => row * STEP;
