import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** Two vertices of the inner lips that touch when the mouth is closed. */
interface LipPair {
  readonly name: string;
  readonly upper: number;
  readonly lower: number;
}

/** How far apart a pair of the inner lips is. */
export interface LipGap {
  readonly name: string;
  /** Distance of the two vertices, millimetres. */
  readonly mm: number;
  /** How far the upper vertex is above the lower one, millimetres; negative where they pass through each other. */
  readonly openMm: number;
}

/**
 * The inner lips of a loaded character, judged on geometry: named vertex pairs, moved by the influences that its morph
 * targets have now, whatever wrote them. Both lips hang on the head, so the skeleton moves them together and is left
 * out.
 */
export class Lips {
  readonly #mesh: AbstractMesh;
  readonly #pairs: readonly LipPair[];

  private constructor(mesh: AbstractMesh, pairs: readonly LipPair[]) {
    this.#mesh = mesh;
    this.#pairs = pairs;
  }

  /**
   * Finds the lips of the character below `root`, loaded from the .glb at `url`. Their pairs stand in the extras of one
   * of the file's meshes (`lipPairs`), which Babylon does not keep, so the file is read again.
   */
  static async ofAsync(root: TransformNode, url: string): Promise<Lips> {
    const named = jsonOf(await (await fetch(url)).arrayBuffer()).meshes.find((mesh) => mesh.extras?.lipPairs);
    const mesh = root.getChildMeshes(false).find(({ name }) => name === named?.name);
    if (!named?.extras?.lipPairs || !mesh) throw new Error(`expected a mesh with lipPairs in ${url}`);
    return new Lips(mesh, named.extras.lipPairs);
  }

  /** Every pair as it stands now. */
  gaps(): LipGap[] {
    return this.#pairs.map(({ name, upper, lower }) => {
      const [u, l] = [this.#morphed(upper), this.#morphed(lower)];
      return {
        name,
        mm: 1000 * Math.hypot(u[0] - l[0], u[1] - l[1], u[2] - l[2]),
        openMm: 1000 * (u[1] - l[1]),
      };
    });
  }

  /** The widest gap of all pairs, millimetres: what must be small when the lips are closed. */
  widest(): number {
    return Math.max(...this.gaps().map((gap) => gap.mm));
  }

  /** The gap in the middle of the mouth, millimetres: what must be large when the mouth is open. */
  middle(): number {
    const middle = this.gaps().find((gap) => gap.name === 'centre');
    if (!middle) throw new Error('expected a lip pair named centre');
    return middle.openMm;
  }

  #morphed(vertex: number): [number, number, number] {
    const rest = this.#mesh.getVerticesData(VertexBuffer.PositionKind);
    const manager = this.#mesh.morphTargetManager;
    if (!rest || !manager) throw new Error(`expected positions and morph targets on ${this.#mesh.name}`);
    const along = (axis: number): number => {
      const index = vertex * 3 + axis;
      let at = rest[index]!;
      for (let t = 0; t < manager.numTargets; t++) {
        const target = manager.getTarget(t);
        const positions = target.getPositions();
        if (positions && target.influence !== 0) at += target.influence * (positions[index]! - rest[index]!);
      }
      return at;
    };
    return [along(0), along(1), along(2)];
  }
}

interface GltfJson {
  readonly meshes: readonly {
    readonly name?: string;
    readonly extras?: { readonly lipPairs?: readonly LipPair[] };
  }[];
}

/** The JSON chunk of a .glb: after 12 bytes of header, its length, its type and its text. */
function jsonOf(glb: ArrayBuffer): GltfJson {
  const length = new DataView(glb).getUint32(12, true);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(glb, 20, length)));
}
