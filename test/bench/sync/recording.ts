/** What a run leaves behind: everything that is judged comes out of this. */

/** A frame as it was drawn. */
export interface FrameLog {
  /** Performance time at the frame's start, just before the face is moved, milliseconds. */
  readonly ms: number;
  /** Which line of the run has the mouth; -1 where none has. */
  readonly line: number;
  /** Line time that the face shows, seconds. */
  readonly playhead: number;
  /** How far the lips are apart in their middle, millimetres. */
  readonly gapMm: number;
  /** Sound that the player wants to hold back, milliseconds; 0 where no line has the mouth. */
  readonly targetMs: number;
}

/** Audio as it reached the page. */
export interface ArrivalLog {
  readonly line: number;
  /** Performance time, milliseconds. */
  readonly ms: number;
  /** Samples at the line's own rate. */
  readonly samples: number;
}

/** What the context told of its output. */
export interface OutputPair {
  /** Seconds of audio that had left the device at `ms`. */
  readonly contextTime: number;
  /** Performance time, milliseconds. */
  readonly ms: number;
}

/** A line as the player saw it. */
export interface LineLog {
  readonly text: string;
  readonly outcome: string;
  /** The player's own gap map: line time in seconds at `mapFrom`, `mapFrom + mapStep`, … context frames. */
  readonly mapFrom: number;
  readonly mapStep: number;
  readonly map: readonly number[];
}

/** What the page noted, but for the sound. */
export interface PageLog {
  /** Performance time 0 as time of day, milliseconds. */
  readonly timeOrigin: number;
  readonly sampleRate: number;
  readonly frames: readonly FrameLog[];
  readonly arrivals: readonly ArrivalLog[];
  readonly pairs: readonly OutputPair[];
  readonly lines: readonly LineLog[];
  /** Where the recorded runs of sound begin: context frames, and the number of frames in each. */
  readonly sound: readonly { readonly frame: number; readonly count: number }[];
  /** Time of day of every 128 recorded frames, milliseconds, run after run. */
  readonly walls: readonly number[];
}

/** A run: what the page noted and the sound, run after run as in {@link PageLog.sound}. */
export interface Recording extends PageLog {
  readonly samples: Float32Array;
}
