import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';

/** How far the lips of a character are apart in their middle: a sum over its morph targets, cheap enough for every frame. */
export class LipSpan {
  readonly #manager: MorphTargetManager;
  readonly #rest: number;
  readonly #moves: Float64Array;

  private constructor(manager: MorphTargetManager, rest: number, moves: Float64Array) {
    this.#manager = manager;
    this.#rest = rest;
    this.#moves = moves;
  }

  /** The lips of the character below `root`, loaded from the .glb at `url`, whose extras name the vertices. */
  static async ofAsync(root: TransformNode, url: string): Promise<LipSpan> {
    const named = meshesOf(await (await fetch(url)).arrayBuffer()).find((mesh) => mesh.extras?.lipPairs);
    const pair = named?.extras?.lipPairs?.find(({ name }) => name === 'centre');
    const mesh = root.getChildMeshes(false).find(({ name }) => name === named?.name);
    const rest = mesh?.getVerticesData(VertexBuffer.PositionKind);
    const manager = mesh?.morphTargetManager;
    if (!pair || !rest || !manager)
      throw new Error(`expected a mesh with lipPairs and morph targets in ${url}`);
    const spanOf = (positions: ArrayLike<number>) =>
      positions[pair.upper * 3 + 1]! - positions[pair.lower * 3 + 1]!;
    const moves = Float64Array.from({ length: manager.numTargets }, (_, index) => {
      const positions = manager.getTarget(index).getPositions();
      return positions ? spanOf(positions) - spanOf(rest) : 0;
    });
    return new LipSpan(manager, spanOf(rest), moves);
  }

  /** Millimetres between the lips, by the influences as they are now. */
  get mm(): number {
    let span = this.#rest;
    for (let index = 0; index < this.#moves.length; index++) {
      span += this.#moves[index]! * this.#manager.getTarget(index).influence;
    }
    return 1000 * span;
  }
}

interface NamedMesh {
  readonly name?: string;
  readonly extras?: {
    readonly lipPairs?: readonly { readonly name: string; readonly upper: number; readonly lower: number }[];
  };
}

/** The meshes of a .glb: its JSON chunk follows 12 bytes of header, its length and its type. */
function meshesOf(glb: ArrayBuffer): readonly NamedMesh[] {
  const length = new DataView(glb).getUint32(12, true);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(glb, 20, length))).meshes;
}
