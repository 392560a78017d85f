import {
  type Accessor,
  Document,
  type Material,
  NodeIO,
  type Node as SceneNode,
  type Texture,
} from '@gltf-transform/core';
import {
  ALL_EXTENSIONS,
  KHRMaterialsAnisotropy,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
} from '@gltf-transform/extensions';
import type { Rgb } from './characters.ts';
import { sub, type Vec3 } from './geometry.ts';
import type { Track } from './idle.ts';
import type { Picture } from './image.ts';
import type { Part } from './parts.ts';
import { BONES, PARENT } from './skeleton.ts';

/** Stands in every file. */
export const COPYRIGHT =
  'CC0 1.0. Derived from MakeHuman assets (makehumancommunity.org); shapes composed by babylon-parley';

/** What a material is made of; factors are linear, 0..1. */
export interface Look {
  color?: Rgb;
  alpha?: number;
  roughness: number;
  map?: Picture;
  normal?: Picture;
  normalScale?: number;
  /** Red occlusion, green roughness. */
  surface?: Picture;
  occlusion?: boolean;
  mode?: 'OPAQUE' | 'MASK' | 'BLEND';
  cutoff?: number;
  doubleSided?: boolean;
  /** Dielectric reflectance factor, 1 = 4 %. */
  specular?: number;
  /** Cloth: colour of the soft rim. */
  sheen?: Rgb;
  /** Hair: strength of the stretched highlight, along the texture's v axis. */
  anisotropy?: number;
}

/** A mesh with the materials that draw it, in order. */
export interface Piece {
  part: Part;
  looks: Look[];
  extras?: Record<string, unknown>;
}

/** Builds one character file. */
export class CharacterFile {
  readonly document = new Document();
  readonly #buffer = this.document.createBuffer();
  readonly #scene = this.document.createScene('Character');
  readonly #root = this.document.createNode('Armature');
  readonly #bones = new Map<string, SceneNode>();
  readonly #skin = this.document.createSkin('Armature');
  readonly #pictures = new Map<Picture, Texture>();

  /** @param joints rest positions, metres */
  constructor(joints: Record<string, Vec3>, copyright: string) {
    const asset = this.document.getRoot().getAsset();
    asset.generator = 'babylon-parley assets';
    asset.copyright = copyright;
    this.#scene.addChild(this.#root);
    this.document.getRoot().setDefaultScene(this.#scene);
    const inverse = new Float32Array(BONES.length * 16);
    BONES.forEach((bone, i) => {
      const parent = PARENT[bone];
      const node = this.document.createNode(bone);
      node.setTranslation([...(parent ? sub(joints[bone]!, joints[parent]!) : joints[bone]!)]);
      (parent ? this.#bones.get(parent)! : this.#root).addChild(node);
      this.#bones.set(bone, node);
      this.#skin.addJoint(node);
      const [x, y, z] = joints[bone]!;
      inverse.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1], i * 16);
    });
    this.#skin.setInverseBindMatrices(this.#accessor(inverse, 'MAT4')).setSkeleton(this.#bones.get('Hips')!);
  }

  #accessor(
    array: Float32Array | Uint8Array | Uint16Array | Uint32Array,
    type: 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4' | 'MAT4',
  ): Accessor {
    return this.document.createAccessor().setArray(array).setType(type).setBuffer(this.#buffer);
  }

  #texture(picture: Picture, name: string): Texture {
    let texture = this.#pictures.get(picture);
    if (!texture) {
      texture = this.document
        .createTexture(name)
        .setImage(picture.bytes)
        .setMimeType(`image/${picture.type}`);
      this.#pictures.set(picture, texture);
    }
    return texture;
  }

  #material(name: string, look: Look): Material {
    const material = this.document
      .createMaterial(name)
      .setBaseColorFactor([...(look.color ?? [1, 1, 1]), look.alpha ?? 1] as [number, number, number, number])
      .setMetallicFactor(0)
      .setRoughnessFactor(look.surface ? 1 : look.roughness)
      .setDoubleSided(look.doubleSided ?? false)
      .setAlphaMode(look.mode ?? 'OPAQUE');
    if (look.mode === 'MASK') material.setAlphaCutoff(look.cutoff ?? 0.5);
    if (look.map) material.setBaseColorTexture(this.#texture(look.map, `${name}Color`));
    if (look.normal)
      material
        .setNormalTexture(this.#texture(look.normal, `${name}Normal`))
        .setNormalScale(look.normalScale ?? 1);
    if (look.surface) {
      const surface = this.#texture(look.surface, `${name}Surface`);
      material.setMetallicRoughnessTexture(surface).setOcclusionTexture(surface);
    }
    if (look.specular !== undefined) {
      const extension = this.document.createExtension(KHRMaterialsSpecular);
      material.setExtension(
        'KHR_materials_specular',
        extension.createSpecular().setSpecularFactor(look.specular),
      );
    }
    if (look.sheen) {
      const extension = this.document.createExtension(KHRMaterialsSheen);
      const sheen = extension
        .createSheen()
        .setSheenColorFactor([...look.sheen])
        .setSheenRoughnessFactor(0.5);
      material.setExtension('KHR_materials_sheen', sheen);
    }
    if (look.anisotropy) {
      const extension = this.document.createExtension(KHRMaterialsAnisotropy);
      const anisotropy = extension.createAnisotropy().setAnisotropyStrength(look.anisotropy);
      material.setExtension('KHR_materials_anisotropy', anisotropy.setAnisotropyRotation(Math.PI / 2));
    }
    return material;
  }

  /** Adds a skinned mesh; several materials draw the same triangles in order. */
  add({ part, looks, extras = {} }: Piece): void {
    const materials = looks.map((look, i) => this.#material(part.name + (i ? 'Soft' : ''), look));
    const n = part.positions.length / 3;
    const attributes: Record<string, Accessor> = {
      POSITION: this.#accessor(part.positions, 'VEC3'),
      NORMAL: this.#accessor(part.normals, 'VEC3'),
      TEXCOORD_0: this.#accessor(part.uvs, 'VEC2'),
      JOINTS_0: this.#accessor(part.joints, 'VEC4'),
      WEIGHTS_0: this.#accessor(part.weights, 'VEC4').setNormalized(true),
    };
    if (part.colors) attributes.COLOR_0 = this.#accessor(toBytes(part.colors), 'VEC4').setNormalized(true);
    const indices = this.#accessor(n < 65536 ? Uint16Array.from(part.triangles) : part.triangles, 'SCALAR');
    const mesh = this.document.createMesh(part.name);
    const targets = [...part.targets].map(([name, target]) => {
      const out: Record<string, Accessor> = {
        POSITION: this.#accessor(target.positions, 'VEC3').setSparse(true),
      };
      if (target.normals) out.NORMAL = this.#accessor(target.normals, 'VEC3').setSparse(true);
      return { name, attributes: out };
    });
    for (const material of materials) {
      const primitive = this.document.createPrimitive().setMaterial(material).setIndices(indices);
      for (const [semantic, accessor] of Object.entries(attributes))
        primitive.setAttribute(semantic, accessor);
      for (const { name, attributes: own } of targets) {
        const target = this.document.createPrimitiveTarget(name);
        for (const [semantic, accessor] of Object.entries(own)) target.setAttribute(semantic, accessor);
        primitive.addTarget(target);
      }
      mesh.addPrimitive(primitive);
    }
    if (targets.length) {
      mesh.setWeights(targets.map(() => 0));
      mesh.setExtras({ targetNames: targets.map(({ name }) => name), ...extras });
    }
    this.#root.addChild(this.document.createNode(part.name).setMesh(mesh).setSkin(this.#skin));
  }

  /** Adds a clip; rotations are on top of the rest pose, which has none. */
  animate(name: string, times: number[], tracks: Track[]): void {
    const clip = this.document.createAnimation(name);
    const input = this.#accessor(Float32Array.from(times), 'SCALAR');
    for (const { bone, path, values } of tracks) {
      const output = this.#accessor(Float32Array.from(values), path === 'rotation' ? 'VEC4' : 'VEC3');
      const sampler = this.document
        .createAnimationSampler()
        .setInput(input)
        .setOutput(output)
        .setInterpolation('LINEAR');
      const channel = this.document.createAnimationChannel().setSampler(sampler).setTargetPath(path);
      clip.addSampler(sampler).addChannel(channel.setTargetNode(this.#bones.get(bone)!));
    }
  }

  write(): Promise<Uint8Array> {
    return new NodeIO().registerExtensions(ALL_EXTENSIONS).writeBinary(this.document);
  }
}

/** Linear RGB to RGBA bytes, as COLOR_0 wants four-byte alignment. */
function toBytes(colors: Float32Array): Uint8Array {
  const out = new Uint8Array((colors.length / 3) * 4).fill(255);
  for (let v = 0; v < colors.length / 3; v++)
    for (let c = 0; c < 3; c++) out[v * 4 + c] = Math.round(Math.min(1, colors[v * 3 + c]!) * 255);
  return out;
}
