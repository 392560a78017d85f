import { InputError } from '../../speech/errors.ts';
import { Field } from '../../speech/field.ts';
import { readNumbers } from './accessor.ts';
import type { GltfContainer } from './container.ts';
import { matrixOf } from './rise.ts';

/** The parts of a glTF that say what its face can do, checked: every index points at something that is there. */
export interface GltfDocument {
  readonly nodes: readonly GltfNode[];
  readonly meshes: readonly GltfMesh[];
  /** Nodes at the top of the scene that is shown. */
  readonly roots: readonly number[];
  readonly skins: readonly GltfSkin[];
  readonly extensionsUsed: readonly string[];
  readonly extensionsRequired: readonly string[];
  /** How many items an accessor has. */
  count(accessor: number): number;
  /**
   * Numbers of an accessor, `width` for each of its items, where they stand as they are in the first buffer. Throws
   * {@link InputError} where they are beyond it.
   */
  numbers(accessor: number, width: 3 | 16): Float32Array | undefined;
  /** Extensions of the whole file, as they stand. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface GltfNode {
  readonly name: string;
  readonly mesh: number | undefined;
  readonly skin: number | undefined;
  readonly children: readonly number[];
  /** From the node's space to that of its parent, column by column. */
  readonly matrix: readonly number[];
}

export interface GltfSkin {
  /** The nodes that move it. */
  readonly joints: readonly number[];
  /** Accessor of the matrices from the space of the mesh to that of each joint; at rest they are one. */
  readonly inverseBind: number | undefined;
}

export interface GltfMesh {
  /** Names of its targets where the file has any. */
  readonly targetNames: readonly (string | undefined)[];
  readonly primitives: readonly GltfPrimitive[];
}

export interface GltfPrimitive {
  readonly vertices: number;
  /** Accessor of its points. */
  readonly position: number;
  /** Of each target, the accessors of the attributes that it moves. */
  readonly targets: readonly Readonly<Record<string, number>>[];
}

/**
 * Reads an opened glTF 2. `file` names it in errors, `open` gives the buffer that lies in another file. Throws
 * {@link InputError} where it is not one.
 */
export function readDocument(
  container: GltfContainer,
  file: string,
  open: (uri: string) => Uint8Array | undefined = () => undefined,
): GltfDocument {
  const root = new Field(container.json, file);
  const version = root.get('asset').get('version').text();
  if (!version.startsWith('2.')) throw new InputError(`${file}, asset.version`, '2.0', version);
  const nodes = listOf(root, 'nodes');
  const meshes = listOf(root, 'meshes');
  const accessors = listOf(root, 'accessors');
  const views = listOf(root, 'bufferViews');
  const [buffer] = listOf(root, 'buffers');
  const uri = buffer?.get('uri').value;
  let isOpen = false;
  let { binary } = container;
  const counts = accessors.map((accessor) => accessor.get('count').whole(0));
  const index = (field: Field, count: number): number => field.whole(0, count - 1);
  const indexes = (owner: Field, key: string, count: number): number[] =>
    listOf(owner, key).map((item) => index(item, count));
  const scenes = listOf(root, 'scenes');
  const skins = listOf(root, 'skins').map((skin) => ({
    joints: indexes(skin, 'joints', nodes.length),
    inverseBind: optional(skin.get('inverseBindMatrices'), (field) => index(field, counts.length)),
  }));
  const scene = scenes[optional(root.get('scene'), (field) => index(field, scenes.length)) ?? 0];

  return {
    nodes: nodes.map((node, at) => ({
      name: nameOf(node) ?? `node${at}`,
      mesh: optional(node.get('mesh'), (field) => index(field, meshes.length)),
      skin: optional(node.get('skin'), (field) => index(field, skins.length)),
      children: indexes(node, 'children', nodes.length),
      matrix: placeOf(node),
    })),
    meshes: meshes.map((mesh) => {
      const primitives = listOf(mesh, 'primitives');
      return {
        targetNames: targetNamesOf([mesh, ...primitives]),
        primitives: primitives.map((primitive) => {
          const position = index(primitive.get('attributes').get('POSITION'), counts.length);
          return {
            vertices: counts[position]!,
            position,
            targets: listOf(primitive, 'targets').map((target) => {
              const moved = Object.keys(objectOf(target));
              return Object.fromEntries(moved.map((key) => [key, index(target.get(key), counts.length)]));
            }),
          };
        }),
      };
    }),
    roots: scene ? indexes(scene, 'nodes', nodes.length) : [],
    skins,
    extensionsUsed: listOf(root, 'extensionsUsed').map((name) => name.text()),
    extensionsRequired: listOf(root, 'extensionsRequired').map((name) => name.text()),
    extensions: optional(root.get('extensions'), objectOf) ?? {},
    count: (accessor) => counts[accessor] ?? 0,
    numbers(accessor, width) {
      const field = accessors[accessor];
      if (!isOpen && typeof uri === 'string') binary ??= embedded(uri) ?? open(uri);
      isOpen = true;
      return field && binary && readNumbers(field, width, { views, binary });
    },
  };
}

/** The bytes of a buffer that stands in the JSON itself, as a text glTF may have it. */
function embedded(uri: string): Uint8Array | undefined {
  const [head] = /^data:[^,]*;base64,/.exec(uri) ?? [];
  if (head === undefined) return undefined;
  try {
    return Uint8Array.from(atob(uri.slice(head.length)), (byte) => byte.charCodeAt(0));
  } catch {
    return undefined; // As good as a buffer in another file.
  }
}

/** glTF has no place for the names of targets; exporters write them to the extras of the mesh, UniVRM to its primitives. */
function targetNamesOf(owners: readonly Field[]): (string | undefined)[] {
  for (const owner of owners) {
    const { value } = owner.get('extras');
    const names = typeof value === 'object' && value !== null && Reflect.get(value, 'targetNames');
    if (Array.isArray(names)) return names.map((name) => (typeof name === 'string' ? name : undefined));
  }
  return [];
}

function placeOf(node: Field): readonly number[] {
  const list = (key: string, standard: readonly number[]): readonly number[] => {
    const field = node.get(key);
    if (field.value === undefined) return standard;
    const items = field.items().map((item) => item.number());
    if (items.length !== standard.length) throw field.wrong(`${standard.length} numbers`);
    return items;
  };
  const turned = matrixOf(
    list('translation', [0, 0, 0]),
    list('rotation', [0, 0, 0, 1]),
    list('scale', [1, 1, 1]),
  );
  return list('matrix', turned);
}

function nameOf(node: Field): string | undefined {
  const { value } = node.get('name');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(owner: Field, key: string): Field[] {
  const field = owner.get(key);
  return field.value === undefined ? [] : field.items();
}

function objectOf(field: Field): Record<string, unknown> {
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw field.wrong('an object');
  return value as Record<string, unknown>;
}

function optional<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === undefined ? undefined : read(field);
}
