import type { Observable } from '@babylonjs/core/Misc/observable.js';
import type { WordMark } from '../speech/cue.ts';
import type { ParleyError } from '../speech/errors.ts';
import type { Mark } from '../speech/marks.ts';
import type { SpeechRequest } from '../speech/source.ts';
import type { Track } from '../speech/track.ts';
import type { Heard } from './heard.ts';
import type { Addressee, LineResult, LineState, LineStats, StopOptions } from './line-types.ts';

/** One thing an NPC says, from the request to the last sample. Made by `TalkingNpc.say` and `TalkingNpc.speakFrom`. */
export interface Line {
  /** The text as given; of one that is still being written, as far as it is being spoken. Empty for a live stream. */
  readonly text: string;
  /** What was asked for. */
  readonly request: SpeechRequest;
  /** How much it matters among those of a crowd, as told to `say()`. Default 0. */
  readonly priority: number;
  /** To whom it was said to be addressed; undefined where nothing was said. */
  readonly to: Addressee | undefined;
  /** Where it stands. */
  readonly state: LineState;
  /** Fires at every change of {@link state}, with the new state. */
  readonly onStateObservable: Observable<LineState>;
  /** Fires when the playhead enters a word; never twice for the same word, but again for those after a seek. */
  readonly onWordObservable: Observable<WordMark>;
  /**
   * Fires when the playhead reaches a mark of the text, once each: a pause when the word before it ends, others when the
   * next word begins, one after the last word at the end. See `parseMarkup`.
   */
  readonly onMarkObservable: Observable<Mark>;
  /** Settles once, however the line ends; never rejects. */
  readonly finished: Promise<LineResult>;
  /** Whether the line is over, in whichever way. */
  readonly ended: boolean;
  /** Why the line did not come whole; undefined while it may still. */
  readonly failure: ParleyError | undefined;
  /** Whether all of the line has come from the source. */
  readonly fetched: boolean;
  /** Whether the line keeps its sound, for {@link seek} and {@link track}. */
  readonly keeps: boolean;
  /** Line time heard at the last frame, seconds; 0 before the first sample. */
  readonly playhead: number;
  /** Words whose times are known so far, in rising order. */
  readonly words: readonly WordMark[];
  /** Readings of the moment, for a panel. */
  readonly stats: LineStats;
  /**
   * Of a stopped line: what was left unsaid; a track where its sound was kept and is whole, else the text, with the tags
   * that are open there. Undefined for others. The track shares the sound of the whole: copy it before you change or transfer it.
   */
  readonly rest: string | Track | undefined;
  /** Speed, 0.5 to 2; the pitch stays, and the mouth follows. Default 1. Throws `InputError` for others; a live stream has 1 alone. */
  rate: number;

  /** Fades out within 5 ms and waits for {@link resume}. Before the first sample, the line will wait there. */
  pause(): void;
  /** Goes on with the next sample, once enough is held back. */
  resume(): void;
  /**
   * Goes to a line time, seconds; one beyond what has come is taken as its end. Needs a line that keeps its sound:
   * a track, or one said with `keep`. Before its turn it will begin there; once it is over, nothing happens. Throws
   * `InputError` for others, and for what is no number.
   */
  seek(seconds: number): void;
  /**
   * The whole line as a track, once all of it has come; the same one each time. Line and track share their sound: copy it
   * before you change or transfer it. Rejects with `InputError` where the line does not keep its sound, and with the
   * reason where it failed.
   */
  track(): Promise<Track>;
  /**
   * Stops the line. Resolves, when the fade is over, with what was heard. Rejects with `InputError`, and lets the line
   * go on, when `fadeMs` is no number.
   */
  stop(options?: StopOptions): Promise<Heard>;
}
