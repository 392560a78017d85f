import { VISEMES } from '../speech/viseme.ts';
import { FaceError } from './face-error.ts';
import { isNameless } from './names.ts';
import type { Examined } from './problems.ts';
import type { Rig } from './rig.ts';
import type { Way } from './solve.ts';

const SPOKEN = VISEMES.filter((viseme) => viseme !== 'sil');

/** What stands in the way of a mouth that can be read: the worst alone. */
export function mouthProblems(face: Examined): FaceError[] {
  const { rig, visemes } = face;
  const names = [...new Set(rig.meshes.flatMap((mesh) => mesh.targets))];
  const only = (way: Way): boolean => isOnly(face, way);
  if (names.length === 0) return [only('jaw') ? jawOnly() : noTargets(insteadOf(face))];
  if (only('jaw') || only('shape') || only('head') || only('none')) {
    const instead = insteadOf(face) + (only('head') ? hiddenShapes(rig) : '');
    return [names.every(isNameless) ? noNames(names.length, instead) : noMouth(names, instead)];
  }
  if (only('opening')) {
    return [
      new FaceError(
        'opening-only',
        `One shape, ${visemes.aa.pulls[0]!.name}, opens the mouth: lips neither round nor spread.`,
        'Add the 15 Oculus visemes or the ARKit mouth shapes, for a mouth that can be read.',
      ),
    ];
  }
  const missing = SPOKEN.filter((viseme) => visemes[viseme].origin === 'missing');
  if (missing.length === 0) return [];
  return [
    new FaceError(
      'visemes-missing',
      `Expected all 15 visemes, got none for ${missing.join(', ')}: the mouth stays at rest there.`,
      'Add the missing shapes, or the ARKit mouth parts of which they can be mixed.',
    ),
  ];
}

/** Whether all visemes are made in one way, or of those that are. */
function isOnly({ visemes }: Examined, way: Way): boolean {
  const ways = new Set(SPOKEN.map((viseme) => visemes[viseme].way));
  return ways.has(way) && [...ways].every((each) => each === way || each === 'neighbours');
}

/** What moves where no viseme does. */
function insteadOf(face: Examined): string {
  if (isOnly(face, 'jaw')) return 'the jaw bone opens the mouth instead';
  if (isOnly(face, 'head')) return 'the head nods instead';
  if (!isOnly(face, 'shape')) return 'nothing moves';
  return `${face.visemes.aa.pulls[0]!.name}, which moves like an opening mouth, is taken for one`;
}

/** What a file hides that a loaded character will show. */
function hiddenShapes(rig: Rig): string {
  const hidden = !rig.loaded && rig.meshes.some((_, mesh) => !rig.shapes?.(mesh));
  return hidden
    ? '. The shapes are packed, or in a file that was not found beside it: once they are loaded, the one that moves like an opening mouth is taken for one'
    : '';
}

const jawOnly = (): FaceError =>
  new FaceError(
    'jaw-only',
    'There are no morph targets: the jaw bone alone opens the mouth, and lips neither round nor close by themselves.',
    'Export the character with its shape keys (blend shapes), best the 15 Oculus visemes or the 52 ARKit shapes.',
  );

const noTargets = (instead: string): FaceError =>
  new FaceError(
    'no-morph-targets',
    `Expected at least one mesh with morph targets below the root, got none: ${instead}.`,
    'Give the root of the loaded character, and export it with its shape keys (blend shapes).',
  );

const noNames = (count: number, instead: string): FaceError =>
  new FaceError(
    'no-target-names',
    `Expected names for the ${count} morph targets, got none: they say not what they are, and ${instead}.`,
    'Export the character with the names of its shape keys, and tell whatever optimises the file to keep extras, where they stand; or say in a face map which target is which.',
  );

function noMouth(names: readonly string[], instead: string): FaceError {
  const some = names.slice(0, 6).join(', ') + (names.length > 6 ? `, and ${names.length - 6} more` : '');
  return new FaceError(
    'no-mouth',
    `Expected morph targets named as visemes (viseme_PP …) or ARKit parts (jawOpen …), got ${some}: ${instead}.`,
    'Export the character with the 15 Oculus visemes or the 52 ARKit shapes, or say in a face map which target is which.',
  );
}
