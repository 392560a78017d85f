/** Packs a file's meshes by Draco, with the encoder of npm's draco3dgltf, in Node or in a page. */
import { type Glb, TYPE } from './glb.ts';
import { primitivesOf } from './reshape.ts';

/** What is used of the encoder. */
interface Encoder {
  SetEncodingMethod(method: number): void;
  SetSpeedOptions(encoding: number, decoding: number): void;
  SetAttributeQuantization(attribute: number, bits: number): void;
  EncodeMeshToDracoBuffer(mesh: unknown, out: unknown): number;
}
export interface DracoEncoderModule {
  Encoder: new () => Encoder;
  MeshBuilder: new () => {
    AddFacesToMesh(mesh: unknown, count: number, indices: Uint32Array): void;
    AddFloatAttribute(
      mesh: unknown,
      attribute: number,
      count: number,
      width: number,
      data: Float32Array,
    ): number;
    AddUInt16Attribute(
      mesh: unknown,
      attribute: number,
      count: number,
      width: number,
      data: Uint16Array,
    ): number;
  };
  Mesh: new () => unknown;
  DracoInt8Array: new () => { GetValue(at: number): number };
  POSITION: number;
  NORMAL: number;
  TEX_COORD: number;
  COLOR: number;
  GENERIC: number;
  MESH_SEQUENTIAL_ENCODING: number;
}

/** Bits of a quantised position. */
const BITS = 14;

/** Draco keeps vertices in their order only in its plain method, and morphs, which it leaves alone, need that order. */
export function dracoPacked(glb: Glb, draco: DracoEncoderModule): Glb {
  const kinds = new Map([
    ['POSITION', draco.POSITION],
    ['NORMAL', draco.NORMAL],
    ['TEXCOORD_0', draco.TEX_COORD],
  ]);
  for (const primitive of primitivesOf(glb)) {
    const mesh = new draco.Mesh();
    const builder = new draco.MeshBuilder();
    const indices = Uint32Array.from(glb.read(primitive.indices!));
    builder.AddFacesToMesh(mesh, indices.length / 3, indices);
    const attributes: Record<string, number> = {};
    for (const [name, accessor] of Object.entries(primitive.attributes)) {
      const kind = kinds.get(name);
      if (kind === undefined) continue;
      const { count } = glb.json.accessors[accessor]!;
      const data = glb.read(accessor);
      attributes[name] = builder.AddFloatAttribute(
        mesh,
        kind,
        count,
        data.length / count,
        Float32Array.from(data),
      );
    }
    // Points that are alike in everything would become one, and morphs count them.
    const { count: points } = glb.json.accessors[primitive.attributes.POSITION!]!;
    const numbers = Uint16Array.from({ length: points }, (_, point) => point);
    builder.AddUInt16Attribute(mesh, draco.GENERIC, points, 1, numbers);
    const encoder = new draco.Encoder();
    encoder.SetEncodingMethod(draco.MESH_SEQUENTIAL_ENCODING);
    encoder.SetSpeedOptions(5, 5);
    encoder.SetAttributeQuantization(draco.POSITION, BITS);
    encoder.SetAttributeQuantization(draco.TEX_COORD, BITS);
    encoder.SetAttributeQuantization(draco.NORMAL, 10);
    const out = new draco.DracoInt8Array();
    const length = encoder.EncodeMeshToDracoBuffer(mesh, out);
    if (length <= 0) throw new Error('expected Draco to pack the mesh');
    const bufferView = glb.addView(Uint8Array.from({ length }, (_, at) => out.GetValue(at)));
    primitive.extensions = { KHR_draco_mesh_compression: { bufferView, attributes } };
    // What Draco holds is held by it alone.
    for (const name of Object.keys(attributes)) {
      const { count, type, min, max } = glb.json.accessors[primitive.attributes[name]!]!;
      const bare = { count, type, componentType: TYPE.f32, ...(min && max && { min, max }) };
      primitive.attributes[name] = glb.json.accessors.push(bare) - 1;
    }
    primitive.indices =
      glb.json.accessors.push({ count: indices.length, type: 'SCALAR', componentType: TYPE.u32 }) - 1;
  }
  glb.json.extensionsUsed = ['KHR_draco_mesh_compression'];
  glb.json.extensionsRequired = glb.json.extensionsUsed;
  return glb;
}
