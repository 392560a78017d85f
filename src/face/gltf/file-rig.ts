import { InputError } from '../../speech/errors.ts';
import type { MeshShapes } from '../by-shape.ts';
import type { Rig, RigMesh, RigNode } from '../rig.ts';
import { openGltf } from './container.ts';
import {
  type GltfDocument,
  type GltfMesh,
  type GltfNode,
  type GltfPrimitive,
  readDocument,
} from './document.ts';
import { GROUND, type Rise, riseWithin } from './rise.ts';
import { readVrm } from './vrm.ts';

/** What Babylon's loader calls the node that it puts above a file's own. */
const ROOT_NAME = '__root__';

/**
 * Reads the rig of a `.glb`, `.vrm` or `.gltf`, as it will be once Babylon has loaded it. `file` names it in errors,
 * `open` gives the buffer that lies in another file. Throws `InputError` for a file that cannot be read; so does the rig
 * where its shapes are broken, which are read when they are asked for.
 */
export function readRigFile(
  bytes: Uint8Array,
  file: string,
  open?: (uri: string) => Uint8Array | undefined,
): Rig {
  return rigOf(readDocument(openGltf(bytes, file), file, open), file);
}

/** The rig that Babylon's loader makes of a document. */
export function rigOf(document: GltfDocument, file: string): Rig {
  const meshes: RigMesh[] = [];
  const primitives: { readonly node: number; readonly primitive: GltfPrimitive }[] = [];
  const nodes: RigNode[] = [{ name: ROOT_NAME, joint: false }];
  const jointOf = jointsOf(document);
  const nodeAt = new Map<number, number>();
  const meshesOfNode = new Map<number, number[]>();
  const meshesOfMesh = new Map<number, number[]>();

  const rises = new Map<number, Rise>(document.roots.map((node) => [node, GROUND]));
  const open = document.roots.toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (nodeAt.has(at)) throw new InputError(`${file}, nodes[${at}]`, 'one place in the scene', 'several');
    const { name, mesh, children, matrix } = document.nodes[at]!;
    const rise = riseWithin(rises.get(at)!, matrix);
    rises.set(at, rise);
    for (const child of children) rises.set(child, rise);
    const index = nodes.push({ name, joint: jointOf(at) }) - 1;
    nodeAt.set(at, index);
    if (mesh !== undefined) {
      const morphed = document.meshes[mesh]!.primitives.filter(({ targets }) => targets.length > 0);
      primitives.push(...morphed.map((primitive) => ({ node: at!, primitive })));
      const made = morphedOf(name, document.meshes[mesh]!).map((each) => meshes.push(each) - 1);
      meshesOfNode.set(at, made);
      meshesOfMesh.set(mesh, [...(meshesOfMesh.get(mesh) ?? []), ...made]);
    }
    open.push(...children.toReversed());
  }

  return {
    meshes,
    nodes,
    ...readVrm(document.extensions, {
      meshesOfNode: (node) => meshesOfNode.get(node) ?? [],
      meshesOfMesh: (mesh) => meshesOfMesh.get(mesh) ?? [],
      nodeOf: (node) => nodeAt.get(node) ?? -1,
    }),
    extensions: document.extensionsUsed,
    loaded: false,
    shapes: (mesh) => {
      const { node, primitive } = primitives[mesh]!;
      return shapesOf(document, primitive, riseOf(document, node, rises), `${file}, ${meshes[mesh]!.name}`);
    },
  };
}

/** Tells of a node whether it moves a skin. */
function jointsOf({ nodes, meshes, skins }: GltfDocument): (node: number) => RigNode['joint'] {
  const isMorphed = ({ mesh }: GltfNode): boolean =>
    mesh !== undefined && meshes[mesh]!.primitives.some(({ targets }) => targets.length > 0);
  const any = new Set(skins.flatMap(({ joints }) => joints));
  const face = new Set(
    nodes.flatMap((node) => (isMorphed(node) ? (skins[node.skin ?? -1]?.joints ?? []) : [])),
  );
  return (node) => (face.has(node) ? 'face' : any.has(node) && 'other');
}

/** The primitives that have targets, under the names that the loader gives them. */
function morphedOf(node: string, { primitives, targetNames }: GltfMesh): RigMesh[] {
  return primitives.flatMap(({ vertices, targets }, index) => {
    if (targets.length === 0) return [];
    const moved = Object.keys(targets[0]!).filter((attribute) =>
      targets.every((target) => attribute in target),
    );
    return {
      name: primitives.length > 1 ? `${node}_primitive${index}` : node,
      targets: targets.map((_, target) => targetNames[target] ?? `morphTarget${target}`),
      vertices,
      vectors: moved.length,
    };
  });
}

function shapesOf(
  { count, numbers }: GltfDocument,
  { position, targets }: GltfPrimitive,
  up: Rise,
  where: string,
): MeshShapes | undefined {
  const rest = numbers(position, 3);
  if (!rest?.some((at) => at !== 0)) return undefined; // Draco leaves nothing where it has packed them.
  const shifts = targets.map(({ POSITION }) => {
    if (POSITION === undefined) return new Float32Array(rest.length); // It moves what is no point, such as normals.
    if (count(POSITION) === count(position)) return numbers(POSITION, 3);
    throw new InputError(where, `${count(position)} points in each target`, `${count(POSITION)}`);
  });
  if (shifts.includes(undefined)) return undefined;
  return { rest, shift: (target) => shifts[target]!, up };
}

/** How the points of a node's mesh rise: with the node, or where a skin carries it, with the joints at rest. */
function riseOf(
  { nodes, skins, numbers }: GltfDocument,
  node: number,
  rises: ReadonlyMap<number, Rise>,
): Rise {
  const { joints, inverseBind } = skins[nodes[node]!.skin ?? -1] ?? {};
  const joint = rises.get(joints?.[0] ?? -1);
  if (!joint) return rises.get(node)!;
  const matrices = inverseBind === undefined ? undefined : numbers(inverseBind, 16);
  return matrices && matrices.length >= 16 ? riseWithin(joint, matrices) : joint;
}
