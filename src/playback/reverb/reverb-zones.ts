import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { RoomSound } from '../../pcm/room-response.ts';
import { InputError } from '../../speech/errors.ts';
import { Glide } from '../glide.ts';
import type { Reverb, ReverbSend } from '../reverb.ts';
import { Room } from './room.ts';
import { type Outside, outsideOf, type ZoneSpace } from './zone-space.ts';

/** Rooms by their names. */
export type RoomName = 'room' | 'corridor' | 'hall' | 'church' | 'cave';

/** A part of the world in which voices reverberate. */
export interface ReverbZone {
  /** Where it is. Where zones overlap, the first in the list has the voice. */
  readonly space: ZoneSpace;
  /** A usual room of that kind; what follows is taken from it. Default `room`. */
  readonly preset?: RoomName;
  /** Time in which the reverb falls by 60 dB, seconds, 0.1 to 10. */
  readonly decaySeconds?: number;
  /** The same for what is above 1.5 kHz, as a part of it, 0.1 to 1. */
  readonly trebleDecay?: number;
  /** Time before the first of it, seconds, 0 to 0.2. */
  readonly preDelaySeconds?: number;
  /** Level of the reverb against that of the voice at `minDistance`, decibels, -60 to 12. It is the same all over the zone. */
  readonly wetDb?: number;
  /** What a room of your own answers to a click, instead: at the rate of the audio context, of energy 1, both ears together. */
  readonly impulse?: AudioBuffer;
}

type Acoustics = Required<Pick<ReverbZone, 'decaySeconds' | 'trebleDecay' | 'preDelaySeconds' | 'wetDb'>>;

/**
 * Decay in the middle of what is usual (Kuttruff, Room Acoustics: living rooms 0.4 to 0.6 s, concert halls about 2 s,
 * large churches 4 s and more); the treble's as air and walls leave it. The first reflection comes after the way to a wall
 * and back. Levels are those of games, 6 to 10 dB below real ones, since lines are to be understood.
 */
const ROOMS: Record<RoomName, Acoustics> = {
  room: { decaySeconds: 0.5, trebleDecay: 0.8, preDelaySeconds: 0.004, wetDb: -12 },
  corridor: { decaySeconds: 1, trebleDecay: 0.8, preDelaySeconds: 0.006, wetDb: -12 },
  hall: { decaySeconds: 1.9, trebleDecay: 0.7, preDelaySeconds: 0.02, wetDb: -15 },
  church: { decaySeconds: 4, trebleDecay: 0.5, preDelaySeconds: 0.03, wetDb: -16 },
  cave: { decaySeconds: 2.8, trebleDecay: 0.6, preDelaySeconds: 0.015, wetDb: -12 },
};

const RANGES: Record<keyof Acoustics, readonly [number, number]> = {
  decaySeconds: [0.1, 10],
  trebleDecay: [0.1, 1],
  preDelaySeconds: [0, 0.2],
  wetDb: [-60, 12],
};

/** Time constant of a change of zone, seconds: 95 % of it in a third of a second, about a step through a door. */
const GLIDE_SECONDS = 0.1;

/** Change of what is sent that is told, as a part of it: 0.2 dB. */
const SLACK = 0.02;

/** Time after which what is left of a change is below -100 dB, seconds. */
const SETTLED = 12 * GLIDE_SECONDS;

interface Zone extends Acoustics {
  readonly outside: Outside;
  readonly impulse: AudioBuffer | undefined;
}

/**
 * Rooms that reverberate, for `CreateParleyAsync({ spatial: { reverb } })`: a voice sounds in the zone in which it is, as
 * loud all over it however far the listener is; to ears outside of the zone half as loud at a metre from it, a third at
 * two. Zones that sound alike share one convolver. Their responses are made when Parley is made, 2 to 10 ms for each
 * second of decay. Throws {@link InputError} for a zone that is none.
 */
export function reverbZones(zones: readonly ReverbZone[]): Reverb {
  if (!Array.isArray(zones)) throw new InputError('reverbZones(zones)', 'a list of zones', String(zones));
  return new Zones(zones.map((zone, index) => checked(zone, `reverbZones: zones[${index}]`)));
}

function checked(zone: ReverbZone, place: string): Zone {
  if (typeof zone !== 'object' || zone === null) throw new InputError(place, 'a zone', String(zone));
  const { preset = 'room', impulse } = zone;
  if (!Object.hasOwn(ROOMS, preset))
    throw new InputError(`${place}.preset`, Object.keys(ROOMS).join(' or '), String(preset));
  const acoustics = { ...ROOMS[preset] };
  for (const name of Object.keys(RANGES) as (keyof Acoustics)[]) {
    const value = zone[name] ?? acoustics[name];
    const [least, most] = RANGES[name];
    if (!(value >= least && value <= most))
      throw new InputError(`${place}.${name}`, `a number from ${least} to ${most}`, String(value));
    acoustics[name] = value;
  }
  return { ...acoustics, impulse, outside: outsideOf(zone.space, `${place}.space`) };
}

class Zones implements Reverb {
  readonly #zones: readonly Zone[];
  /** The room of each zone; zones may share one. */
  #rooms: readonly Room[] = [];
  #begun = false;
  /** What each zone sends of a voice of gain 1, for ears where they are. */
  readonly #levels: Float64Array;

  constructor(zones: readonly Zone[]) {
    this.#zones = zones;
    this.#levels = Float64Array.from(zones, ({ wetDb }) => 10 ** (wetDb / 20));
  }

  begin(output: AudioNode, delaySeconds: number): void {
    if (this.#begun)
      throw new InputError('CreateParleyAsync({ spatial: { reverb } })', 'zones of its own', 'some in use');
    this.#begun = true;
    const rooms = new Map<unknown, Room>();
    this.#rooms = this.#zones.map(({ impulse, decaySeconds, trebleDecay, preDelaySeconds }) => {
      const key = impulse ?? `${decaySeconds} ${trebleDecay} ${preDelaySeconds}`;
      const sound: RoomSound | AudioBuffer = impulse ?? { decaySeconds, trebleDecay };
      const room = rooms.get(key) ?? new Room(sound, output, preDelaySeconds + delaySeconds);
      rooms.set(key, room);
      return room;
    });
  }

  createSend(source: AudioNode): ReverbSend {
    return new Send(source, this);
  }

  /** The zone that a voice is in, by its number; -1 outside of all. */
  zoneAt(position: Vector3): number {
    for (let index = 0; index < this.#zones.length; index++)
      if (this.#zones[index]!.outside(position) === 0) return index;
    return -1;
  }

  roomOf(zone: number): Room {
    return this.#rooms[zone]!;
  }

  levelOf(zone: number): number {
    return this.#levels[zone]!;
  }

  get size(): number {
    return this.#zones.length;
  }

  update(ears: Vector3, now: number): void {
    for (let index = 0; index < this.#zones.length; index++) {
      const { wetDb, outside } = this.#zones[index]!;
      this.#levels[index] = 10 ** (wetDb / 20) / (1 + outside(ears));
      this.#rooms[index]!.update(now);
    }
  }

  forget(): void {
    for (const room of new Set(this.#rooms)) room.forget();
  }

  dispose(): void {
    for (const room of new Set(this.#rooms)) room.dispose();
    this.#rooms = [];
  }
}

/** Sends a voice to the zone that it is in; another one takes over gradually. */
class Send implements ReverbSend {
  readonly #source: AudioNode;
  readonly #zones: Zones;
  /** By zone, once the voice has been there. */
  readonly #taps: (Tap | undefined)[];

  constructor(source: AudioNode, zones: Zones) {
    this.#source = source;
    this.#zones = zones;
    this.#taps = Array.from({ length: zones.size });
  }

  follow(position: Vector3, gain: number, now: number): void {
    const zone = this.#zones.zoneAt(position);
    for (let index = 0; index < this.#taps.length; index++) {
      if (index === zone) this.#tapOf(index).moveTo(gain * this.#zones.levelOf(index), now);
      else this.#taps[index]?.moveTo(0, now);
    }
  }

  jumpTo(position: Vector3, gain: number): void {
    const zone = this.#zones.zoneAt(position);
    for (let index = 0; index < this.#taps.length; index++) {
      if (index === zone) this.#tapOf(index).jumpTo(gain * this.#zones.levelOf(index));
      else this.#taps[index]?.leave();
    }
  }

  rest(): void {
    for (const tap of this.#taps) tap?.leave();
  }

  dispose(): void {
    this.rest();
  }

  #tapOf(zone: number): Tap {
    this.#taps[zone] ??= new Tap(this.#source, this.#zones.roomOf(zone));
    return this.#taps[zone];
  }
}

/** How much of a voice goes into a room. It is in the graph only while that is anything. */
class Tap {
  readonly #source: AudioNode;
  readonly #room: Room;
  readonly #gain: GainNode;
  readonly #share: Glide;
  #told = 0;
  #joined = false;
  #settlesAt = 0;

  constructor(source: AudioNode, room: Room) {
    this.#source = source;
    this.#room = room;
    this.#gain = new GainNode(source.context, { gain: 0 });
    this.#share = new Glide(this.#gain.gain, GLIDE_SECONDS);
  }

  moveTo(share: number, now: number): void {
    if (share === 0 ? this.#told === 0 : Math.abs(share - this.#told) <= SLACK * this.#told) {
      if (share === 0 && this.#joined && now > this.#settlesAt) this.leave();
      return;
    }
    this.#told = share;
    this.#settlesAt = now + SETTLED;
    this.#join();
    this.#share.moveTo(share, now);
  }

  jumpTo(share: number): void {
    this.#told = share;
    this.#join();
    this.#share.jumpTo(share);
  }

  leave(): void {
    if (!this.#joined) return;
    this.#joined = false;
    this.#told = 0;
    this.#source.disconnect(this.#gain);
    this.#gain.disconnect();
    this.#room.leave(this.#gain.context.currentTime);
  }

  #join(): void {
    if (this.#joined) return;
    this.#joined = true;
    this.#share.jumpTo(0);
    this.#source.connect(this.#gain).connect(this.#room.input);
    this.#room.enter();
  }
}
