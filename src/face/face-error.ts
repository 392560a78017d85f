import { ParleyError } from '../speech/errors.ts';

/** Why a face cannot show speech, or not all of it, or not everywhere. */
export type FaceErrorCode =
  | 'no-morph-targets'
  | 'no-target-names'
  | 'no-mouth'
  | 'visemes-missing'
  | 'opening-only'
  | 'jaw-only'
  | 'no-blink'
  | 'no-gaze'
  | 'no-head'
  | 'few-targets-at-once'
  | 'morph-memory'
  | 'shared-morphs'
  | 'shared-bones'
  | 'instanced-morphs'
  | 'expressions-lost'
  | 'mouth-blocked'
  | 'mouth-binary'
  | 'decoder-meshopt'
  | 'decoder-draco'
  | 'decoder-ktx2';

/** A face that cannot do what it should. Told in a report, never thrown into a frame. */
export class FaceError extends ParleyError {
  override readonly name = 'FaceError';
  declare readonly code: FaceErrorCode;
  /** What the maker of the character or the game can do about it. */
  readonly cure: string;

  constructor(code: FaceErrorCode, message: string, cure: string) {
    super(code, message);
    this.cure = cure;
  }

  /** As it stands in a report on paper. */
  toJSON(): { code: FaceErrorCode; message: string; cure: string } {
    return { code: this.code, message: this.message, cure: this.cure };
  }
}
