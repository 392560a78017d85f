import type { Field } from '../../speech/field.ts';

/** Reads numbers of a component type: bytes of one, and what a whole number is divided by where it is normalised. */
interface Component {
  readonly bytes: number;
  readonly most: number;
  read(view: DataView, at: number): number;
}

const COMPONENTS: Readonly<Record<number, Component>> = {
  5120: { bytes: 1, most: 127, read: (view, at) => view.getInt8(at) },
  5121: { bytes: 1, most: 255, read: (view, at) => view.getUint8(at) },
  5122: { bytes: 2, most: 32767, read: (view, at) => view.getInt16(at, true) },
  5123: { bytes: 2, most: 65535, read: (view, at) => view.getUint16(at, true) },
  5125: { bytes: 4, most: 4294967295, read: (view, at) => view.getUint32(at, true) },
  5126: { bytes: 4, most: 1, read: (view, at) => view.getFloat32(at, true) },
};
const COMPONENT_TYPES = Object.keys(COMPONENTS).map(Number);

/** Most items of an accessor without a view, zeros but for a few: a file of no size could declare any number. */
const MOST_SPARSE = 1_000_000;

/** Where the bytes of a file are. */
export interface Store {
  readonly views: readonly Field[];
  /** Those of the file's first buffer. */
  readonly binary: Uint8Array;
}

/**
 * The numbers of an accessor, `width` for each of its items, or undefined where they are not in the file's first buffer as
 * they are: packed, or in another. Throws `InputError` that names the place where the accessor or its view is broken.
 */
export function readNumbers(accessor: Field, width: number, store: Store): Float32Array | undefined {
  const component = componentOf(accessor);
  const count = accessor.get('count').whole(0);
  const [isDense, isSparse] = [isGiven(accessor, 'bufferView'), isGiven(accessor, 'sparse')];
  if (!isDense) accessor.get('count').whole(0, MOST_SPARSE);
  const dense = isDense ? rowsOf(accessor, count, width, component, store) : ZEROS;
  const changes = isSparse ? changesOf(accessor.get('sparse'), count, width, component, store) : NO_CHANGES;
  if (!dense || !changes) return undefined;
  const scale = accessor.get('normalized').value === true ? component.most : 1;
  const out = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < width; axis++) out[row * width + axis] = dense(row, axis) / scale;
  }
  for (let change = 0; change < changes.count; change++) {
    const at = changes.places(change, 0) * width;
    for (let axis = 0; axis < width; axis++) out[at + axis] = changes.values(change, axis) / scale;
  }
  return out;
}

/** Rows that are other than the rest, and which. */
interface Changes {
  readonly count: number;
  readonly places: Rows;
  readonly values: Rows;
}

function changesOf(
  sparse: Field,
  most: number,
  width: number,
  component: Component,
  store: Store,
): Changes | undefined {
  const count = sparse.get('count').whole(0, most);
  const indices = sparse.get('indices');
  const places = rowsOf(indices, count, 1, componentOf(indices), store);
  const values = rowsOf(sparse.get('values'), count, width, component, store);
  return places && values && { count, places, values };
}

/** A number of a row. */
type Rows = (row: number, axis: number) => number;

const ZEROS: Rows = () => 0;
const NO_CHANGES: Changes = { count: 0, places: ZEROS, values: ZEROS };

/** Rows of numbers where `place` says; undefined where they are packed or in another buffer. */
function rowsOf(
  place: Field,
  count: number,
  width: number,
  { bytes, read }: Component,
  { views, binary }: Store,
): Rows | undefined {
  const field = views[place.get('bufferView').whole(0, views.length - 1)]!;
  if (isGiven(field, 'extensions') || field.get('buffer').whole(0) > 0) return undefined;
  const from = offsetOf(field);
  const length = field.get('byteLength').whole(0);
  if (from + length > binary.length) {
    throw field.wrong(`bytes within its buffer of ${binary.length}`, `${length} from ${from} on`);
  }
  const view = new DataView(binary.buffer, binary.byteOffset + from, length);
  const step = isGiven(field, 'byteStride') ? field.get('byteStride').whole(1, 255) : bytes * width;
  const start = offsetOf(place);
  if (count > 0 && start + (count - 1) * step + bytes * width > length) {
    throw place.wrong(`numbers within its buffer view of ${length} bytes`, `${count} items beyond its end`);
  }
  return (row, axis) => read(view, start + row * step + axis * bytes);
}

function componentOf(accessor: Field): Component {
  return COMPONENTS[accessor.get('componentType').oneOf(COMPONENT_TYPES)]!;
}

const isGiven = (owner: Field, key: string): boolean => owner.get(key).value !== undefined;
const offsetOf = (owner: Field): number =>
  isGiven(owner, 'byteOffset') ? owner.get('byteOffset').whole(0) : 0;
