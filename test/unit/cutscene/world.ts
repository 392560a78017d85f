/** A world of plain values that a scene plays in. */
import type { ChannelValue } from '../../../src/cutscene/changes.ts';
import type { GameEffect } from '../../../src/cutscene/effects.ts';
import { ScenePlayhead, type ScenePlayheadOptions } from '../../../src/cutscene/scene-playhead.ts';
import { StateWriter } from '../../../src/cutscene/state-writer.ts';

/** What things are before the scene. */
export function initial(channel: string): ChannelValue {
  if (channel.startsWith('place:')) return [9, 0, -9];
  if (channel.startsWith('turn:')) return 45;
  if (channel === 'camera') return [0, 2, -10, 0, 1, 0, 60];
  if (channel.startsWith('shown:')) return true;
  return 'as it was';
}

/** A scene and the world that it has made, all by writing. */
export class World {
  readonly playhead: ScenePlayhead;
  readonly state = new Map<string, unknown>();
  /** Names of calls that count, in their order. */
  readonly calls: string[] = [];
  readonly #writer: StateWriter;

  /** `forgets`: a kind of channel that this implementation, which is a wrong one then, does not write after the first time. */
  constructor(
    options: Omit<ScenePlayheadOptions, 'effects' | 'given'>,
    runs: readonly string[],
    forgets = '',
  ) {
    const written = new Set<string>();
    this.#writer = new StateWriter(
      (channel) => (value, seconds) => {
        if (forgets && channel.startsWith(forgets) && written.has(channel)) return;
        written.add(channel);
        this.state.set(channel, seen(channel, value, seconds));
      },
      initial,
    );
    const effects = Object.fromEntries(
      runs.map((name): [string, GameEffect] => [
        name,
        { do: () => this.calls.push(name), undo: () => this.calls.splice(this.calls.lastIndexOf(name), 1) },
      ]),
    );
    this.playhead = new ScenePlayhead({ ...options, effects, given: { initial, secondsOf: () => 2.5 } });
    this.write();
  }

  write(): void {
    this.#writer.write(this.playhead.timeline, this.playhead.seconds);
  }

  /** Everything, to be compared; numbers to a millionth. Channels that stand as they were are left out. */
  get all(): unknown {
    const channels = [...this.state].filter(
      ([channel, value]) => JSON.stringify(value) !== JSON.stringify(seen(channel, initial(channel), 0)),
    );
    return { state: Object.fromEntries(channels.sort()), calls: this.calls };
  }
}

/** What one would see: of what runs, where it is. */
function seen(channel: string, value: ChannelValue, seconds: number): unknown {
  if (typeof value === 'number') return rounded(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === 'object' && (channel.startsWith('animation:') || channel.startsWith('sound:'))) {
    const { since, speed = 1, offset = 0, ...rest } = value as Record<string, number>;
    return { ...rest, at: rounded(offset + (seconds - since!) * speed) };
  }
  return value;
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
