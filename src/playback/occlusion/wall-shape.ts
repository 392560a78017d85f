/** Triangles that share a box: few enough to be tested one by one, many enough that boxes cost little. */
const RUN = 32;

/** Runs that share a larger box. */
const RUNS = 16;

/** Numbers of a box: the least x, y and z, then the most. */
const BOX = 6;

/**
 * The triangles of a mesh, as walls for lines. Neighbours in the list mostly are neighbours in space, so a box around each
 * run of them spares a line nearly all; that is made in one pass over the mesh, where a tree would take a dozen.
 */
export class WallShape {
  readonly #positions: ArrayLike<number>;
  readonly #indices: ArrayLike<number>;
  readonly #boxes: Float64Array;
  /** Around {@link RUNS} of them each. */
  readonly #larger: Float64Array;

  /** `positions`: x, y and z of each vertex; `indices`: three vertices a triangle. Both are kept as they are. */
  constructor(positions: ArrayLike<number>, indices: ArrayLike<number>) {
    this.#positions = positions;
    this.#indices = indices;
    const runs = Math.ceil(indices.length / (3 * RUN));
    this.#boxes = new Float64Array(runs * BOX);
    for (let run = 0; run < runs; run++) this.#enclose(run);
    this.#larger = new Float64Array(Math.ceil(runs / RUNS) * BOX);
    for (let at = 0; at < this.#larger.length; at += BOX) this.#join(at);
  }

  /**
   * Whether a triangle, of either side, is on the way from the first point of `line` to the second: six numbers, in the
   * space of the mesh. Allocates nothing.
   */
  blocks(line: Float64Array): boolean {
    for (let at = 0; at < this.#larger.length; at += BOX) {
      if (!entersBox(line, this.#larger, at)) continue;
      const end = Math.min((at + BOX) * RUNS, this.#boxes.length);
      for (let run = at * RUNS; run < end; run += BOX)
        if (entersBox(line, this.#boxes, run) && this.#crossesRun(line, run / BOX)) return true;
    }
    return false;
  }

  #crossesRun(line: Float64Array, run: number): boolean {
    const end = Math.min((run + 1) * RUN * 3, this.#indices.length - 2);
    for (let at = run * RUN * 3; at < end; at += 3) if (this.#crosses(line, at)) return true;
    return false;
  }

  #join(at: number): void {
    const boxes = this.#boxes;
    const larger = this.#larger;
    const end = Math.min((at + BOX) * RUNS, boxes.length);
    larger.set(boxes.subarray(at * RUNS, at * RUNS + BOX), at);
    for (let run = at * RUNS; run < end; run += BOX) {
      for (let axis = 0; axis < 3; axis++) {
        larger[at + axis] = Math.min(larger[at + axis]!, boxes[run + axis]!);
        larger[at + 3 + axis] = Math.max(larger[at + 3 + axis]!, boxes[run + 3 + axis]!);
      }
    }
  }

  #enclose(run: number): void {
    const positions = this.#positions;
    const indices = this.#indices;
    const boxes = this.#boxes;
    const at = run * BOX;
    boxes.fill(Number.POSITIVE_INFINITY, at, at + 3);
    boxes.fill(Number.NEGATIVE_INFINITY, at + 3, at + BOX);
    const end = Math.min((run + 1) * RUN * 3, indices.length);
    for (let i = run * RUN * 3; i < end; i++) {
      const vertex = 3 * indices[i]!;
      const x = positions[vertex]!;
      const y = positions[vertex + 1]!;
      const z = positions[vertex + 2]!;
      if (x < boxes[at]!) boxes[at] = x;
      if (y < boxes[at + 1]!) boxes[at + 1] = y;
      if (z < boxes[at + 2]!) boxes[at + 2] = z;
      if (x > boxes[at + 3]!) boxes[at + 3] = x;
      if (y > boxes[at + 4]!) boxes[at + 4] = y;
      if (z > boxes[at + 5]!) boxes[at + 5] = z;
    }
  }

  /** Möller and Trumbore's test of a line and a triangle (1997), from both sides. */
  #crosses(line: Float64Array, at: number): boolean {
    const p = this.#positions;
    const a = 3 * this.#indices[at]!;
    const b = 3 * this.#indices[at + 1]!;
    const c = 3 * this.#indices[at + 2]!;
    const ax = p[a]!;
    const ay = p[a + 1]!;
    const az = p[a + 2]!;
    const ux = p[b]! - ax;
    const uy = p[b + 1]! - ay;
    const uz = p[b + 2]! - az;
    const vx = p[c]! - ax;
    const vy = p[c + 1]! - ay;
    const vz = p[c + 2]! - az;
    const dx = line[3]! - line[0]!;
    const dy = line[4]! - line[1]!;
    const dz = line[5]! - line[2]!;
    const px = dy * vz - dz * vy;
    const py = dz * vx - dx * vz;
    const pz = dx * vy - dy * vx;
    const area = ux * px + uy * py + uz * pz;
    if (area === 0) return false;
    const tx = line[0]! - ax;
    const ty = line[1]! - ay;
    const tz = line[2]! - az;
    const u = (tx * px + ty * py + tz * pz) / area;
    if (!(u >= 0 && u <= 1)) return false;
    const qx = ty * uz - tz * uy;
    const qy = tz * ux - tx * uz;
    const qz = tx * uy - ty * ux;
    const v = (dx * qx + dy * qy + dz * qz) / area;
    if (!(v >= 0 && u + v <= 1)) return false;
    const t = (vx * qx + vy * qy + vz * qz) / area;
    return t >= 0 && t <= 1;
  }
}

/** Whether a line has a point in a box: between all three pairs of its planes at once. */
function entersBox(line: Float64Array, boxes: Float64Array, at: number): boolean {
  let from = 0;
  let to = 1;
  for (let axis = 0; axis < 3; axis++) {
    const start = line[axis]!;
    const way = line[3 + axis]! - start;
    const least = boxes[at + axis]! - start;
    const most = boxes[at + 3 + axis]! - start;
    if (way === 0) {
      if (least > 0 || most < 0) return false;
      continue;
    }
    const first = least / way;
    const second = most / way;
    from = Math.max(from, Math.min(first, second));
    to = Math.min(to, Math.max(first, second));
    if (from > to) return false;
  }
  return true;
}
