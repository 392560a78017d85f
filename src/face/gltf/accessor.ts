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

/**
 * The numbers of an accessor, `width` for each of its items, or undefined where they are not in the file's own binary chunk as they are: packed, in
 * another file, or out of its bounds.
 */
export function readNumbers(
  accessor: Field,
  width: number,
  views: readonly Field[],
  binary: Uint8Array,
): Float32Array | undefined {
  const { count, bufferView, byteOffset, componentType, normalized, sparse } = fieldsOf(accessor);
  const component = COMPONENTS[Number(componentType)];
  if (!component || typeof count !== 'number') return undefined;
  const out = new Float32Array(count * width);
  const scale = normalized === true ? component.most : 1;
  const put = (view: unknown, offset: unknown, rows: number, rowOf: (row: number) => number): boolean => {
    const data = bytesOf(views, view, binary);
    if (!data) return false;
    const step = data.stride || component.bytes * width;
    const start = typeof offset === 'number' ? offset : 0;
    if (start + (rows - 1) * step + component.bytes * width > data.view.byteLength) return false;
    for (let row = 0; row < rows; row++) {
      for (let axis = 0; axis < width; axis++) {
        const value = component.read(data.view, start + row * step + axis * component.bytes) / scale;
        out[rowOf(row) * width + axis] = value;
      }
    }
    return true;
  };
  if (bufferView !== undefined && !put(bufferView, byteOffset, count, (row) => row)) return undefined;
  if (sparse === undefined) return out;
  const { count: rows, indices, values } = sparse as Json;
  const places = indices as Json | undefined;
  const kind = COMPONENTS[Number(places?.componentType)];
  const data = bytesOf(views, places?.bufferView, binary);
  const start = typeof places?.byteOffset === 'number' ? places.byteOffset : 0;
  if (!kind || !data || typeof rows !== 'number' || start + rows * kind.bytes > data.view.byteLength) {
    return undefined;
  }
  const rowOf = (row: number): number => kind.read(data.view, start + row * kind.bytes);
  const { bufferView: from, byteOffset: offset } = (values ?? {}) as Json;
  return put(from, offset, rows, rowOf) ? out : undefined;
}

type Json = Readonly<Record<string, unknown>>;

const fieldsOf = (field: Field): Json => field.value as Json;

function bytesOf(
  views: readonly Field[],
  index: unknown,
  binary: Uint8Array,
): { view: DataView; stride: number } | undefined {
  const field = views[Number(index ?? -1)];
  if (!field) return undefined;
  const { buffer, byteOffset, byteLength, byteStride, extensions } = fieldsOf(field);
  const start = typeof byteOffset === 'number' ? byteOffset : 0;
  if (buffer !== 0 || extensions !== undefined || typeof byteLength !== 'number') return undefined;
  if (start < 0 || byteLength < 0 || start + byteLength > binary.length) return undefined;
  return {
    view: new DataView(binary.buffer, binary.byteOffset + start, byteLength),
    stride: typeof byteStride === 'number' ? byteStride : 0,
  };
}
