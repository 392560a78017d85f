import type { Channel } from '../pose/channels.ts';
import type { EmotionCover } from '../pose/emotion.ts';
import type { Viseme } from '../speech/viseme.ts';
import type { FaceError } from './face-error.ts';
import type { JointPart } from './rig.ts';

/** Where the shape of a channel comes from. */
export interface ShapeReport {
  /** `own`: a shape of that name. `solved`: made of other shapes, of the jaw or the head. `missing`: not shown. */
  readonly origin: 'own' | 'solved' | 'missing';
  /** Names of the targets, expressions and joints used; none for lips that meet at rest. */
  readonly from: readonly string[];
}

/** What a face offers, what was made of it, and what is missing. Plain data but for the problems, which are errors. */
export interface FaceReport {
  readonly version: 1;
  /** Whose names were found, the most useful first: `oculus+arkit`, `vrm1`, `vroid`, `jaw` … or `none`. */
  readonly scheme: string;
  /** How well the face can speak and live, 0 (not at all) to 100: see {@link reason}. */
  readonly score: number;
  /** In words, why the score is what it is. */
  readonly reason: string;
  readonly visemes: Readonly<Record<Viseme, ShapeReport>>;
  /** Face parts, whole expressions and angles that the face can show, and by what. */
  readonly channels: Readonly<Partial<Record<Channel, ShapeReport>>>;
  /** Every mesh with morph targets: how many it has, and how many of them are driven. */
  readonly meshes: readonly { readonly name: string; readonly targets: number; readonly driven: number }[];
  /**
   * Graphics memory that the morph targets fill, bytes: 16 for each vector of each vertex of each target. Babylon fills it
   * once for each character with targets of its own, which clones of `instantiateModelsToScene` have.
   */
  readonly morphBytes: number;
  /** Names of the nodes that turn; absent where none was found. */
  readonly joints: Readonly<Partial<Record<JointPart, string>>>;
  /** By the names of emotions, how much of each the face can show, and the parts that it lacks for it. */
  readonly emotions: Readonly<Record<string, EmotionCover>>;
  readonly problems: readonly FaceError[];
}
