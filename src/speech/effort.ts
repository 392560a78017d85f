import { InputError } from './errors.ts';

/** How hard a voice tries, by name. */
export type EffortName = 'whisper' | 'soft' | 'normal' | 'raised' | 'loud' | 'shout';

/** How hard a voice tries: a name, or how much louder it is than a normal one, decibels from -20 to 20. */
export type Effort = EffortName | number;

/**
 * How much louder than a normal voice, decibels at the same distance. Raised, loud and shout: ANSI S3.5-1997 (62.35, 68.34,
 * 74.85 and 82.30 dB at a metre); soft: the relaxed voice of ISO 9921 (54 against 60 dB(A)). A whisper has no source in
 * the voice at all, which no level can take away; how much softer it is was chosen.
 */
export const EFFORTS: Readonly<Record<EffortName, number>> = {
  whisper: -15,
  soft: -6,
  normal: 0,
  raised: 6,
  loud: 12.5,
  shout: 20,
};

/** Least and most, decibels. */
export const SOFTEST = -20;
export const LOUDEST = 20;

/** Decibels of an effort. Throws {@link InputError} for what is none, and names `place`. */
export function resolveEffort(place: string, effort: Effort): number {
  if (typeof effort === 'string' && Object.hasOwn(EFFORTS, effort)) return EFFORTS[effort];
  if (typeof effort === 'number' && effort >= SOFTEST && effort <= LOUDEST) return effort;
  const names = Object.keys(EFFORTS).join(', ');
  throw new InputError(place, `${names}, or decibels from ${SOFTEST} to ${LOUDEST}`, String(effort));
}

/**
 * How much more the treble of a louder voice grows than its low, decibels for each: 0.55 to 0.6 from normal to shouting
 * (ANSI S3.5-1997, bands of 1 to 4 kHz against 200 to 630 Hz); a little less, since voices are recorded with an effort too.
 */
const TILT = 0.5;

/** What an effort leaves of the treble and of the low, as factors, beside its level. A whisper is no duller than a soft voice. */
export function effortTreble(decibels: number): number {
  return decibels === 0 ? 1 : 10 ** ((Math.max(decibels, EFFORTS.soft) * TILT) / 2 / 20);
}
export function effortLow(decibels: number): number {
  return 1 / effortTreble(decibels);
}
