import type { AbstractAudioBus } from '@babylonjs/core/AudioV2/abstractAudio/abstractAudioBus.js';
import type { FloorLimits } from '../director/floor.ts';
import type { RingLimits } from '../director/rings.ts';
import { Field } from '../speech/field.ts';

/** What a crowd may cost, and who gives way. */
export interface DirectorOptions extends Partial<RingLimits>, Partial<FloorLimits> {
  /** How much softer voices are while a line of the story is spoken, decibels, 0 to 60. Default 9. */
  readonly duckDecibels?: number;
  /**
   * What chatter does while a line of the story is spoken: it is `duck`ed and goes on, or fades within half a second, is
   * `hold`, and goes on after that. Default `duck`.
   */
  readonly story?: 'duck' | 'hold';
  /**
   * Buses of the game that are softer by `duckDecibels` while a line of the story is spoken, as music may be. Default: none.
   */
  readonly duckedBuses?: readonly AbstractAudioBus[];
  /**
   * How many of the near voices are heard by HRTF at most; all others are panned by equal power. Default: as
   * `spatial.hrtfVoices` says, which it does not raise.
   */
  readonly hrtf?: number;
  /**
   * How many lines may be asked of the voice source at once, those that are fetched ahead included; others wait, and
   * those whose turn it is go first. Default: `voices` and 4.
   */
  readonly leases?: number;
  /**
   * What all of ours may take of a frame on the main thread, microseconds: while it takes more, whole faces give way, a
   * quarter of them at a time, then mouths; they come back when there is room. A recording is not held to it. Default: no limit.
   */
  readonly frameMicroseconds?: number;
}

/** {@link DirectorOptions} with every default filled in. */
export type DirectorSettings = Required<DirectorOptions>;

const DEFAULTS: Omit<DirectorSettings, 'leases'> = {
  faces: 8,
  mouths: 24,
  nearMetres: 8,
  middleMetres: 24,
  hearingMetres: 48,
  voices: 8,
  agingSeconds: 5,
  storyPriority: 1,
  duckDecibels: 9,
  story: 'duck',
  duckedBuses: [],
  hrtf: Number.POSITIVE_INFINITY,
  frameMicroseconds: Number.POSITIVE_INFINITY,
};

/** Lines that may be fetched ahead while all voices are asked of the service. */
const AHEAD = 4;

/** Options that are no numbers. */
const OTHERS = {
  story: (given: Field) => void given.oneOf(['duck', 'hold']),
  duckedBuses: (given: Field) => {
    for (const bus of given.items())
      if (typeof (bus.value as AbstractAudioBus | null)?.setVolume !== 'function')
        throw bus.wrong('an audio bus');
  },
};

/** Least and most of each option that is one. */
const RANGES: Record<Exclude<keyof DirectorOptions, keyof typeof OTHERS>, readonly [number, number]> = {
  faces: [0, 1e6],
  mouths: [0, 1e6],
  nearMetres: [0, Number.MAX_VALUE],
  middleMetres: [0, Number.MAX_VALUE],
  hearingMetres: [0, Number.MAX_VALUE],
  voices: [1, 1e6],
  agingSeconds: [0.1, 86_400],
  storyPriority: [-1e6, 1e6],
  duckDecibels: [0, 60],
  hrtf: [0, 1e6],
  leases: [1, 1e6],
  frameMicroseconds: [1, 1e9],
};

/** Fills in the defaults. Throws {@link InputError} for an option that is no number of its range. */
export function directorSettings(options: DirectorOptions): DirectorSettings {
  const given = new Field(options, 'new Director(options)');
  if (typeof options !== 'object' || options === null) throw given.wrong('an object');
  for (const name of Object.keys(options)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as keyof typeof RANGES] : undefined;
    const other = Object.hasOwn(OTHERS, name) ? OTHERS[name as keyof typeof OTHERS] : undefined;
    if (!range && !other)
      throw given.wrong(Object.keys({ ...RANGES, ...OTHERS }).join(', '), `a field ${name}`);
    if (given.get(name).value === undefined) continue;
    if (range) given.get(name).number(...range);
    other?.(given.get(name));
  }
  const told = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...told };
  return { leases: settings.voices + AHEAD, ...settings };
}
