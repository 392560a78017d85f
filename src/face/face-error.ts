import { ParleyError } from '../speech/errors.ts';

/** Why a face cannot show speech, or not all of it. */
export type FaceErrorCode = 'no-morph-targets' | 'no-mouth' | 'visemes-missing';

/** A face that cannot do what it should. Told in a report, never thrown into a frame. */
export class FaceError extends ParleyError {
  override readonly name = 'FaceError';
  declare readonly code: FaceErrorCode;
  /** What the maker of the character can do about it. */
  readonly cure: string;

  private constructor(code: FaceErrorCode, message: string, cure: string) {
    super(code, message);
    this.cure = cure;
  }

  /** There is nothing to morph. */
  static noMorphTargets(): FaceError {
    return new FaceError(
      'no-morph-targets',
      'Expected at least one mesh with morph targets below the root, got none: the face cannot move.',
      'Give the root of the loaded character, and export it with its shape keys (blend shapes).',
    );
  }

  /** There are targets, but none that is known to be a mouth. */
  static noMouth(names: readonly string[]): FaceError {
    const some = names.slice(0, 6).join(', ') + (names.length > 6 ? `, and ${names.length - 6} more` : '');
    return new FaceError(
      'no-mouth',
      `Expected morph targets named as visemes (viseme_PP …) or ARKit parts (jawOpen …), got ${some}: the mouth cannot move.`,
      'Export the character with the 15 Oculus visemes or the 52 ARKit shapes, under their names.',
    );
  }

  /** Some visemes have neither a target nor parts to make them of. */
  static visemesMissing(missing: readonly string[]): FaceError {
    return new FaceError(
      'visemes-missing',
      `Expected all 15 visemes, got none for ${missing.join(', ')}: the mouth stays at rest there.`,
      'Add the missing shapes, or the ARKit mouth parts of which they can be mixed.',
    );
  }
}
