import type { Cue } from '../../speech/cue.ts';
import type { Viseme } from '../../speech/viseme.ts';
import { type AzureShapes, FRAME_SECONDS } from './azure-shapes.ts';

/** A shape of a sound: which, how strongly (0 to 1), and the part of the sound's time that it takes; left out: the rest. */
export type AzureShape = readonly [viseme: Viseme, weight: number, part?: number];

/**
 * What the service's viseme ids look like: the shapes of each, one after another. An id without shapes is breathed
 * through the one after it.
 */
export type AzureVisemeTable = Readonly<Record<number, readonly AzureShape[]>>;

/** Part of a diphthong that its first vowel takes, by the usual 60/40 of English vowel charts. */
const FIRST = 0.6;

/**
 * The 22 ids of Azure Speech, which are those of SAPI 5, by the sounds that its documents give them. Where an id stands
 * for sounds that look different, the more frequent one decides: ɛ, not ʊ, for 4; d t n, not θ, for 19. Weights as for
 * the sounds of other voices.
 */
export const AZURE_VISEMES: AzureVisemeTable = {
  0: [['sil', 1]], // silence
  1: [['aa', 0.7]], // æ ə ʌ
  2: [['aa', 1]], // ɑ
  3: [['O', 1]], // ɔ
  4: [['E', 1]], // ɛ ʊ
  5: [['RR', 0.9]], // ɝ
  6: [['I', 0.9]], // j i ɪ
  7: [['U', 1]], // w u
  8: [['O', 1]], // o
  9: [
    ['aa', 1, FIRST],
    ['U', 0.8],
  ], // aʊ
  10: [
    ['O', 1, FIRST],
    ['I', 0.8],
  ], // ɔɪ
  11: [
    ['aa', 1, FIRST],
    ['I', 0.8],
  ], // aɪ
  12: [], // h
  13: [['RR', 0.9]], // ɹ
  14: [['nn', 0.9]], // l
  15: [['SS', 1]], // s z
  16: [['CH', 1]], // ʃ tʃ dʒ ʒ
  17: [['TH', 0.9]], // ð
  18: [['FF', 1]], // f v
  19: [['DD', 0.9]], // d t n θ
  20: [['kk', 0.9]], // k g ŋ
  21: [['PP', 1]], // p b m
};

const REST: readonly AzureShape[] = [['sil', 1]];

/** How much of the shape after it a breath shows. */
const BREATH = 0.6;

/** Longest time that the last sound stands where nobody tells its end, seconds; then the mouth rests. */
const LONGEST_LAST = 0.5;

/**
 * A viseme that stands for longer is none of a single sound, seconds: where the service tells frames of the face, an event
 * may stand for a whole group of them, and its id says nothing of the others.
 */
const LONGEST_SOUND = 0.25;

/**
 * Turns visemes, which are told with their start alone, into cues: each lasts until the next. One that comes late is
 * moved to the latest moment already told. Where there are frames of the face, they say what a long one looks like.
 * The cues hang on what is told alone, never on how much sound came before it.
 */
export class AzureCues {
  readonly #table: AzureVisemeTable;
  readonly #shapes: AzureShapes | undefined;
  #latest = 0;
  /** `until`: where the frames that came with it end; 0 for none. `framed`: frames have told the beginning of it. */
  #open:
    | { readonly id: number; readonly start: number; readonly until: number; readonly framed: boolean }
    | undefined;
  /** Whether the service tells groups of frames alone: the last event stood for as long as its own frames. */
  #grouped = false;

  constructor(table: AzureVisemeTable = AZURE_VISEMES, shapes?: AzureShapes) {
    this.#table = table;
    this.#shapes = shapes;
  }

  /** The cues of the sound that ends where this one begins. `until`: where the frames that came with it end, seconds. */
  push(id: number, start: number, until = 0): Cue[] {
    const from = Math.max(start, this.#latest);
    if (this.#open && this.#open.until > 0) this.#grouped = start >= this.#open.until - FRAME_SECONDS;
    const cues = this.#close(from, id);
    this.#open = { id, start: from, until, framed: false };
    this.#latest = from;
    // Of a group that stands alone, the next event would say nothing more; only its last frame may reach too far.
    const sure = until - FRAME_SECONDS;
    if (!this.#shapes || !this.#grouped || sure - from <= LONGEST_SOUND) return cues;
    this.#open = { id, start: sure, until, framed: true };
    this.#latest = sure;
    return [...cues, ...this.#shapes.cues(from, sure)];
  }

  /** The last cues, now that the line is known to last `duration` seconds. */
  end(duration: number): Cue[] {
    const silent = this.#open !== undefined && this.#shapesOf(this.#open.id)[0]?.[0] === 'sil';
    const start = this.#open?.start ?? 0;
    const longest = silent || (this.#shapes?.end ?? 0) > start ? duration : start + LONGEST_LAST;
    return this.#close(Math.min(duration, longest), 0);
  }

  #close(end: number, next: number): Cue[] {
    const open = this.#open;
    this.#open = undefined;
    if (!open || end <= open.start) return [];
    const framed = Math.min(end, this.#shapes?.end ?? 0);
    const long = open.framed || end - open.start > LONGEST_SOUND;
    if (this.#shapes && long && framed > open.start) return this.#shapes.cues(open.start, framed);
    const own = open.framed ? REST : this.#shapesOf(open.id);
    const shapes = own.length > 0 ? own : breathed(this.#shapesOf(next)[0]);
    const cues: Cue[] = [];
    let from = open.start;
    for (const [index, [viseme, weight, part]] of shapes.entries()) {
      const share =
        part === undefined || index === shapes.length - 1 ? end - from : (end - open.start) * part;
      const to = Math.min(end, from + share);
      if (to > from) cues.push({ viseme, start: from, end: to, weight });
      from = to;
    }
    return cues;
  }

  #shapesOf(id: number): readonly AzureShape[] {
    return this.#table[id] ?? AZURE_VISEMES[id] ?? REST;
  }
}

function breathed(shape: AzureShape | undefined): readonly AzureShape[] {
  return shape ? [[shape[0], shape[0] === 'sil' ? 1 : shape[1] * BREATH]] : REST;
}
