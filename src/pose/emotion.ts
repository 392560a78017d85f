import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';
import { CHANNEL, type Channel, createPose, EXPRESSIONS, FACE_PARTS, type FacePart } from './channels.ts';
import { EMOTION_TABLES, type EmotionWeights } from './emotion-tables.ts';
import { partsOf } from './parts.ts';

/** The emotions that every face knows. */
export type EmotionName = keyof typeof EMOTION_TABLES;
export const EMOTION_NAMES = Object.keys(EMOTION_TABLES) as EmotionName[];

/** Emotions of the game's own, by their names; one named as a known emotion takes its place. */
export type EmotionTables = Readonly<Record<string, EmotionWeights>>;

/** How strongly and how fast an emotion is felt. */
export interface EmotionManner {
  /** How strong it is, 0 to 1. Default 1. */
  readonly intensity?: number;
  /**
   * Time in which it comes, seconds, 0.05 to 10: of line time where it is that of a line. Default 0.5 in a line, 0.9 for a
   * mood that is set between lines.
   */
  readonly onset?: number;
  /** Time in which the emotion of a line goes after it, seconds, 0.05 to 10. Default 1.5. */
  readonly decay?: number;
}

/** An emotion as a game names it: a name, or a name or weights with the manner of it. */
export type EmotionChoice =
  | EmotionName
  | (string & {})
  | (EmotionManner & {
      /** One of {@link EmotionName}, or of the game's own. */
      readonly name: EmotionName | (string & {});
    })
  | (EmotionManner & {
      /** An emotion without a name: what it moves at intensity 1. */
      readonly weights: EmotionWeights;
    });

/** A bearing beyond this is no bearing but a turn, radians (about 17°). */
const FURTHEST_BEARING = 0.3;

const BEARINGS: ReadonlySet<string> = new Set(['headPitch', 'headRoll']);
const WHOLE: ReadonlySet<string> = new Set(EXPRESSIONS);

/** An emotion as a layer of a pose: its weights times its intensity. */
export type EmotionLayer = Float32Array;

/** An emotion as it is felt: what it moves, and how it comes and goes, seconds; by default as {@link EmotionManner} says. */
export interface Feeling {
  readonly layer: EmotionLayer;
  readonly onset: number | undefined;
  readonly decay: number | undefined;
}

/** Fields of a choice that is no bare name. */
const CHOICE: ReadonlySet<string> = new Set(['name', 'weights', 'intensity', 'onset', 'decay']);

const FASTEST = 0.05;
const SLOWEST = 10;

/** What a game said, and when: {@link resolveEmotion} with the times of it. Throws as that does. */
export function resolveFeeling(where: string, choice: EmotionChoice, own: EmotionTables = {}): Feeling {
  const layer = resolveEmotion(where, choice, own);
  const { onset, decay } = partsOfChoice(choice);
  for (const [name, seconds] of Object.entries({ onset, decay })) {
    if (seconds === undefined || (seconds >= FASTEST && seconds <= SLOWEST)) continue;
    throw new InputError(`${where}, ${name}`, `seconds from ${FASTEST} to ${SLOWEST}`, String(seconds));
  }
  return { layer, onset, decay };
}

/**
 * Resolves what a game said into a layer of a pose. Throws {@link InputError} for an unknown name, a part that no face
 * has, a weight or an intensity out of its range; it says which are known.
 */
export function resolveEmotion(where: string, choice: EmotionChoice, own: EmotionTables = {}): EmotionLayer {
  const { name, weights, intensity = 1 } = partsOfChoice(choice);
  const unknown = typeof choice === 'object' && Object.keys(choice ?? {}).find((key) => !CHOICE.has(key));
  if (unknown) throw new InputError(where, [...CHOICE].join(', '), `a field ${unknown}`);
  if (name !== undefined && weights !== undefined) throw new InputError(where, 'a name or weights', 'both');
  if (!(typeof intensity === 'number' && intensity >= 0 && intensity <= 1)) {
    throw new InputError(`${where}, intensity`, 'a number from 0 to 1', String(intensity));
  }
  const layer = layerOf(where, weights === undefined ? tableOf(where, name, own) : weights);
  return layer.map((weight) => weight * intensity);
}

/** The layer of an emotion that stands in a text, at a strength of 0 to 1; undefined for one that nobody knows. */
export function layerNamed(
  name: string,
  strength: number,
  own: EmotionTables = {},
): EmotionLayer | undefined {
  const known = Object.hasOwn(own, name) || Object.hasOwn(EMOTION_TABLES, name);
  return known ? resolveEmotion(name, { name, intensity: strength }, own) : undefined;
}

/** Checks emotions of the game's own. Throws {@link InputError} for weights that no face can show. */
export function checkEmotions(where: string, own: EmotionTables): void {
  if (typeof own !== 'object' || own === null || Array.isArray(own)) {
    throw new Field(own, where).wrong('weights by the names of emotions');
  }
  for (const [name, weights] of Object.entries(own)) layerOf(`${where}.${name}`, weights);
}

/** How much of an emotion a face can show. */
export interface EmotionCover {
  /** Share of the emotion's weights that the face offers, 0 to 1; 1 is all of it. */
  readonly share: number;
  /** Parts that it lacks, strongest first. */
  readonly missing: readonly FacePart[];
}

/**
 * How much of each emotion a face can show that offers these channels: face parts, and whole expressions, one of which
 * stands in for all parts of its emotion.
 */
export function coverOfEmotions(
  offers: (channel: string) => boolean,
  own: EmotionTables = {},
): Record<string, EmotionCover> {
  const tables: EmotionTables = { ...EMOTION_TABLES, ...own };
  return Object.fromEntries(Object.keys(tables).map((name) => [name, coverOf(tables[name]!, offers)]));
}

function coverOf(weights: EmotionWeights, offers: (channel: string) => boolean): EmotionCover {
  const layer = layerOf('emotion', weights);
  const whole = EXPRESSIONS.filter((expression) => layer[CHANNEL[expression]]! > 0);
  if (whole.length > 0 && whole.every(offers)) return { share: 1, missing: [] };
  const parts = FACE_PARTS.filter((part) => layer[CHANNEL[part]]! > 0);
  const sum = (some: readonly FacePart[]): number =>
    some.reduce((total, part) => total + layer[CHANNEL[part]]!, 0);
  const missing = parts.filter((part) => !offers(part));
  return {
    share: parts.length === 0 ? 1 : 1 - sum(missing) / sum(parts),
    missing: missing.sort((a, b) => layer[CHANNEL[b]]! - layer[CHANNEL[a]]!),
  };
}

function partsOfChoice(choice: EmotionChoice): EmotionManner & { name?: string; weights?: EmotionWeights } {
  if (typeof choice === 'string') return { name: choice };
  return typeof choice === 'object' && choice !== null ? choice : { name: String(choice) };
}

function tableOf(where: string, name: string | undefined, own: EmotionTables): EmotionWeights {
  const tables: EmotionTables = { ...EMOTION_TABLES, ...own };
  if (name !== undefined && Object.hasOwn(tables, name)) return tables[name]!;
  throw new InputError(where, `one of ${Object.keys(tables).join(', ')}`, JSON.stringify(name) ?? 'nothing');
}

function layerOf(where: string, weights: EmotionWeights): EmotionLayer {
  const layer = createPose();
  if (typeof weights !== 'object' || weights === null || Array.isArray(weights)) {
    throw new Field(weights, where).wrong('weights by the names of face parts');
  }
  for (const [name, weight] of Object.entries(weights)) {
    const bearing = BEARINGS.has(name);
    const channels = bearing || WHOLE.has(name) ? [name as Channel] : partsOf(name);
    if (channels.length === 0) {
      throw new InputError(where, 'face parts such as mouthSmile or browDownLeft', `"${name}"`);
    }
    const [low, high] = bearing ? [-FURTHEST_BEARING, FURTHEST_BEARING] : [0, 1];
    if (!(typeof weight === 'number' && weight >= low && weight <= high)) {
      throw new InputError(`${where}, ${name}`, `a number from ${low} to ${high}`, String(weight));
    }
    for (const channel of channels) layer[CHANNEL[channel]] = weight;
  }
  return layer;
}
