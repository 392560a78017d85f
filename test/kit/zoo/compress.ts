/** Makes files small as gltfpack does: quantised, and packed by meshopt. */
import { MeshoptEncoder } from 'meshoptimizer';
import { type Glb, type GltfAccessor, TYPE } from './glb.ts';
import { primitivesOf } from './reshape.ts';

/** Steps in a metre of a quantised morph: 0.1 mm; an i16 reaches 3 m. */
const STEPS = 10_000;

/**
 * Positions and morphs as 16-bit whole numbers, indices and all of those packed. Skinned meshes take the scale back in
 * their inverse bind matrices, as KHR_mesh_quantization has it.
 */
export async function quantisedAndPacked(glb: Glb): Promise<Glb> {
  await MeshoptEncoder.ready;
  const { json } = glb;
  const done = new Map<number, number>();
  const whole = (accessor: number): number => {
    const known = done.get(accessor);
    if (known !== undefined) return known;
    const values = glb.read(accessor);
    const count = values.length / 3;
    const rows = new Int16Array(count * 4); // Rows of 8 bytes: attributes start at multiples of 4.
    for (let row = 0; row < count; row++) {
      for (let axis = 0; axis < 3; axis++) rows[row * 4 + axis] = Math.round(values[row * 3 + axis]! * STEPS);
    }
    const columns = [0, 1, 2].map((axis) => Array.from({ length: count }, (_, row) => rows[row * 4 + axis]!));
    const made: GltfAccessor = {
      bufferView: packed(glb, new Uint8Array(rows.buffer), count, 8, 'ATTRIBUTES'),
      componentType: TYPE.i16,
      count,
      type: 'VEC3',
      min: columns.map((column) => Math.min(...column)),
      max: columns.map((column) => Math.max(...column)),
    };
    done.set(accessor, json.accessors.push(made) - 1);
    return done.get(accessor)!;
  };
  for (const primitive of primitivesOf(glb)) {
    primitive.attributes.POSITION = whole(primitive.attributes.POSITION!);
    for (const target of primitive.targets ?? []) target.POSITION = whole(target.POSITION!);
    const indices = Uint32Array.from(glb.read(primitive.indices!));
    primitive.indices =
      json.accessors.push({
        bufferView: packed(glb, new Uint8Array(indices.buffer), indices.length, 4, 'TRIANGLES'),
        componentType: TYPE.u32,
        count: indices.length,
        type: 'SCALAR',
      }) - 1;
  }
  for (const skin of json.skins ?? []) {
    const matrices = glb.read(skin.inverseBindMatrices!);
    // The first three columns carry the scale.
    matrices.forEach((value, at) => {
      if (at % 16 < 12) matrices[at] = value / STEPS;
    });
    skin.inverseBindMatrices = glb.add(matrices, 'MAT4');
  }
  json.extensionsUsed = ['KHR_mesh_quantization', 'EXT_meshopt_compression'];
  json.extensionsRequired = json.extensionsUsed;
  return glb;
}

/** Adds packed bytes, which a decoder unpacks into a buffer that the file does not hold. */
function packed(
  glb: Glb,
  bytes: Uint8Array,
  count: number,
  byteStride: number,
  mode: 'ATTRIBUTES' | 'TRIANGLES',
): number {
  const data = MeshoptEncoder.encodeGltfBuffer(bytes, count, byteStride, mode, 0);
  return glb.addView(data, {
    ...(mode === 'ATTRIBUTES' && { byteStride }),
    extensions: {
      EXT_meshopt_compression: { buffer: 0, byteOffset: 0, byteLength: data.length, byteStride, count, mode },
    },
  });
}
