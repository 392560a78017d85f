import { type Change, ChannelTrack, type ChannelValue } from './changes.ts';
import type { LineTimes } from './line-times.ts';
import type { RunBeat, SayBeat } from './script.ts';

/** A line of the scene, in its time. */
export interface SpokenBeat {
  /** The id of the beat, and which time it is said: `beats[2]#1`. */
  readonly key: string;
  readonly id: string;
  readonly beat: SayBeat;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly times: LineTimes;
}

/** A beat in its time. */
export interface BeatStart {
  /** Its place in the script, and which time it comes. */
  readonly key: string;
  /** Seconds. */
  readonly at: number;
}

/** A call of the game's own function. */
export interface Effect {
  readonly key: string;
  readonly beat: RunBeat;
  /** Seconds. */
  readonly at: number;
}

/** What a player can choose. */
export interface Offer {
  /** Place in the list of the script. */
  readonly index: number;
  readonly text: string;
}

/** Where the scene stands until the player has done something. */
export interface Hold {
  readonly key: string;
  /** Seconds. */
  readonly at: number;
  /** What can be chosen; undefined where the player only lets it go on. */
  readonly offers: readonly Offer[] | undefined;
}

/** A scene laid out in time, as far as it is decided: what is seen at a moment depends on that moment alone. */
export class Timeline {
  readonly lines: readonly SpokenBeat[];
  readonly effects: readonly Effect[];
  /** Its beats in the order in which they begin. */
  readonly beats: readonly BeatStart[];
  /** Where it ends, or stands until the player has done something, seconds. */
  readonly end: number;
  /** What the player must do at the end; undefined where the scene is over. */
  readonly hold: Hold | undefined;
  readonly #tracks = new Map<string, ChannelTrack>();

  constructor({ lines, effects, changes, beats, end, hold, initial }: TimelineContent) {
    this.lines = lines;
    this.effects = effects;
    this.beats = beats;
    this.end = end;
    this.hold = hold;
    for (const change of changes) this.#trackOf(change.channel, initial).add(change);
  }

  /** The channels that beats of it own. */
  get channels(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  /** What a channel is at a time, seconds; undefined where nobody knows, or for one that no beat owns. */
  valueAt(channel: string, seconds: number): ChannelValue | undefined {
    return this.#tracks.get(channel)?.valueAt(seconds);
  }

  /** All that happens to a channel; undefined for one that no beat owns. */
  track(channel: string): ChannelTrack | undefined {
    return this.#tracks.get(channel);
  }

  #trackOf(channel: string, initial: TimelineContent['initial']): ChannelTrack {
    const there = this.#tracks.get(channel);
    if (there) return there;
    const track = new ChannelTrack(initial(channel));
    this.#tracks.set(channel, track);
    return track;
  }
}

/** What a {@link Timeline} is made of; changes in the order in which they begin. */
export interface TimelineContent {
  readonly lines: readonly SpokenBeat[];
  readonly effects: readonly Effect[];
  readonly changes: readonly Change[];
  readonly beats: readonly BeatStart[];
  readonly end: number;
  readonly hold: Hold | undefined;
  /** What a channel is before the scene; undefined where nobody knows. */
  initial(channel: string): ChannelValue | undefined;
}
