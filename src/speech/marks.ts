/** Something a writer has put into a text: at a place, or on `text.slice(from, to)`. Places are UTF-16 indexes. */
export type Mark =
  | { readonly kind: 'pause'; readonly at: number; readonly seconds: number }
  | { readonly kind: 'cue'; readonly at: number; readonly name: string }
  | { readonly kind: 'emphasis'; readonly from: number; readonly to: number; readonly level: EmphasisLevel }
  | {
      readonly kind: 'emotion';
      readonly from: number;
      readonly to: number;
      readonly name: string;
      /** 0 to 1. */
      readonly strength: number;
    }
  | { readonly kind: 'say-as'; readonly from: number; readonly to: number; readonly as: string }
  | { readonly kind: 'alias'; readonly from: number; readonly to: number; readonly say: string }
  | { readonly kind: 'phoneme'; readonly from: number; readonly to: number; readonly ipa: string };

export type EmphasisLevel = 'reduced' | 'moderate' | 'strong';

/** A tag as it stands in a text. */
export interface Tag {
  readonly name: string;
  /** By name; what has none is under the empty one. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a tag means; null where it says that nothing is meant, undefined where it lacks what it needs. `from` and `to` are equal for a place. */
export type TagReader = (tag: Tag, from: number, to: number) => Mark | null | undefined;

/** Longest pause, seconds. */
const LONGEST_PAUSE = 10;

/** Pauses by the names that SSML has for them, seconds; the values are ours. */
const PAUSES: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 0.1,
  weak: 0.2,
  medium: 0.4,
  strong: 0.7,
  'x-strong': 1,
};

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,63}$/u;

/** Tags that stand at a place. */
export const POINT_TAGS: Readonly<Record<string, TagReader>> = {
  pause: pauseOf,
  break: pauseOf,
  cue: cueOf,
  mark: cueOf,
};

/** Tags that enclose a stretch of text. */
export const SPAN_TAGS: Readonly<Record<string, TagReader>> = {
  emphasis: emphasisOf,
  em: emphasisOf,
  strong: (_tag, from, to) => ({ kind: 'emphasis', from, to, level: 'strong' }),
  emotion: emotionOf,
  'say-as': ({ values }, from, to) => {
    const as = values['interpret-as'] ?? values.as ?? values[''];
    return as && NAME.test(as) ? { kind: 'say-as', from, to, as } : undefined;
  },
  sub: ({ values: { alias = '' } }, from, to) =>
    alias.trim() === '' ? undefined : { kind: 'alias', from, to, say: alias },
  phoneme: ({ values: { ph = '', alphabet = 'ipa' } }, from, to) =>
    ph.trim() === '' || alphabet !== 'ipa' ? undefined : { kind: 'phoneme', from, to, ipa: ph },
};

function pauseOf({ values }: Tag, at: number): Mark | undefined {
  const wanted = values.time ?? values.strength ?? values[''] ?? 'medium';
  const named = Object.hasOwn(PAUSES, wanted) ? PAUSES[wanted] : undefined;
  const [, number, unit] = /^(\d{1,5}(?:\.\d{1,3})?|\.\d{1,3})(ms|s)?$/.exec(wanted) ?? [];
  const seconds = named ?? (number === undefined ? undefined : Number(number) / (unit === 'ms' ? 1000 : 1));
  return seconds === undefined ? undefined : { kind: 'pause', at, seconds: Math.min(seconds, LONGEST_PAUSE) };
}

function cueOf({ values }: Tag, at: number): Mark | undefined {
  const name = values.name ?? values[''] ?? '';
  return NAME.test(name) ? { kind: 'cue', at, name } : undefined;
}

function emphasisOf({ values }: Tag, from: number, to: number): Mark | null | undefined {
  const level = values.level ?? values[''] ?? 'moderate';
  if (level === 'none') return null;
  if (level !== 'reduced' && level !== 'moderate' && level !== 'strong') return undefined;
  return { kind: 'emphasis', from, to, level };
}

function emotionOf({ values }: Tag, from: number, to: number): Mark | undefined {
  const name = values.name ?? values[''] ?? '';
  const strength = Number(values.strength?.trim() === '' ? Number.NaN : (values.strength ?? 1));
  if (!NAME.test(name) || !(strength >= 0 && strength <= 1)) return undefined;
  return { kind: 'emotion', from, to, name, strength };
}
