/** A glTF opened for changes: its JSON as it stands, and its one binary buffer. Runs in Node and in a page. */

/** What the zoo touches of a glTF's JSON; the rest is carried along. */
export interface Gltf {
  asset: { version: string };
  nodes: GltfNode[];
  meshes: GltfMesh[];
  accessors: GltfAccessor[];
  bufferViews: GltfView[];
  buffers: { byteLength: number; extensions?: Record<string, unknown> }[];
  skins?: { joints: number[]; inverseBindMatrices?: number; skeleton?: number }[];
  scenes: { nodes: number[] }[];
  scene?: number;
  materials?: Record<string, unknown>[];
  textures?: unknown[];
  images?: { bufferView?: number; [key: string]: unknown }[];
  samplers?: unknown[];
  animations?: unknown[];
  extensions?: Record<string, unknown>;
  extensionsUsed?: string[];
  extensionsRequired?: string[];
}

export interface GltfNode {
  name?: string;
  mesh?: number;
  skin?: number;
  children?: number[];
  translation?: number[];
  rotation?: number[];
  scale?: number[];
}

export interface GltfMesh {
  name?: string;
  primitives: GltfPrimitive[];
  weights?: number[];
  extras?: Record<string, unknown>;
}

export interface GltfPrimitive {
  attributes: Record<string, number>;
  indices?: number;
  material?: number;
  targets?: Record<string, number>[];
  extensions?: { KHR_draco_mesh_compression?: { bufferView: number; attributes: Record<string, number> } };
  extras?: Record<string, unknown>;
}

export interface GltfAccessor {
  bufferView?: number;
  byteOffset?: number;
  componentType: number;
  normalized?: boolean;
  count: number;
  type: string;
  min?: number[];
  max?: number[];
  sparse?: {
    count: number;
    indices: { bufferView: number; byteOffset?: number; componentType: number };
    values: { bufferView: number; byteOffset?: number };
  };
}

export interface GltfView {
  buffer: number;
  byteOffset?: number;
  byteLength: number;
  byteStride?: number;
  target?: number;
  extensions?: Record<string, unknown>;
}

const ARRAYS = {
  5120: Int8Array,
  5121: Uint8Array,
  5122: Int16Array,
  5123: Uint16Array,
  5125: Uint32Array,
  5126: Float32Array,
} as const;
const WIDTHS: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };

const MESHOPT = 'EXT_meshopt_compression';

/** Component types by their names. */
export const TYPE = { u8: 5121, i8: 5120, i16: 5122, u16: 5123, u32: 5125, f32: 5126 } as const;

export class Glb {
  readonly json: Gltf;
  readonly #chunks: Uint8Array[];
  #length: number;

  constructor(json: Gltf, binary: Uint8Array = new Uint8Array()) {
    this.json = json;
    this.#chunks = [binary];
    this.#length = binary.length;
  }

  static open(bytes: Uint8Array): Glb {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = view.getUint32(12, true);
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
    const start = 20 + length + 8;
    return new Glb(json, bytes.slice(start, start + view.getUint32(start - 8, true)));
  }

  /** An empty file with one scene. */
  static empty(): Glb {
    return new Glb({
      asset: { version: '2.0' },
      nodes: [],
      meshes: [],
      accessors: [],
      bufferViews: [],
      buffers: [],
      scenes: [{ nodes: [] }],
      scene: 0,
    });
  }

  /** Bytes of a buffer view. */
  view(index: number): Uint8Array {
    const { byteOffset = 0, byteLength } = this.json.bufferViews[index]!;
    return this.#binary().subarray(byteOffset, byteOffset + byteLength);
  }

  /** All numbers of an accessor, tightly packed, normalised where it says so. */
  read(index: number): Float64Array {
    const accessor = this.json.accessors[index]!;
    const width = WIDTHS[accessor.type]!;
    const out = new Float64Array(accessor.count * width);
    const { bufferView, byteOffset = 0, componentType, normalized, count, sparse } = accessor;
    if (bufferView !== undefined) {
      const stride = this.json.bufferViews[bufferView]!.byteStride;
      this.#numbers(bufferView, byteOffset, componentType, count, width, stride, out);
    }
    if (sparse) {
      const at = new Float64Array(sparse.count);
      const values = new Float64Array(sparse.count * width);
      const { indices } = sparse;
      this.#numbers(
        indices.bufferView,
        indices.byteOffset ?? 0,
        indices.componentType,
        sparse.count,
        1,
        undefined,
        at,
      );
      this.#numbers(
        sparse.values.bufferView,
        sparse.values.byteOffset ?? 0,
        componentType,
        sparse.count,
        width,
        undefined,
        values,
      );
      at.forEach((vertex, item) => {
        out.set(values.subarray(item * width, (item + 1) * width), vertex * width);
      });
    }
    if (normalized) {
      const most =
        componentType === TYPE.u8
          ? 255
          : componentType === TYPE.u16
            ? 65535
            : componentType === TYPE.i8
              ? 127
              : 32767;
      out.forEach((value, at) => {
        out[at] = Math.max(value / most, -1);
      });
    }
    return out;
  }

  /** Adds numbers as a new accessor and gives its index. */
  add(
    values: ArrayLike<number>,
    type: string,
    componentType: keyof typeof ARRAYS = TYPE.f32,
    more: Partial<GltfAccessor> = {},
  ): number {
    const data = new ARRAYS[componentType](Array.from(values));
    const width = WIDTHS[type]!;
    const bufferView = this.addView(new Uint8Array(data.buffer));
    return (
      this.json.accessors.push({
        bufferView,
        componentType,
        count: values.length / width,
        type,
        ...(width === 3 && boundsOf(data, width)),
        ...more,
      }) - 1
    );
  }

  /** Adds bytes as a new buffer view and gives its index. */
  addView(bytes: Uint8Array, more: Partial<GltfView> = {}): number {
    const byteOffset = this.#length;
    this.#append(bytes);
    return this.json.bufferViews.push({ buffer: 0, byteOffset, byteLength: bytes.length, ...more }) - 1;
  }

  /** The file, without data that nothing refers to any more. */
  pack(): Uint8Array<ArrayBuffer> {
    const json = structuredClone(this.json);
    const binary = this.#compact(json);
    if (binary.length === 0) json.buffers = [];
    const text = padded(new TextEncoder().encode(JSON.stringify(json)), 0x20);
    const out = new Uint8Array(12 + 8 + text.length + (binary.length > 0 ? 8 + binary.length : 0));
    const view = new DataView(out.buffer);
    [0x46546c67, 2, out.length, text.length, 0x4e4f534a].forEach((word, at) => {
      view.setUint32(at * 4, word, true);
    });
    out.set(text, 20);
    if (binary.length > 0) {
      view.setUint32(20 + text.length, binary.length, true);
      view.setUint32(24 + text.length, 0x004e4942, true);
      out.set(binary, 28 + text.length);
    }
    return out;
  }

  #numbers(
    view: number,
    offset: number,
    type: number,
    count: number,
    width: number,
    stride: number | undefined,
    out: Float64Array,
  ): void {
    const bytes = this.view(view);
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = ARRAYS[type as keyof typeof ARRAYS].BYTES_PER_ELEMENT;
    const step = stride ?? size * width;
    for (let item = 0; item < count; item++) {
      for (let part = 0; part < width; part++) {
        const at = offset + item * step + part * size;
        out[item * width + part] =
          type === TYPE.f32
            ? data.getFloat32(at, true)
            : type === TYPE.u32
              ? data.getUint32(at, true)
              : type === TYPE.u16
                ? data.getUint16(at, true)
                : type === TYPE.i16
                  ? data.getInt16(at, true)
                  : type === TYPE.i8
                    ? data.getInt8(at)
                    : data.getUint8(at);
      }
    }
  }

  /** Keeps what accessors in use and images refer to, and numbers everything anew. */
  #compact(json: Gltf): Uint8Array {
    const accessors = new Map<number, number>();
    const views = new Map<number, number>();
    const keptAccessors: GltfAccessor[] = [];
    const keptViews: GltfView[] = [];
    const parts: Uint8Array[] = [];
    let length = 0;
    let unpacked = 0;
    const keepView = (index: number): number => {
      const known = views.get(index);
      if (known !== undefined) return known;
      const bytes = padded(this.view(index), 0);
      const view = { ...json.bufferViews[index]!, byteOffset: length, byteLength: this.view(index).length };
      const packed = view.extensions?.[MESHOPT] as
        | { byteOffset: number; count: number; byteStride: number }
        | undefined;
      if (packed) {
        // The view itself lies in a buffer that is not there: it says where to unpack to.
        packed.byteOffset = length;
        Object.assign(view, {
          buffer: 1,
          byteOffset: unpacked,
          byteLength: packed.count * packed.byteStride,
        });
        unpacked += packed.count * packed.byteStride;
      }
      parts.push(bytes);
      length += bytes.length;
      views.set(index, keptViews.push(view) - 1);
      return keptViews.length - 1;
    };
    const keep = (index: number): number => {
      const known = accessors.get(index);
      if (known !== undefined) return known;
      const accessor = structuredClone(json.accessors[index]!);
      if (accessor.bufferView !== undefined) accessor.bufferView = keepView(accessor.bufferView);
      if (accessor.sparse) {
        accessor.sparse.indices.bufferView = keepView(accessor.sparse.indices.bufferView);
        accessor.sparse.values.bufferView = keepView(accessor.sparse.values.bufferView);
      }
      accessors.set(index, keptAccessors.push(accessor) - 1);
      return keptAccessors.length - 1;
    };
    const keepAll = (record: Record<string, number>): void => {
      for (const [key, index] of Object.entries(record)) record[key] = keep(index);
    };
    for (const { primitives } of json.meshes) {
      for (const primitive of primitives) {
        keepAll(primitive.attributes);
        if (primitive.indices !== undefined) primitive.indices = keep(primitive.indices);
        primitive.targets?.forEach(keepAll);
        const draco = primitive.extensions?.KHR_draco_mesh_compression;
        if (draco) draco.bufferView = keepView(draco.bufferView);
      }
    }
    for (const skin of json.skins ?? []) {
      if (skin.inverseBindMatrices !== undefined) skin.inverseBindMatrices = keep(skin.inverseBindMatrices);
    }
    for (const image of json.images ?? []) {
      if (image.bufferView !== undefined) image.bufferView = keepView(image.bufferView);
    }
    json.accessors = keptAccessors;
    json.bufferViews = keptViews;
    json.buffers = [{ byteLength: length }];
    if (unpacked > 0)
      json.buffers.push({ byteLength: unpacked, extensions: { [MESHOPT]: { fallback: true } } });
    return joined(parts);
  }

  #binary(): Uint8Array {
    if (this.#chunks.length > 1) this.#chunks.splice(0, this.#chunks.length, joined(this.#chunks));
    return this.#chunks[0]!;
  }

  #append(bytes: Uint8Array): void {
    const whole = padded(bytes, 0);
    this.#chunks.push(whole);
    this.#length += whole.length;
  }
}

function boundsOf(data: ArrayLike<number>, width: number): { min: number[]; max: number[] } {
  const parts = Array.from({ length: width }, (_, part) =>
    Array.from(data).filter((_, at) => at % width === part),
  );
  return { min: parts.map((part) => Math.min(...part)), max: parts.map((part) => Math.max(...part)) };
}

function padded(bytes: Uint8Array, fill: number): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4).fill(fill);
  out.set(bytes);
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
