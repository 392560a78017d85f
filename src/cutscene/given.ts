import type { ChannelValue } from './changes.ts';
import type { LineTimes } from './line-times.ts';
import type { SayBeat, Shot } from './script.ts';

/** What a script does not say, and its time line depends on. */
export interface Given {
  /** When a line is spoken, where it has been synthesised; else it is estimated. */
  timesOf?(id: string, beat: SayBeat): LineTimes | undefined;
  /** How long an animation of the scene lasts, seconds; undefined where it has none of that name. */
  secondsOf?(animation: string): number | undefined;
  /** What a camera of the scene sees; undefined where it has none of that name. */
  shotOf?(camera: string): Shot | undefined;
  /** What a channel is before the scene; undefined where nobody knows, and then it changes at once. */
  initial?(channel: string): ChannelValue | undefined;
  /** What the player has decided, by the key of the hold: the index of a choice; 0 where there was none. */
  readonly decisions?: ReadonlyMap<string, number>;
}
