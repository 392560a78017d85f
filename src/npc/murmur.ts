import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { IDisposable } from '@babylonjs/core/scene.js';
import { Duck } from '../director/duck.ts';
import { DIRECTIONS, MurmurMix } from '../director/murmur-mix.ts';
import { babble } from '../pcm/babble.ts';
import { MurmurBed } from '../playback/murmur-bed.ts';
import type { SpaceSettings } from '../playback/space-settings.ts';
import { chance } from '../pose/noise.ts';
import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';
import { nextTask } from '../thread/next-task.ts';
import type { Parley } from './parley.ts';

/** How a crowd murmurs. */
export interface MurmurOptions {
  /** How much louder it is than so many voices would be, decibels, -60 to 20. Default -6: it is to stay behind what is said. */
  readonly decibels?: number;
  /** Part of the time for which a bystander talks, 0 to 1. Default 0.4: people who stand together take turns. */
  readonly talking?: number;
  /** How much softer it is while a line of the story is spoken, decibels, 0 to 60. Default 9. */
  readonly duckDecibels?: number;
}

/** Samples a second of the babble: it has nothing above 8 kHz, nor much above 2.5. */
const RATE = 16_000;
const SECONDS = 16;

/** How often it looks where everybody is, a second. */
const LOOKS = 8;

const SEED = 0x6d75_726d;

/** Longest time for which the page makes babble at a stretch, milliseconds. */
const SLICE_MS = 4;

/**
 * Makes a crowd heard that has no voices: bystanders, and characters of a director that wait for their turn. One babble for
 * all of them, made in the page within a second of work in slices of a few milliseconds; how loud it is, and on which side, follows where
 * they stand, how many they are, and how near. Where the page has no sound it is silent.
 *
 * Rejects with {@link InputError} for options out of range.
 */
export async function CreateMurmurAsync(parley: Parley, options: MurmurOptions = {}): Promise<Murmur> {
  const given = new Field(options, 'CreateMurmurAsync(parley, options)');
  const read = (name: keyof MurmurOptions, usual: number, least: number, most: number) =>
    options[name] === undefined ? usual : given.get(name).number(least, most);
  const gain = 10 ** (read('decibels', -6, -60, 20) / 20);
  const talking = read('talking', 0.4, 0, 1);
  const duck = new Duck(read('duckDecibels', 9, 0, 60));
  const { host } = parley;
  let bed: MurmurBed | undefined;
  let source: IDisposable | undefined;
  if (host) {
    const samples = await babbleAsync();
    if (!parley.disposed) {
      const out = new GainNode(host.context);
      source = await host.createSourceAsync('parley murmur', out);
      bed = new MurmurBed(host.context, out, samples, RATE);
    }
  }
  const end = () => source?.dispose();
  if (parley.disposed) {
    bed?.dispose(end);
    throw new InputError('CreateMurmurAsync(parley)', 'a Parley in use', 'a disposed one');
  }
  return new Murmur(parley, bed, { gain, talking, duck, end });
}

/** The same samples each time. */
async function babbleAsync(): Promise<Float32Array<ArrayBuffer>> {
  const slices = babble({ sampleRate: RATE, seconds: SECONDS, chance: (index) => chance(SEED, index) });
  let sinceMs = performance.now();
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done) return slice.value;
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await nextTask();
    sinceMs = performance.now();
  }
}

interface MurmurSettings {
  /** Factor of its loudness. */
  readonly gain: number;
  readonly talking: number;
  readonly duck: Duck;
  /** Lets its sound go, once it is silent. */
  readonly end: () => void;
}

/** The murmur of a crowd. Made by {@link CreateMurmurAsync}. */
export class Murmur implements IDisposable {
  readonly #parley: Parley;
  readonly #bed: MurmurBed | undefined;
  readonly #settings: MurmurSettings;
  readonly #mix = new MurmurMix();
  readonly #bystanders: TransformNode[] = [];
  readonly #ears = new Vector3();
  readonly #mouth = new Vector3();
  /** To the right and ahead, in the plane of the ground. */
  readonly #axes = new Float64Array(4);
  readonly #place = new Float64Array(3);
  readonly #clock = new Float64Array(1);
  #look = -1;
  #voices = 0;

  /** Use {@link CreateMurmurAsync}. */
  constructor(parley: Parley, bed: MurmurBed | undefined, settings: MurmurSettings) {
    this.#parley = parley;
    this.#bed = bed;
    this.#settings = settings;
    parley.registerStepped(this);
  }

  /** How many are heard in it: bystanders, and characters that wait. */
  get voices(): number {
    return this.#voices;
  }

  /** Whether any of it sounds. */
  get heard(): boolean {
    return this.#bed?.awake ?? false;
  }

  /** Takes in somebody without a voice of their own, such as a thin instance's node: heard from where the node is. */
  add(...bystanders: readonly TransformNode[]): void {
    for (const node of bystanders) {
      if (typeof node?.getAbsolutePosition !== 'function')
        throw new Field(node, 'Murmur.add(node)').wrong('a node');
      if (!this.#bystanders.includes(node)) this.#bystanders.push(node);
    }
  }

  /** Lets somebody go; one that is not there is none. */
  remove(...bystanders: readonly TransformNode[]): void {
    for (const node of bystanders) {
      const index = this.#bystanders.indexOf(node);
      if (index >= 0) this.#bystanders.splice(index, 1);
    }
  }

  /** Falls silent. May be called twice. */
  dispose(): void {
    this.#parley.unregisterStepped(this);
    this.#bed?.dispose(this.#settings.end);
    this.#bystanders.length = 0;
    this.#voices = 0;
  }

  /** One frame, shown at `performanceMs`. Called by Parley. Allocates nothing. */
  update(performanceMs: number): void {
    const clock = this.#clock;
    clock[0] = performanceMs / 1000;
    const { duck, gain } = this.#settings;
    const ducks = duck.step(this.#parley.director?.hasStory ?? false, clock);
    const look = Math.floor(clock[0]! * LOOKS) | 0;
    if (look === this.#look && !ducks) return;
    this.#look = look;
    this.#count();
    const bed = this.#bed;
    if (!bed) return;
    const factor = gain * duck.heard;
    for (let direction = 0; direction < DIRECTIONS; direction++)
      bed.setGain(direction, this.#mix.gain(direction) * factor);
    bed.settle();
  }

  #count(): void {
    this.#mix.clear();
    this.#voices = 0;
    if (!this.#findEars()) return;
    const { npcs } = this.#parley;
    for (let index = 0; index < npcs.length; index++) {
      const npc = npcs[index]!;
      if (!npc.waiting || !npc.person) continue;
      npc.person.eyesToRef(this.#mouth);
      this.#hear(1);
    }
    const share = Math.sqrt(this.#settings.talking);
    for (let index = this.#bystanders.length - 1; index >= 0; index--) {
      const node = this.#bystanders[index]!;
      if (node.isDisposed()) {
        this.#bystanders.splice(index, 1);
        continue;
      }
      if (!node.isEnabled()) continue;
      node.getWorldMatrix().getTranslationToRef(this.#mouth);
      this.#hear(share);
    }
  }

  /** Somebody at `#mouth` talks, for so much of the time that their loudness is `share` of one who always does. */
  #hear(share: number): void {
    const x = this.#mouth.x - this.#ears.x;
    const y = this.#mouth.y - this.#ears.y;
    const z = this.#mouth.z - this.#ears.z;
    const axes = this.#axes;
    const place = this.#place;
    place[0] = x * axes[0]! + z * axes[1]!;
    place[1] = x * axes[2]! + z * axes[3]!;
    place[2] = share * gainAt(Math.sqrt(x * x + y * y + z * z), this.#parley.space);
    this.#mix.add(place);
    this.#voices++;
  }

  #findEars(): boolean {
    const node = this.#parley.company.player;
    if (!node || !this.#parley.company.findPlayer(this.#ears)) return false;
    const { m } = node.getWorldMatrix();
    const length = Math.sqrt(m[0]! * m[0]! + m[2]! * m[2]!);
    if (!(length > 0)) return false;
    const hand = this.#parley.scene.useRightHandedSystem ? -1 : 1;
    const axes = this.#axes;
    axes[0] = m[0]! / length;
    axes[1] = m[2]! / length;
    axes[2] = -hand * axes[1]!;
    axes[3] = hand * axes[0]!;
    return true;
  }
}

/** As voices are, but that it goes on falling: of a hundred who are far away nothing is heard. */
function gainAt(distance: number, { minDistance, rolloffFactor }: SpaceSettings): number {
  return minDistance / (minDistance + rolloffFactor * Math.max(0, distance - minDistance));
}
