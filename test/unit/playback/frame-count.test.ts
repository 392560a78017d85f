import { expect, it } from 'vitest';
import { FrameCount } from '../../../src/playback/worklet/frame-count.ts';

it('counts on through a frame number that stands still, and follows one that jumps ahead', () => {
  const frames = new FrameCount();
  const told = [128, 256, 256, 512, 2_048, 2_048, 2_048, 2_432];
  expect(told.map((frame) => frames.next(frame, 128))).toEqual([
    128, 256, 384, 512, 2_048, 2_176, 2_304, 2_432,
  ]);
});
