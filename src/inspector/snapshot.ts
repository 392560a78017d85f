import type { LineState } from '../npc/line-types.ts';
import type { AudioState, Parley } from '../npc/parley.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { CHANNELS, FIRST_ANGLE, FIRST_PART } from '../pose/channels.ts';

/** Names of the weights of a reading, in their order: 15 visemes, then the parts of the face and whole expressions. */
export const WEIGHT_NAMES: readonly string[] = CHANNELS.slice(0, FIRST_ANGLE);

/** Weights that are visemes: the first so many. */
export const VISEME_WEIGHTS = FIRST_PART;

/** What one character does. */
export interface NpcReading {
  name: string;
  ring: string;
  /** State of its line; `idle` without one. */
  state: LineState | 'idle';
  /** Lines that wait for their turn or, with a director, for a voice. */
  waiting: number;
  text: string;
  /** Of the line: heard, received and not yet played, seconds; held back, late, mouth ahead of the sound, milliseconds. */
  playhead: number;
  bufferedSeconds: number;
  targetMs: number;
  stalledMs: number;
  offsetMs: number | undefined;
  /** What gives the voice its direction. */
  panner: 'HRTF' | 'equal power' | 'none';
  /** Metres to the ears; undefined before the voice stands. */
  distance: number | undefined;
  /** In the order of {@link WEIGHT_NAMES}, 0 to 1. */
  readonly weights: Float32Array;
}

/** How a service of a pool is doing, or a source that tells the same. */
export interface LeaseReading {
  readonly name: string;
  readonly units: number;
  readonly active: number;
  readonly waiting: number;
  readonly state: string;
}

/** What of a source is shown, where it has it. */
interface TellingSource {
  readonly clockOffset?: { readonly offsetMs: number; readonly errorMs: number } | undefined;
  readonly load?: readonly LeaseReading[];
}

const NO_LEASES: readonly LeaseReading[] = [];

/** What a Parley does at one moment: read when somebody looks, into the same objects each time. */
export class Snapshot {
  audio: AudioState = 'none';
  /** From rendered to heard, by the browser, milliseconds; undefined where it does not tell. */
  latencyMs: number | undefined;
  trimMs = 0;
  source = '';
  /** How exactly the gateway's clock is known, milliseconds; undefined where there is none. */
  clockErrorMs: number | undefined;
  leases: readonly LeaseReading[] = NO_LEASES;
  /** Characters that speak, and lines that wait for a voice. */
  speaking = 0;
  waiting = 0;
  /** The first {@link count} are of now, in the order of `parley.npcs`; the others are kept for characters to come. */
  readonly npcs: NpcReading[] = [];
  count = 0;

  /** Reads it all. */
  take(parley: Parley): void {
    const { audioContext, audioState, trimMs, npcs, voices } = parley;
    const { clockOffset, load } = voices as TellingSource;
    const latency = audioContext?.outputLatency || audioContext?.baseLatency;
    this.audio = audioState;
    this.latencyMs = latency === undefined ? undefined : latency * 1_000;
    this.trimMs = trimMs;
    this.source = voices.name;
    this.clockErrorMs = clockOffset?.errorMs;
    this.leases = Array.isArray(load) ? load : NO_LEASES;
    this.count = npcs.length;
    this.speaking = this.waiting = 0;
    for (const [index, npc] of npcs.entries()) {
      this.npcs[index] ??= emptyReading();
      read(npc, this.npcs[index]);
      if (npc.speaking) this.speaking++;
      this.waiting += npc.linesWaiting;
    }
  }
}

function emptyReading(): NpcReading {
  return {
    name: '',
    ring: '',
    state: 'idle',
    waiting: 0,
    text: '',
    playhead: 0,
    bufferedSeconds: 0,
    targetMs: 0,
    stalledMs: 0,
    offsetMs: undefined,
    panner: 'none',
    distance: undefined,
    weights: new Float32Array(FIRST_ANGLE),
  };
}

function read(npc: TalkingNpc, out: NpcReading): void {
  const { line, spatial, pose } = npc;
  const stats = line?.stats;
  out.name = npc.name;
  out.ring = npc.ring;
  out.state = line?.state ?? 'idle';
  out.waiting = npc.linesWaiting;
  out.text = line?.text ?? '';
  out.playhead = line?.playhead ?? 0;
  out.bufferedSeconds = stats?.bufferedSeconds ?? 0;
  out.targetMs = stats?.targetMs ?? 0;
  out.stalledMs = stats?.stalledMs ?? 0;
  out.offsetMs = stats?.offsetMs;
  out.panner = spatial ? (spatial.byHrtf ? 'HRTF' : 'equal power') : 'none';
  out.distance = spatial?.distance;
  for (let index = 0; index < out.weights.length; index++) out.weights[index] = pose?.[index] ?? 0;
}
