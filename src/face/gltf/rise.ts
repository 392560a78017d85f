/**
 * How far a point of some space rises above the ground of the scene: the weights of its three axes, and what the origin
 * of the space lies above the ground. It is the second row of the matrix from that space to the scene.
 */
export type Rise = readonly [number, number, number, number];

/** That of the scene itself: glTF's +Y is up. */
export const GROUND: Rise = [0, 1, 0, 0];

/** That of a space inside of another: `matrix` leads from it to the other, column by column, as glTF has it. */
export function riseWithin(rise: Rise, matrix: ArrayLike<number>, from = 0): Rise {
  const column = (at: number): number =>
    rise[0] * matrix[from + at]! +
    rise[1] * matrix[from + at + 1]! +
    rise[2] * matrix[from + at + 2]! +
    rise[3] * matrix[from + at + 3]!;
  return [column(0), column(4), column(8), column(12)];
}

/** What a node's place, turn and size come to, as a matrix. */
export function matrixOf(
  [x, y, z]: readonly number[],
  [qx, qy, qz, qw]: readonly number[],
  scale: readonly number[],
): number[] {
  const [i, j, k, w] = [qx!, qy!, qz!, qw!];
  const axes = [
    [1 - 2 * (j * j + k * k), 2 * (i * j + k * w), 2 * (i * k - j * w)],
    [2 * (i * j - k * w), 1 - 2 * (i * i + k * k), 2 * (j * k + i * w)],
    [2 * (i * k + j * w), 2 * (j * k - i * w), 1 - 2 * (i * i + j * j)],
  ];
  return [...axes.flatMap((axis, at) => [...axis.map((value) => value * scale[at]!), 0]), x!, y!, z!, 1];
}
