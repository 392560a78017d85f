import { InputError } from '../speech/errors.ts';

/** How much less is heard of a voice beside and behind the face. */
export interface SpeechCone {
  /** Angle, with the face in its middle, within which the voice is heard in full, degrees from 0 to 360. Default 120. */
  readonly innerDegrees?: number;
  /** Level straight behind the head, of low and treble alike, decibels, 0 or below. Default -7. */
  readonly behindDb?: number;
  /**
   * How much less than that is left of the treble there, decibels, 0 or below. Default -9. Both together make speech
   * about 9 dB(A) weaker, little of it in the lowest voice and the more the higher; human talkers, measured all around,
   * are about 10 dB(A) weaker there (Chu and Warnock, Detailed directivity of sound fields around human talkers, NRC
   * Canada, IRC-RR-104, 2002), and the more directed the higher (Monson, Hunter and Story, JASA 132, 2012).
   */
  readonly trebleDb?: number;
}

/** A cone ready for use: the angle up to which it is full, and behind, the gain of all, and of the treble beside that. */
export interface ConeShape {
  readonly innerAngle: number;
  readonly behind: number;
  readonly treble: number;
}

/** Distance up to which a head is as good as touching the ears, metres: the cone fades in over it. */
const TOUCHING = 0.5;

/** Checks a cone and fills in its defaults; `false` is a voice that is the same all around. Throws {@link InputError}. */
export function coneShape(cone: SpeechCone | false = {}): ConeShape | undefined {
  if (cone === false) return undefined;
  const { innerDegrees = 120, behindDb = -7, trebleDb = -9 } = cone;
  if (!(innerDegrees >= 0 && innerDegrees <= 360))
    throw new InputError('cone.innerDegrees', 'a number from 0 to 360 (degrees)', String(innerDegrees));
  if (!(behindDb <= 0))
    throw new InputError('cone.behindDb', 'a number of decibels, 0 or below', String(behindDb));
  if (!(trebleDb <= 0))
    throw new InputError('cone.trebleDb', 'a number of decibels, 0 or below', String(trebleDb));
  return {
    innerAngle: (innerDegrees * Math.PI) / 360,
    behind: 10 ** (behindDb / 20),
    treble: 10 ** (trebleDb / 20),
  };
}

/**
 * How far a face is turned away, 0 to 1, heard at an angle whose cosine is `cosine`, `distance` metres away. It grows from
 * the inner angle to straight behind along half a cosine, without a corner.
 */
export function turnedAway({ innerAngle }: ConeShape, cosine: number, distance: number): number {
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (angle <= innerAngle) return 0;
  const turned = (angle - innerAngle) / (Math.PI - innerAngle);
  return (0.5 - 0.5 * Math.cos(Math.PI * turned)) * Math.min(distance / TOUCHING, 1);
}

/** Gain of a voice that is turned away so far. */
export function coneGain({ behind }: ConeShape, turned: number): number {
  return 1 - (1 - behind) * turned;
}

/** Gain of its treble beside that. */
export function coneTreble({ treble }: ConeShape, turned: number): number {
  return 1 - (1 - treble) * turned;
}
