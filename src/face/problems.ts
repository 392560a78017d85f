import type { Channel } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { FaceError } from './face-error.ts';
import { isNameless } from './names.ts';
import type { Pull } from './pull.ts';
import type { ShapeReport } from './report.ts';
import type { Rig } from './rig.ts';
import type { Solution, Way } from './solve.ts';

/** What problems are looked for in. */
export interface Examined {
  readonly rig: Rig;
  readonly visemes: Readonly<Record<Viseme, Solution>>;
  readonly channels: Readonly<Partial<Record<Channel, ShapeReport>>>;
  /** Names of the expressions in use that block the mouth. */
  readonly blocking: readonly string[];
}

/** Bytes of morph textures that are worth a word: five times what this project's own characters need. */
const MUCH_MEMORY = 64 * 2 ** 20;
/** Targets that a mesh shows at once where they are vertex attributes, Babylon's limit; a blink takes two of them. */
const AT_ONCE = 8;
const BLINKING = 2;

/** glTF extensions that need a decoder, which Babylon fetches from its own server unless told otherwise. */
const DECODERS: readonly (readonly [extension: RegExp, code: 'meshopt' | 'draco' | 'ktx2', name: string])[] =
  [
    [/^(EXT|KHR)_meshopt_compression$/, 'meshopt', 'meshopt'],
    [/^KHR_draco_mesh_compression$/, 'draco', 'Draco'],
    [/^KHR_texture_basisu$/, 'ktx2', 'KTX2/Basis'],
  ];

/** Everything about a face that its maker or the game should know, the worst first. */
export function problemsOf(face: Examined): FaceError[] {
  return [
    ...mouthProblems(face),
    ...expressionProblems(face),
    ...lifeProblems(face),
    ...sharingProblems(face),
    ...deviceProblems(face),
    ...decoderProblems(face),
  ];
}

function mouthProblems({ rig, visemes }: Examined): FaceError[] {
  const names = [...new Set(rig.meshes.flatMap((mesh) => mesh.targets))];
  const spoken = VISEMES.filter((viseme) => viseme !== 'sil');
  const ways = new Set<Way>(spoken.map((viseme) => visemes[viseme].way));
  const only = (way: Way): boolean =>
    spoken.every((viseme) => [way, 'neighbours'].includes(visemes[viseme].way)) && ways.has(way);
  const instead = only('jaw')
    ? 'the jaw bone opens the mouth instead'
    : only('shape')
      ? `${visemes.aa.pulls.map((pull) => pull.name)[0]}, which moves like an opening mouth, is taken for one`
      : only('head')
        ? 'the head nods instead'
        : 'nothing moves';
  if (names.length === 0) {
    if (only('jaw')) {
      return [
        new FaceError(
          'jaw-only',
          'There are no morph targets: the jaw bone alone opens the mouth, and lips neither round nor close by themselves.',
          'Export the character with its shape keys (blend shapes), best the 15 Oculus visemes or the 52 ARKit shapes.',
        ),
      ];
    }
    return [
      new FaceError(
        'no-morph-targets',
        `Expected at least one mesh with morph targets below the root, got none: ${instead}.`,
        'Give the root of the loaded character, and export it with its shape keys (blend shapes).',
      ),
    ];
  }
  if (only('jaw') || only('shape') || only('head') || only('none')) {
    if (names.every(isNameless)) {
      return [
        new FaceError(
          'no-target-names',
          `Expected names for the ${names.length} morph targets, got none: they say not what they are, and ${instead}.`,
          'Export the character with the names of its shape keys, and tell whatever optimises the file to keep extras, where they stand; or say in a face map which target is which.',
        ),
      ];
    }
    const some = names.slice(0, 6).join(', ') + (names.length > 6 ? `, and ${names.length - 6} more` : '');
    return [
      new FaceError(
        'no-mouth',
        `Expected morph targets named as visemes (viseme_PP …) or ARKit parts (jawOpen …), got ${some}: ${instead}.`,
        'Export the character with the 15 Oculus visemes or the 52 ARKit shapes, or say in a face map which target is which.',
      ),
    ];
  }
  if (only('opening')) {
    return [
      new FaceError(
        'opening-only',
        `One shape, ${visemes.aa.pulls.map((pull) => pull.name)[0]}, opens the mouth: lips neither round nor spread.`,
        'Add the 15 Oculus visemes or the ARKit mouth shapes, for a mouth that can be read.',
      ),
    ];
  }
  const missing = spoken.filter((viseme) => visemes[viseme].origin === 'missing');
  if (missing.length === 0) return [];
  return [
    new FaceError(
      'visemes-missing',
      `Expected all 15 visemes, got none for ${missing.join(', ')}: the mouth stays at rest there.`,
      'Add the missing shapes, or the ARKit mouth parts of which they can be mixed.',
    ),
  ];
}

function expressionProblems({ rig, blocking }: Examined): FaceError[] {
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
        `The file says that the mouth rests while ${blocking.join(', ')} shows: there, the character speaks with still lips.`,
        'Set overrideMouth of these expressions to "blend" or "none", and leave the mouth out of them.',
      ),
    );
  }
  return problems;
}

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
  if (shared.length === 0) return problems;
  return [
    ...problems,
    new FaceError(
      'shared-morphs',
      `${shared.map((mesh) => mesh.name).join(', ')} moved together with ${sum(shared.map((mesh) => mesh.shared ?? 0))} meshes outside the character, as Mesh.clone() leaves it; bound, the character has shapes of its own.`,
      'Make characters with AssetContainer.instantiateModelsToScene, which gives each its own.',
    ),
  ];
}

function deviceProblems({ rig, visemes }: Examined): FaceError[] {
  const problems: FaceError[] = [];
  const bytes = rig.meshes.map(morphBytes);
  if (sum(bytes) > MUCH_MEMORY) {
    const parts = rig.meshes
      .map((mesh, index) => ({ mesh, bytes: bytes[index]! }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3)
      .map(
        ({ mesh, bytes: size }) =>
          `${mesh.name} ${megabytes(size)}: ${mesh.targets.length} targets × ${mesh.vertices} vertices`,
      );
    problems.push(
      new FaceError(
        'morph-memory',
        `The morph targets fill ${megabytes(sum(bytes))} of graphics memory for each character (${parts.join('; ')}).`,
        'Cut the head off the body, so that only its vertices are morphed; leave out normals and tangents of targets, and targets that nobody drives.',
      ),
    );
  }
  const crowded =
    rig.loaded && rig.meshes.every((mesh) => mesh.storage === 'texture') ? undefined : mostAtOnce(visemes);
  if (crowded && crowded.names.length > AT_ONCE - BLINKING) {
    const dropped = crowded.names.slice(AT_ONCE - BLINKING);
    problems.push(
      new FaceError(
        'few-targets-at-once',
        `Where a graphics card keeps shapes in vertex attributes (WebGL 1, Mali-G72), a mesh shows ${AT_ONCE} targets at once: with a blink, ${crowded.viseme} loses ${dropped.join(', ')}.`,
        'Give the character visemes of its own (one target each) if it must run there; elsewhere nothing is lost.',
      ),
    );
  }
  return problems;
}

/** The viseme that moves the most targets of one mesh, with their names, the strongest first. */
function mostAtOnce(visemes: Examined['visemes']): { viseme: Viseme; names: string[] } | undefined {
  let most: { viseme: Viseme; names: string[] } | undefined;
  for (const viseme of VISEMES) {
    const byMesh = new Map<number, Pull[]>();
    for (const pull of visemes[viseme].pulls) {
      if (pull.on === 'target') byMesh.set(pull.mesh, [...(byMesh.get(pull.mesh) ?? []), pull]);
    }
    for (const pulls of byMesh.values()) {
      if (pulls.length > (most?.names.length ?? 0)) {
        most = { viseme, names: pulls.sort((a, b) => b.gain - a.gain).map((pull) => pull.name) };
      }
    }
  }
  return most;
}

function decoderProblems({ rig }: Examined): FaceError[] {
  if (rig.loaded) return [];
  return DECODERS.filter(([extension]) => rig.extensions.some((name) => extension.test(name))).map(
    ([, code, name]) =>
      new FaceError(
        `decoder-${code}`,
        `The file needs the ${name} decoder, which Babylon fetches from its own server: without a network, or under a strict content policy, the file does not load.`,
        'Serve the decoder yourself: useLocalDecoders tells Babylon where it is.',
      ),
  );
}

/** Bytes of the texture in which Babylon keeps the shapes of a mesh: four floats for each vector of each vertex. */
export function morphBytes({ targets, vertices, vectors }: Rig['meshes'][number]): number {
  return targets.length * vertices * vectors * 16;
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
