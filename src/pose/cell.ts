/**
 * A number that one function hands to another in a frame: one that is an argument or a result is put on the heap
 * wherever the engine does not inline the call, and engines inline no call that is seldom reached.
 */
export type Cell = Float64Array;

export function createCell(value = 0): Cell {
  return new Float64Array(1).fill(value);
}

/** Puts `smoothStep` of the number in a cell into it: 0 at 0 and below, 1 at 1 and above, no slope at either end. */
export function smooth(cell: Cell): void {
  const x = cell[0]!;
  cell[0] = x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);
}
