import { InputError } from '../speech/errors.ts';

/** How much less is heard of a voice beside and behind the face. */
export interface SpeechCone {
  /** Angle, with the face in its middle, within which the voice is heard in full, degrees from 0 to 360. Default 120. */
  readonly innerDegrees?: number;
  /**
   * Level straight behind the head, decibels, 0 or below. Default -7: mild, since human talkers, measured all around,
   * are about 10 dB(A) weaker there (Chu and Warnock, Detailed directivity of sound fields around human talkers, NRC
   * Canada, IRC-RR-104, 2002).
   */
  readonly behindDb?: number;
}

/** A cone ready for use: the cosine from which it is full, the angle, and the gain behind. */
export interface ConeShape {
  readonly innerAngle: number;
  readonly behind: number;
}

/** Distance up to which a head is as good as touching the ears, metres: the cone fades in over it. */
const TOUCHING = 0.5;

/** Checks a cone and fills in its defaults; `false` is a voice that is the same all around. Throws {@link InputError}. */
export function coneShape(cone: SpeechCone | false = {}): ConeShape | undefined {
  if (cone === false) return undefined;
  const { innerDegrees = 120, behindDb = -7 } = cone;
  if (!(innerDegrees >= 0 && innerDegrees <= 360))
    throw new InputError('cone.innerDegrees', 'a number from 0 to 360 (degrees)', String(innerDegrees));
  if (!(behindDb <= 0))
    throw new InputError('cone.behindDb', 'a number of decibels, 0 or below', String(behindDb));
  return { innerAngle: (innerDegrees * Math.PI) / 360, behind: 10 ** (behindDb / 20) };
}

/**
 * Gain of a voice, heard at an angle off the face whose cosine is `cosine`, `distance` metres away. It falls from the
 * inner angle to straight behind along half a cosine, without a corner.
 */
export function coneGain({ innerAngle, behind }: ConeShape, cosine: number, distance: number): number {
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (angle <= innerAngle) return 1;
  const turned = (angle - innerAngle) / (Math.PI - innerAngle);
  const lost = (1 - behind) * (0.5 - 0.5 * Math.cos(Math.PI * turned));
  return 1 - lost * Math.min(distance / TOUCHING, 1);
}
