import type { FloorLimits } from '../director/floor.ts';
import type { RingLimits } from '../director/rings.ts';
import { Field } from '../speech/field.ts';

/** What a crowd may cost, and who gives way. */
export interface DirectorOptions extends Partial<RingLimits>, Partial<FloorLimits> {
  /** How much softer voices are while a line of the story is spoken, decibels, 0 to 60. Default 9. */
  readonly duckDecibels?: number;
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
  hrtf: Number.POSITIVE_INFINITY,
  frameMicroseconds: Number.POSITIVE_INFINITY,
};

/** Lines that may be fetched ahead while all voices are asked of the service. */
const AHEAD = 4;

/** Least and most of each option. */
const RANGES: Record<keyof DirectorOptions, readonly [number, number]> = {
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
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as keyof DirectorOptions] : undefined;
    if (!range) throw given.wrong(Object.keys(RANGES).join(', '), `a field ${name}`);
    if (given.get(name).value !== undefined) given.get(name).number(...range);
  }
  const told = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...DEFAULTS, ...told };
  return { leases: settings.voices + AHEAD, ...settings };
}
