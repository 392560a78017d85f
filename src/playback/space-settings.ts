import { InputError } from '../speech/errors.ts';
import type { Occlusion } from './occlusion.ts';
import type { Reverb } from './reverb.ts';

/**
 * What becomes of the time that sound takes, 343 metres a second. `off`: the voice is heard at once. `sound`: it is heard
 * later the farther away it is, while the mouth moves at once, as in the world. `sound-and-mouth`: both are late, so that
 * the mouth is seen in time with what is heard.
 */
export type TravelTime = 'off' | 'sound' | 'sound-and-mouth';

/** How the voices of a scene are heard. */
export interface SpaceOptions {
  /**
   * How many voices, the nearest of those that speak, are heard by HRTF, which tells front from back and above from
   * below; the rest are panned by equal power. 0 turns it off. Default 4.
   */
  readonly hrtfVoices?: number;
  /** See {@link TravelTime}. Default `off`. */
  readonly travelTime?: TravelTime;
  /** Distance up to which a voice has its full volume, metres. Default 1: that of a talk face to face. */
  readonly minDistance?: number;
  /** Distance beyond which it falls no further, metres. Default 40. */
  readonly maxDistance?: number;
  /** How fast it falls in between, 0 or above; 1 halves it at every doubling, as in the open. Default 1. */
  readonly rolloffFactor?: number;
  /** What muffles a voice on its way: `rayOcclusion(scene)`, `physicsOcclusion(engine)`, or your own. Default: nothing. */
  readonly occlusion?: Occlusion | undefined;
  /** Rooms whose reverb is heard: `reverbZones([...])`, one for each Parley. Default: none. */
  readonly reverb?: Reverb | undefined;
}

/** {@link SpaceOptions} with every default filled in. */
export type SpaceSettings = Required<SpaceOptions>;

const TRAVEL_TIMES: readonly string[] = ['off', 'sound', 'sound-and-mouth'] satisfies TravelTime[];

/** Fills in the defaults. Throws {@link InputError} for what is not as {@link SpaceOptions} says. */
export function spaceSettings(options: SpaceOptions = {}): SpaceSettings {
  const {
    hrtfVoices = 4,
    travelTime = 'off',
    minDistance = 1,
    maxDistance = 40,
    rolloffFactor = 1,
    occlusion,
    reverb,
  } = options;
  if (!Number.isInteger(hrtfVoices) || hrtfVoices < 0)
    throw new InputError('spatial.hrtfVoices', 'a whole number, 0 or above', String(hrtfVoices));
  if (!TRAVEL_TIMES.includes(travelTime))
    throw new InputError('spatial.travelTime', TRAVEL_TIMES.join(' or '), String(travelTime));
  if (!(minDistance > 0 && minDistance < Number.POSITIVE_INFINITY))
    throw new InputError('spatial.minDistance', 'metres, above 0', String(minDistance));
  if (!(maxDistance >= minDistance))
    throw new InputError(
      'spatial.maxDistance',
      `metres, at least minDistance (${minDistance})`,
      String(maxDistance),
    );
  if (!(rolloffFactor >= 0 && rolloffFactor < Number.POSITIVE_INFINITY))
    throw new InputError('spatial.rolloffFactor', 'a number, 0 or above', String(rolloffFactor));
  if (occlusion !== undefined && typeof occlusion?.between !== 'function')
    throw new InputError(
      'spatial.occlusion',
      'rayOcclusion(scene), or an object with between()',
      String(occlusion),
    );
  if (reverb !== undefined && typeof reverb?.createSend !== 'function')
    throw new InputError('spatial.reverb', 'reverbZones([...])', String(reverb));
  return { hrtfVoices, travelTime, minDistance, maxDistance, rolloffFactor, occlusion, reverb };
}
