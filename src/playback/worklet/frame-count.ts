/**
 * Which frame of the context a block begins at. Chromium's `currentFrame` stands still for a block whenever the page
 * changes the audio graph at that moment, although the block is rendered; it never runs ahead.
 */
export class FrameCount {
  #next = 0;

  /** Called for every block, with the `currentFrame` that the browser tells and the block's length in frames. */
  next(currentFrame: number, length: number): number {
    const frame = Math.max(currentFrame, this.#next);
    this.#next = frame + length;
    return frame;
  }
}
