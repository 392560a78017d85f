import type { ChannelTrack, ChannelValue } from './changes.ts';
import type { Timeline } from './timeline.ts';

/** Makes something of the scene what its channel is. A row of numbers may be a list that the next call writes anew. */
export type WriteChannel = (value: ChannelValue, seconds: number) => void;

/** A channel that is written. */
interface Bound {
  readonly channel: string;
  readonly track: ChannelTrack;
  readonly write: WriteChannel;
  /** Whether it is another from moment to moment although its state stands: animations and sounds. */
  readonly runs: boolean;
}

/** Writes what a scene owns to the world, as far as it has changed: the same seconds are always the same world. */
export class StateWriter {
  readonly #bind: (channel: string) => WriteChannel | undefined;
  readonly #known = new Map<string, WriteChannel | undefined>();
  /** What channels are before the scene. */
  readonly #initial: (channel: string) => ChannelValue | undefined;
  #bound: Bound[] = [];
  #timeline: Timeline | undefined;
  #seconds = Number.NaN;

  /** `bind` finds what a channel writes to, once; undefined where the scene has no such thing. */
  constructor(
    bind: (channel: string) => WriteChannel | undefined,
    initial: (channel: string) => ChannelValue | undefined,
  ) {
    this.#bind = bind;
    this.#initial = initial;
  }

  /** The world at a time, seconds. Allocates nothing while the time line is the same. */
  write(timeline: Timeline, seconds: number): void {
    const fresh = timeline !== this.#timeline;
    if (fresh) this.#take(timeline, seconds);
    for (let index = 0; index < this.#bound.length; index++) {
      const { track, write, runs } = this.#bound[index]!;
      if (!fresh && !runs && track.restsBetween(this.#seconds, seconds)) continue;
      const value = track.sampleAt(seconds);
      if (value !== undefined) write(value, seconds);
    }
    this.#seconds = seconds;
  }

  /** Channels that the scene does not own any more are what they were before it. */
  #take(timeline: Timeline, seconds: number): void {
    const { channels } = timeline;
    for (const { channel, write } of this.#bound) {
      const value = channels.includes(channel) ? undefined : this.#initial(channel);
      if (value !== undefined) write(value, seconds);
    }
    this.#bound = channels.flatMap((channel) => {
      if (!this.#known.has(channel)) this.#known.set(channel, this.#bind(channel));
      const write = this.#known.get(channel);
      const runs = channel.startsWith('animation:') || channel.startsWith('sound:');
      return write ? [{ channel, track: timeline.track(channel)!, write, runs }] : [];
    });
    this.#timeline = timeline;
  }
}
