import type { PhaseTable } from '../../pcm/resampler.ts';

/** Name under which the processor is registered. */
export const PROCESSOR_NAME = 'parley-player';

/** Where a line stands on the audio thread. `buffering` is before the first sample, `stalled` after one. */
export type RenderState = 'buffering' | 'playing' | 'stalled' | 'ended';

/** What the page sends to the audio thread. Frames are at the context's rate. */
export type PlayerMessage =
  | {
      readonly type: 'begin';
      readonly line: number;
      readonly table: PhaseTable;
      /** Frames that must be there before the line starts, unless it is shorter. */
      readonly leadFrames: number;
    }
  | { readonly type: 'samples'; readonly line: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly line: number }
  | { readonly type: 'stop'; readonly line: number; readonly fadeFrames: number }
  | { readonly type: 'dispose' };

/** What the audio thread tells of a line: at most 20 times a second, and at every change of state. */
export interface Receipt {
  readonly line: number;
  readonly state: RenderState;
  /** Whether the line ended because it was stopped. */
  readonly stopped: boolean;
  /** What was rendered since the last receipt: `frames` from these places on, without interruption. */
  readonly contextFrame: number;
  readonly lineFrame: number;
  readonly frames: number;
  /** Samples at the line's own rate that have left the ring, in all. */
  readonly consumed: number;
}
