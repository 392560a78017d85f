import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';

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
  readonly #manager: MorphTargetManager;
  readonly #pairs: readonly LipPair[];
  /** From the lower to the upper vertex of each pair at rest, x y z each, metres. */
  readonly #rest: Float64Array;
  /** What each target adds to that at influence 1. */
  readonly #moves: readonly Float64Array[];

  private constructor(mesh: AbstractMesh, pairs: readonly LipPair[]) {
    const positions = mesh.getVerticesData(VertexBuffer.PositionKind);
    const manager = mesh.morphTargetManager;
    if (!positions || !manager) throw new Error(`expected positions and morph targets on ${mesh.name}`);
    const spans = (of: ArrayLike<number>): Float64Array =>
      Float64Array.from(
        pairs.flatMap(({ upper, lower }) => [0, 1, 2].map((c) => of[upper * 3 + c]! - of[lower * 3 + c]!)),
      );
    const rest = spans(positions);
    this.#manager = manager;
    this.#pairs = pairs;
    this.#rest = rest;
    this.#moves = Array.from({ length: manager.numTargets }, (_, t) => {
      const moved = manager.getTarget(t).getPositions();
      return moved ? spans(moved).map((span, i) => span - rest[i]!) : rest.map(() => 0);
    });
  }

  /**
   * Finds the lips of the character below `root`, loaded from the .glb at `url`. Their pairs stand in the extras of one
   * of the file's meshes (`lipPairs`), which Babylon does not keep, so the file is read again.
   */
  static async ofAsync(root: TransformNode, url: string): Promise<Lips> {
    return Lips.of(root, await (await fetch(url)).arrayBuffer());
  }

  /** The same from the bytes of the .glb. */
  static of(root: TransformNode, glb: ArrayBuffer): Lips {
    const named = jsonOf(glb).meshes.find((mesh) => mesh.extras?.lipPairs);
    const mesh = root.getChildMeshes(false).find(({ name }) => name === named?.name);
    if (!named?.extras?.lipPairs || !mesh) throw new Error('expected a mesh with lipPairs in the file');
    return new Lips(mesh, named.extras.lipPairs);
  }

  /** Every pair as it stands now. */
  gaps(): LipGap[] {
    const now = this.#rest.slice();
    this.#moves.forEach((move, t) => {
      const { influence } = this.#manager.getTarget(t);
      if (influence !== 0) for (let i = 0; i < now.length; i++) now[i] = now[i]! + influence * move[i]!;
    });
    return this.#pairs.map(({ name }, i) => {
      const [x, y, z] = [now[3 * i]!, now[3 * i + 1]!, now[3 * i + 2]!];
      return { name, mm: 1000 * Math.hypot(x, y, z), openMm: 1000 * y };
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
