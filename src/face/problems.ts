import type { Channel } from '../pose/channels.ts';
import type { Viseme } from '../speech/viseme.ts';
import { deviceProblems } from './device-problems.ts';
import type { DrivenExpression } from './expressions.ts';
import { FaceError } from './face-error.ts';
import { mouthProblems } from './mouth-problems.ts';
import type { Pull } from './pull.ts';
import type { ShapeReport } from './report.ts';
import type { Rig } from './rig.ts';
import type { Solution } from './solve.ts';

/** What problems are looked for in. */
export interface Examined {
  readonly rig: Rig;
  readonly visemes: Readonly<Record<Viseme, Solution>>;
  readonly channels: Readonly<Partial<Record<Channel, ShapeReport>>>;
  /** What each channel moves. */
  readonly pulls: ReadonlyMap<Channel, readonly Pull[]>;
  /** Expressions of the file that are driven. */
  readonly expressions: readonly DrivenExpression[];
}

/** Everything about a face that its maker or the game should know, the worst first. */
export function problemsOf(face: Examined): FaceError[] {
  return [
    ...mouthProblems(face),
    ...expressionProblems(face),
    ...lifeProblems(face),
    ...sharingProblems(face),
    ...deviceProblems(face),
  ];
}

function expressionProblems({ rig, expressions }: Examined): FaceError[] {
  const blocking = expressions.filter(({ group, overrides }) => !group && overrides.mouth === 'block');
  const binary = expressions.filter((expression) => expression.group === 'mouth' && expression.binary);
  const lost = rig.expressions.flatMap(({ name, binds }) =>
    binds.some(({ mesh, target }) => !(target in (rig.meshes[mesh]?.targets ?? []))) ? name : [],
  );
  const problems: FaceError[] = [];
  if (lost.length > 0) {
    problems.push(
      new FaceError(
        'expressions-lost',
        `Some expressions point at morph targets that are not there: ${lost.join(', ')}.`,
        'Export the VRM again; meshes were joined or shapes removed after its expressions were made.',
      ),
    );
  }
  if (blocking.length > 0) {
    problems.push(
      new FaceError(
        'mouth-blocked',
        `The file says that the mouth rests while ${namesOf(blocking)} shows: there, the character speaks with still lips.`,
        'Set overrideMouth of these expressions to "blend" or "none", and leave the mouth out of them.',
      ),
    );
  }
  if (binary.length > 0) {
    problems.push(
      new FaceError(
        'mouth-binary',
        `The file says that ${namesOf(binary)} shows in full or not at all: the mouth jumps, and sounds that need a little of it are not seen.`,
        'Set isBinary of these expressions to false.',
      ),
    );
  }
  return problems;
}

const namesOf = (expressions: readonly DrivenExpression[]): string =>
  expressions.map(({ name }) => name).join(', ');

function lifeProblems({ channels }: Examined): FaceError[] {
  const problems: FaceError[] = [];
  if (!channels.eyeBlinkLeft && !channels.eyeBlinkRight) {
    problems.push(
      new FaceError(
        'no-blink',
        'No shape closes the eyes: the character never blinks.',
        'Add eyeBlinkLeft and eyeBlinkRight, or one shape called blink.',
      ),
    );
  }
  if (!channels.eyeYaw) {
    problems.push(
      new FaceError(
        'no-gaze',
        'The eyes are neither nodes nor moved by shapes: the character looks where its head does.',
        'Hang each eye on a node of its own called LeftEye or RightEye, or add the eyeLook shapes of ARKit.',
      ),
    );
  }
  if (!channels.headYaw) {
    problems.push(
      new FaceError(
        'no-head',
        'No node of the name of a head was found: the head stays still, and the voice comes from the root.',
        'Call the bone of the head Head, or name it in a face map.',
      ),
    );
  }
  return problems;
}

function sharingProblems({ rig }: Examined): FaceError[] {
  const problems: FaceError[] = [];
  if (rig.borrowed) {
    problems.push(
      new FaceError(
        'shared-bones',
        `${rig.borrowed.join(', ')} hangs on bones that are not below the root, as Mesh.clone() leaves it: its head, eyes and jaw turn with those of another, or not at all.`,
        'Give the root of the whole character; make several with AssetContainer.instantiateModelsToScene, which gives each its own bones.',
      ),
    );
  }
  if (rig.instances) {
    problems.push(
      new FaceError(
        'instanced-morphs',
        `${rig.instances.join(', ')} is drawn as an instance: it has the face of its source and none of its own.`,
        'Make characters with AssetContainer.instantiateModelsToScene and leave doNotInstantiate at true.',
      ),
    );
  }
  const shared = rig.meshes.filter((mesh) => mesh.shared);
  if (shared.length > 0) {
    const others = shared.reduce((sum, mesh) => sum + mesh.shared!, 0);
    problems.push(
      new FaceError(
        'shared-morphs',
        `${shared.map((mesh) => mesh.name).join(', ')} moved together with ${others} meshes outside the character, as Mesh.clone() leaves it; bound, the character has shapes of its own.`,
        'Make characters with AssetContainer.instantiateModelsToScene, which gives each its own.',
      ),
    );
  }
  return problems;
}
