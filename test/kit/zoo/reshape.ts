/** Ways to make another rig of a character. */
import { Glb, type GltfNode, type GltfPrimitive, TYPE } from './glb.ts';

/** Meshes of the project's characters that make up a head. */
const FACE = ['Head', 'MouthCavity', 'Teeth', 'Tongue', 'EyeLeft', 'EyeRight', 'Eyebrows', 'Eyelashes'];

/** Head and eyes of a character alone, with colours but without finer textures, so that it loads fast. */
export function portrait(bytes: Uint8Array): Glb {
  const glb = Glb.open(bytes);
  const { json } = glb;
  for (const node of json.nodes) {
    if (node.mesh !== undefined && !FACE.includes(node.name ?? '')) delete node.mesh;
    if (node.mesh === undefined) delete node.skin;
  }
  delete json.animations;
  for (const material of json.materials ?? []) {
    delete material.normalTexture;
    delete material.occlusionTexture;
    delete material.extensions;
    delete (material.pbrMetallicRoughness as Record<string, unknown> | undefined)?.metallicRoughnessTexture;
  }
  delete json.extensionsUsed;
  for (const primitive of primitivesOf(glb))
    for (const target of primitive.targets ?? []) delete target.NORMAL;
  return sweep(glb);
}

/** Leaves out meshes, materials, textures and images that nothing refers to. */
export function sweep(glb: Glb): Glb {
  const { json } = glb;
  json.meshes = kept(json.meshes, json.nodes, 'mesh');
  const primitives = primitivesOf(glb);
  if (json.materials) json.materials = kept(json.materials, primitives, 'material');
  const textures = (json.materials ?? []).flatMap(texturesIn);
  if (json.textures) json.textures = kept(json.textures, textures, 'index');
  if (json.images) json.images = kept(json.images, (json.textures ?? []) as { source?: number }[], 'source');
  return glb;
}

function kept<Item, Key extends string>(
  items: Item[],
  owners: readonly { [K in Key]?: number }[],
  key: Key,
): Item[] {
  const used = [...new Set(owners.flatMap((owner) => owner[key] ?? []))].sort((a, b) => a - b);
  const places = new Map(used.map((old, index) => [old, index]));
  for (const owner of owners) {
    const old = owner[key];
    if (old !== undefined) (owner as Record<Key, number>)[key] = places.get(old)!;
  }
  return used.map((index) => items[index]!);
}

function texturesIn(value: unknown): { index?: number }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.endsWith('Texture') ? [inner as { index?: number }] : texturesIn(inner),
  );
}

export const primitivesOf = ({ json }: Glb): GltfPrimitive[] =>
  json.meshes.flatMap((mesh) => mesh.primitives);

/** Names of the targets of each mesh. */
export const targetNamesOf = (glb: Glb, mesh: number): string[] =>
  (glb.json.meshes[mesh]!.extras?.targetNames as string[] | undefined) ?? [];

/** Gives every target another name; without one, it is left out, and a mesh without targets keeps none. */
export function renameTargets(glb: Glb, nameOf: (name: string) => string | undefined): Glb {
  glb.json.meshes.forEach((mesh, index) => {
    const before = targetNamesOf(glb, index);
    if (before.length === 0) return;
    const kept = before.flatMap((name, target) => {
      const next = nameOf(name);
      return next === undefined ? [] : [{ next, target }];
    });
    for (const primitive of mesh.primitives) {
      const targets = kept.map(({ target }) => primitive.targets![target]!);
      if (targets.length > 0) primitive.targets = targets;
      else delete primitive.targets;
    }
    mesh.extras = { ...mesh.extras, targetNames: kept.map(({ next }) => next) };
    if (kept.length === 0) delete mesh.extras.targetNames;
    delete mesh.weights;
  });
  return glb;
}

export function renameNodes(glb: Glb, nameOf: (name: string) => string): Glb {
  for (const node of glb.json.nodes) if (node.name) node.name = nameOf(node.name);
  return glb;
}

/** As exporters leave it that know of no names. */
export function stripNames(glb: Glb): Glb {
  for (const mesh of glb.json.meshes) delete mesh.extras;
  return glb;
}

/** Each mesh in several primitives, as exporters make them for several materials. */
export function splitPrimitives(glb: Glb, parts: number): Glb {
  for (const mesh of glb.json.meshes) {
    mesh.primitives = mesh.primitives.flatMap((primitive) => {
      const indices = glb.read(primitive.indices!);
      const triangles = indices.length / 3;
      return Array.from({ length: parts }, (_, part) => {
        const from = Math.floor((triangles * part) / parts) * 3;
        const to = Math.floor((triangles * (part + 1)) / parts) * 3;
        return {
          ...structuredClone(primitive),
          indices: glb.add(indices.subarray(from, to), 'SCALAR', TYPE.u32),
        };
      });
    });
  }
  return glb;
}

/** Moves every point of every mesh and the ends of its morphs, and every bone with them. */
export function warp(
  glb: Glb,
  move: (point: readonly [number, number, number]) => [number, number, number],
): Glb {
  const at = (data: ArrayLike<number>, index: number): [number, number, number] => [
    data[index * 3]!,
    data[index * 3 + 1]!,
    data[index * 3 + 2]!,
  ];
  const moved = new Map<number, number>();
  for (const primitive of primitivesOf(glb)) {
    const old = primitive.attributes.POSITION!;
    const points = glb.read(old);
    const count = points.length / 3;
    const starts = Array.from({ length: count }, (_, vertex) => move(at(points, vertex)));
    if (!moved.has(old)) moved.set(old, glb.add(starts.flat(), 'VEC3'));
    primitive.attributes.POSITION = moved.get(old)!;
    for (const target of primitive.targets ?? []) {
      const shift = glb.read(target.POSITION!);
      const ends = starts.flatMap((start, vertex) => {
        const [x, y, z] = at(points, vertex);
        const [dx, dy, dz] = at(shift, vertex);
        if (dx === 0 && dy === 0 && dz === 0) return [0, 0, 0];
        const end = move([x + dx, y + dy, z + dz]);
        return [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
      });
      target.POSITION = glb.add(ends, 'VEC3');
    }
  }
  return moveBones(glb, move);
}

/** Bones of the project's characters are not turned at rest, so that places are enough. */
function moveBones(
  glb: Glb,
  move: (point: readonly [number, number, number]) => [number, number, number],
): Glb {
  const { json } = glb;
  const places = new Map<number, [number, number, number]>();
  const visit = (index: number, outer: readonly number[], outerMoved: readonly number[]): void => {
    const node = json.nodes[index]!;
    const [x, y, z] = (node.translation ?? [0, 0, 0]) as [number, number, number];
    const place: [number, number, number] = [outer[0]! + x, outer[1]! + y, outer[2]! + z];
    const next = move(place);
    places.set(index, next);
    if (node.mesh === undefined) node.translation = [0, 1, 2].map((axis) => next[axis]! - outerMoved[axis]!);
    for (const child of node.children ?? []) visit(child, place, next);
  };
  for (const root of json.scenes[0]!.nodes) visit(root, [0, 0, 0], [0, 0, 0]);
  for (const skin of json.skins ?? []) {
    skin.inverseBindMatrices = glb.add(
      skin.joints.flatMap((joint) => {
        const [x, y, z] = places.get(joint)!;
        return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1];
      }),
      'MAT4',
    );
  }
  return glb;
}

/**
 * A second skeleton of the same names, before the first, as a costume brings it: it carries the right eye and no face.
 */
export function costumed(glb: Glb): Glb {
  const { json } = glb;
  const [skin] = json.skins!;
  const eye = json.nodes.find((node) => node.name === 'EyeRight' && node.mesh !== undefined)!;
  const copies = new Map<number, number>();
  const copyOf = (index: number): number => {
    const { children = [], ...node } = json.nodes[index]!;
    const bones = children.filter((child) => json.nodes[child]!.mesh === undefined);
    const copy = json.nodes.push({ ...node, ...(bones.length > 0 && { children: bones.map(copyOf) }) }) - 1;
    copies.set(index, copy);
    return copy;
  };
  const top = copyOf(json.scenes[0]!.nodes[0]!);
  const { inverseBindMatrices, joints, skeleton } = skin!;
  const copied = {
    ...(inverseBindMatrices !== undefined && { inverseBindMatrices }),
    ...(skeleton !== undefined && { skeleton: copies.get(skeleton)! }),
    joints: joints.map((joint) => copies.get(joint)!),
  };
  eye.skin = json.skins!.push(copied) - 1;
  json.nodes[top]!.name = 'Costume';
  json.scenes[0]!.nodes.unshift(top);
  return glb;
}

/**
 * A character whose points lie on their backs, in a tenth of their size, as programs have them whose +Z is up: only the
 * matrices of its skin raise it.
 */
export function lyingDown(glb: Glb): Glb {
  const lay = ([x, y, z]: readonly [number, number, number]): [number, number, number] => [
    x / 10,
    -z / 10,
    y / 10,
  ];
  for (const primitive of primitivesOf(glb)) {
    for (const attributes of [primitive.attributes, ...(primitive.targets ?? [])]) {
      for (const kind of ['POSITION', 'NORMAL']) {
        const accessor = attributes[kind];
        if (accessor === undefined) continue;
        const old = glb.read(accessor);
        const laid = Array.from({ length: old.length / 3 }, (_, at) => {
          const point = lay([old[3 * at]!, old[3 * at + 1]!, old[3 * at + 2]!]);
          return kind === 'NORMAL' ? point.map((value) => value * 10) : point;
        });
        attributes[kind] = glb.add(laid.flat(), 'VEC3');
      }
    }
  }
  for (const skin of glb.json.skins ?? []) {
    const matrices = glb.read(skin.inverseBindMatrices!);
    const raised = matrices.slice();
    // The inverse of `lay` comes first: (x, y, z) was (10 x, 10 z, -10 y).
    for (let at = 0; at < matrices.length; at += 16) {
      for (let row = 0; row < 4; row++) {
        raised[at + row] = matrices[at + row]! * 10;
        raised[at + 4 + row] = matrices[at + 8 + row]! * -10;
        raised[at + 8 + row] = matrices[at + 4 + row]! * 10;
      }
    }
    skin.inverseBindMatrices = glb.add(raised, 'MAT4');
  }
  return glb;
}

/** Puts everything below a new node at the top. */
export function wrapIn(glb: Glb, node: GltfNode): Glb {
  const { json } = glb;
  const children = json.scenes[0]!.nodes;
  json.scenes[0]!.nodes = [json.nodes.push({ ...node, children }) - 1];
  return glb;
}

/** A jaw bone that does what the target jawOpen did, and no targets any more. */
export function jawInsteadOfTargets(glb: Glb, name = 'Jaw'): Glb {
  const { json } = glb;
  const skin = json.skins![0]!;
  const head = json.nodes.findIndex((node) => node.name === 'Head' && node.mesh === undefined);
  const place = [0, 1.5, 0.01] as const;
  const headPlace = placeOf(glb, head);
  const jaw =
    json.nodes.push({ name, translation: place.map((value, axis) => value - headPlace[axis]!) }) - 1;
  json.nodes[head]!.children = [...(json.nodes[head]!.children ?? []), jaw];
  const inverse = [
    ...glb.read(skin.inverseBindMatrices!),
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    -place[0],
    -place[1],
    -place[2],
    1,
  ];
  const joint = skin.joints.push(jaw) - 1;
  skin.inverseBindMatrices = glb.add(inverse, 'MAT4');
  json.meshes.forEach((mesh, index) => {
    const open = targetNamesOf(glb, index).indexOf('jawOpen');
    for (const primitive of mesh.primitives) {
      const shift = open < 0 ? undefined : glb.read(primitive.targets![open]!.POSITION!);
      delete primitive.targets;
      if (shift) hangOnJaw(glb, primitive, shift, joint);
    }
    if (mesh.extras) delete mesh.extras.targetNames;
  });
  return glb;
}

/** Gives the jaw each vertex by as much as it sank when the jaw opened. */
function hangOnJaw(glb: Glb, primitive: GltfPrimitive, shift: ArrayLike<number>, jaw: number): void {
  const joints = glb.read(primitive.attributes.JOINTS_0!);
  const weights = glb.read(primitive.attributes.WEIGHTS_0!);
  const sunk = Array.from({ length: shift.length / 3 }, (_, vertex) =>
    Math.hypot(shift[vertex * 3]!, shift[vertex * 3 + 1]!, shift[vertex * 3 + 2]!),
  );
  const most = sunk.toSorted((a, b) => b - a)[Math.floor(sunk.length / 50)]!;
  sunk.forEach((depth, vertex) => {
    const share = Math.min(depth / most, 1);
    if (share < 0.01) return;
    const own = [0, 1, 2, 3].map((slot) => vertex * 4 + slot);
    const least = own.reduce((a, b) => (weights[a]! <= weights[b]! ? a : b));
    const rest = own.reduce((sum, slot) => sum + (slot === least ? 0 : weights[slot]!), 0);
    for (const slot of own) weights[slot] = slot === least ? share : (weights[slot]! / rest) * (1 - share);
    joints[least] = jaw;
  });
  primitive.attributes.JOINTS_0 = glb.add(joints, 'VEC4', TYPE.u16);
  primitive.attributes.WEIGHTS_0 = glb.add(weights, 'VEC4');
}

/** Where a node stands, as no node of the characters is turned. */
export function placeOf({ json }: Glb, index: number): [number, number, number] {
  const parent = json.nodes.findIndex((node) => node.children?.includes(index));
  const outer = parent < 0 ? [0, 0, 0] : placeOf({ json } as Glb, parent);
  const own = json.nodes[index]!.translation ?? [0, 0, 0];
  return [outer[0]! + own[0]!, outer[1]! + own[1]!, outer[2]! + own[2]!];
}

/** The middle of the closed lips of a character, in the space of the scene. */
export function lipsOf(glb: Glb): [number, number, number] {
  const mesh = glb.json.meshes.find(({ extras }) => extras?.lipPairs);
  if (!mesh) throw new Error('expected a mesh with lipPairs');
  const pairs = mesh.extras!.lipPairs as { name: string; upper: number }[];
  const points = glb.read(mesh.primitives[0]!.attributes.POSITION!);
  const vertex = pairs.find(({ name }) => name === 'centre')!.upper;
  return [points[vertex * 3]!, points[vertex * 3 + 1]!, points[vertex * 3 + 2]!];
}
