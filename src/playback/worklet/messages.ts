import type { PhaseTable } from '../../pcm/resampler.ts';

/** Name under which the processor is registered. */
export const PROCESSOR_NAME = 'parley-player';

/** Where a line stands on the audio thread. `buffering` is before the first sample and after a seek, `stalled` after one. */
export type RenderState = 'buffering' | 'playing' | 'stalled' | 'paused' | 'ended';

/** What the page sends to the audio thread. Frames are at the context's rate. */
export type PlayerMessage =
  | {
      readonly type: 'begin';
      readonly line: number;
      /** Filters for the line's rate; undefined where they are those of the line before. */
      readonly table: PhaseTable | undefined;
      /** Frames that must be there before the line starts, unless it is shorter, and that should be held back from then on. */
      readonly targetFrames: number;
      /** Speed at which it is played, 0.5 to 2. */
      readonly rate: number;
      /**
       * Whether its samples are those of the node's input, delayed by `targetFrames`: they are written behind as many of
       * silence, and sent to the page as {@link Overheard}. Default false.
       */
      readonly live?: boolean;
      /** Frame of the context before which the line does not begin. Default 0: as soon as enough is there. */
      readonly startFrame?: number;
      /** Frame of the context at which its first sample is due: see `Appointment`. Undefined as soon as enough is there. */
      readonly dueFrame?: number | undefined;
    }
  /** Changes the frame of the context before which the line does not begin; infinite to wait. No effect once it has begun. */
  | { readonly type: 'start'; readonly line: number; readonly startFrame: number }
  | { readonly type: 'samples'; readonly line: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly line: number }
  | {
      readonly type: 'stop';
      readonly line: number;
      readonly fadeFrames: number;
      /** Frame of the line at which the fade is over; the line goes on until then. 0 for now. */
      readonly atFrame: number;
    }
  /** Ends the line without a fade: the context stands still. */
  | { readonly type: 'cut'; readonly line: number }
  | { readonly type: 'pause'; readonly line: number }
  | { readonly type: 'resume'; readonly line: number }
  | { readonly type: 'rate'; readonly line: number; readonly rate: number }
  | { readonly type: 'target'; readonly line: number; readonly targetFrames: number }
  /** Goes to another place of the line: what is in the ring is dropped, and samples from there follow the receipt of `take`. */
  | {
      readonly type: 'seek';
      readonly line: number;
      readonly lineFrame: number;
      readonly take: number;
      /** When that place is due, as at `begin`. */
      readonly dueFrame?: number | undefined;
    }
  /** Is answered by a {@link Pong}: whatever was sent before it has then arrived. */
  | { readonly type: 'ping'; readonly ping: number }
  | { readonly type: 'dispose' };

/** The answer to a ping: whatever the audio thread sent before it has arrived too. */
export interface Pong {
  readonly pong: number;
}

/** Samples of a live line as they went into the ring, all of them in order. */
export interface Overheard {
  readonly overheard: number;
  /** `count` samples; all of it is copied. */
  readonly samples: Int16Array<ArrayBuffer>;
  readonly count: number;
}

/** What the audio thread tells of a line: at most 20 times a second, and at every change of state. */
export interface Receipt {
  readonly line: number;
  readonly state: RenderState;
  /** Whether the line ended because it was stopped. */
  readonly stopped: boolean;
  /** Counts the seeks. */
  readonly take: number;
  /**
   * What was rendered since the last receipt: `runCount` runs of context frame, frames, line frame, line frames. No more
   * than twice as long as that: all of it is copied.
   */
  readonly runs: Float64Array;
  readonly runCount: number;
  /** Samples at the line's own rate that have left the ring since the last seek, in all. */
  readonly consumed: number;
  /** Speed at which the line goes on: line time for each second. */
  readonly speed: number;
  /** Frames of silence that stalls have put into the line, in all. */
  readonly stalledFrames: number;
}
