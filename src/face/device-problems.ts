import { CHANNEL, type Channel } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { worthOf } from './crowd.ts';
import { FaceError } from './face-error.ts';
import { targetsOf } from './links.ts';
import type { Examined } from './problems.ts';
import type { Pull } from './pull.ts';
import type { Rig } from './rig.ts';

/** Bytes of morph textures that are worth a word: five times what this project's own characters need. */
const MUCH_MEMORY = 64 * 2 ** 20;
/** Targets that a mesh shows at once where they are vertex attributes: Babylon's limit. */
const AT_ONCE = 8;

/** glTF extensions that need a decoder, which Babylon fetches from its own server unless told otherwise. */
const DECODERS: readonly (readonly [extension: RegExp, code: 'meshopt' | 'draco' | 'ktx2', name: string])[] =
  [
    [/^(EXT|KHR)_meshopt_compression$/, 'meshopt', 'meshopt'],
    [/^KHR_draco_mesh_compression$/, 'draco', 'Draco'],
    [/^KHR_texture_basisu$/, 'ktx2', 'KTX2/Basis'],
  ];

/** What a face asks of the machine that shows it. */
export function deviceProblems(face: Examined): FaceError[] {
  return [...memoryProblems(face), ...crowdProblems(face), ...decoderProblems(face)];
}

function memoryProblems({ rig }: Examined): FaceError[] {
  const bytes = rig.meshes.map(morphBytes);
  if (sum(bytes) <= MUCH_MEMORY) return [];
  const parts = rig.meshes
    .map((mesh, index) => ({ mesh, bytes: bytes[index]! }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(
      ({ mesh, bytes: size }) =>
        `${mesh.name} ${megabytes(size)}: ${mesh.targets.length} targets × ${mesh.vertices} vertices`,
    );
  return [
    new FaceError(
      'morph-memory',
      `The morph targets fill ${megabytes(sum(bytes))} of graphics memory for each character (${parts.join('; ')}).`,
      'Cut the head off the body, so that only its vertices are morphed; leave out normals and tangents of targets, and targets that nobody drives.',
    ),
  ];
}

function crowdProblems(face: Examined): FaceError[] {
  const { rig } = face;
  if (rig.loaded && rig.meshes.every((mesh) => mesh.storage === 'texture')) return [];
  const crowded = mostDropped(face);
  if (!crowded) return [];
  return [
    new FaceError(
      'few-targets-at-once',
      `Where a graphics card keeps shapes in vertex attributes (WebGL 1, Mali-G72), a mesh shows ${AT_ONCE} targets at once: with a blink, ${crowded.viseme} loses ${crowded.names.join(', ')}.`,
      'Give the character visemes of its own (one target each) if it must run there; elsewhere nothing is lost.',
    ),
  ];
}

/** The viseme that loses the most targets of one mesh while the eyes close, and their names. */
function mostDropped({ rig, visemes, pulls }: Examined): { viseme: Viseme; names: string[] } | undefined {
  const blink = (['eyeBlinkLeft', 'eyeBlinkRight'] as const).flatMap((channel) =>
    moved(rig, channel, pulls.get(channel) ?? []),
  );
  let most: { viseme: Viseme; names: string[] } | undefined;
  for (const viseme of VISEMES) {
    const all = [...moved(rig, viseme, visemes[viseme].pulls), ...blink];
    for (let mesh = 0; mesh < rig.meshes.length; mesh++) {
      const worth = new Map<number, number>();
      for (const each of all) {
        if (each.mesh === mesh) worth.set(each.target, (worth.get(each.target) ?? 0) + each.worth);
      }
      const dropped = [...worth].sort(([, a], [, b]) => b - a).slice(AT_ONCE);
      if (dropped.length <= (most?.names.length ?? 0)) continue;
      most = { viseme, names: dropped.map(([target]) => rig.meshes[mesh]!.targets[target]!) };
    }
  }
  return most;
}

/** Targets that a channel in full moves, with what each is worth where only some can be shown. */
function moved(
  rig: Rig,
  channel: Channel,
  pulls: readonly Pull[],
): { mesh: number; target: number; worth: number }[] {
  const worth = worthOf(CHANNEL[channel]);
  return pulls.flatMap((pull) => {
    if (pull.on === 'target') return { mesh: pull.mesh, target: pull.target, worth: worth * pull.gain };
    if (pull.on !== 'expression') return [];
    return targetsOf(rig, pull.expression).map(({ mesh, target, weight }) => ({
      mesh,
      target,
      worth: worth * pull.gain * weight,
    }));
  });
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
