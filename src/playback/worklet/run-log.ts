/** Numbers that each run takes in {@link RunLog.data}: context frame, frames, line frame, line frames. */
export const RUN_FIELDS = 4;

/** Runs that the log holds. A block adds four at most: a splice is longer than a third of one. */
const CAPACITY = 64;
const MOST_PER_BLOCK = 4;

/** What was rendered since the last receipt, as straight runs. Allocates nothing after construction. */
export class RunLog {
  /** `count` runs of {@link RUN_FIELDS} numbers each. */
  readonly data = new Float64Array(CAPACITY * RUN_FIELDS);
  /** Arrays for none, one, two, four runs and so on: a message copies the whole of an array, and slices are garbage. */
  readonly #parcels = Array.from(
    { length: Math.log2(CAPACITY) + 2 },
    (_, size) => new Float64Array(Math.floor(2 ** (size - 1)) * RUN_FIELDS),
  );
  #count = 0;
  #frames = 0;

  get count(): number {
    return this.#count;
  }

  /** Frames rendered, all runs together. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether there is no room for another block. */
  get full(): boolean {
    return this.#count > CAPACITY - MOST_PER_BLOCK;
  }

  /** Adds what was rendered; lengthens the last run where this one goes on at the same speed. */
  add(contextFrame: number, frames: number, lineFrame: number, lineFrames: number): void {
    const { data } = this;
    this.#frames += frames;
    const last = (this.#count - 1) * RUN_FIELDS;
    const goesOn =
      last >= 0 &&
      data[last]! + data[last + 1]! === contextFrame &&
      data[last + 2]! + data[last + 3]! === lineFrame &&
      data[last + 3]! * frames === data[last + 1]! * lineFrames;
    if (goesOn) {
      data[last + 1]! += frames;
      data[last + 3]! += lineFrames;
      return;
    }
    const next = this.#count * RUN_FIELDS;
    data[next] = contextFrame;
    data[next + 1] = frames;
    data[next + 2] = lineFrame;
    data[next + 3] = lineFrames;
    this.#count++;
  }

  /** The runs in the shortest array that there is for so many; the same one when it is asked for again. */
  get parcel(): Float64Array {
    const length = this.#count * RUN_FIELDS;
    let size = 0;
    while (this.#parcels[size]!.length < length) size++;
    const parcel = this.#parcels[size]!;
    for (let index = 0; index < length; index++) parcel[index] = this.data[index]!;
    return parcel;
  }

  clear(): void {
    this.#count = this.#frames = 0;
  }
}
