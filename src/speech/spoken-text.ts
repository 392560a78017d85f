import { type MappedText, placeOf, type Replacement, replacePieces, throughBoth } from './index-map.ts';
import { soundsOfIpa } from './ipa.ts';
import { type Lexicon, type SaidSounds, wordsInLexicon } from './lexicon.ts';
import type { EmphasisLevel } from './marks.ts';
import type { MarkedText } from './markup.ts';

/** What is to be said of a text with mark-up. Its map leads to the text as given. */
export interface SpokenText extends MappedText {
  /** Stretches of the text as given whose sounds the writer has given. */
  readonly sounds: readonly SaidSounds[];
  /** Pauses at places of the text as given. */
  readonly pauses: readonly { readonly at: number; readonly seconds: number }[];
  /** Stretches of the text as given that carry weight, or less than others. */
  readonly emphasis: readonly { readonly from: number; readonly to: number; readonly level: EmphasisLevel }[];
  /** Stretches of the text as given that other words stand for. */
  readonly replaced: readonly { readonly from: number; readonly to: number }[];
}

/** How a text is to be spoken. */
export interface SpokenOptions {
  /** BCP 47 code, for the lexicon. Default `en`. */
  readonly lang?: string | undefined;
  readonly lexicon?: Lexicon | undefined;
  /** Whether pauses become commas, for voices that know no others. Default false. */
  readonly commas?: boolean;
}

/**
 * The words of a marked text as they are to be spoken: aliases and the lexicon's other words in their places, what is
 * to be spelled spelled. What the writer says in the text goes before the lexicon. With a text without marks and no
 * lexicon it is the text itself.
 */
export function spokenText(
  marked: MarkedText,
  { lang = 'en', lexicon, commas = false }: SpokenOptions = {},
): SpokenText {
  const { text, marks } = marked;
  const replacements: Replacement[] = [];
  const sounds: SaidSounds[] = [];
  const pauses: { at: number; seconds: number }[] = [];
  for (const mark of marks) {
    if (mark.kind === 'alias') replacements.push({ from: mark.from, to: mark.to, by: mark.say });
    if (mark.kind === 'say-as') replacements.push(...spelled(text, mark.from, mark.to, mark.as));
    if (mark.kind === 'pause') pauses.push({ at: marked.sourceIndex(mark.at), seconds: mark.seconds });
    if (mark.kind === 'phoneme') {
      const said = soundsOfIpa(mark.ipa);
      if (said.length > 0) sounds.push({ from: mark.from, to: mark.to, ipa: mark.ipa, sounds: said });
    }
  }
  if (lexicon) {
    const taken = [...replacements, ...sounds];
    const free = (span: { from: number; to: number }) =>
      taken.every((other) => span.to <= other.from || span.from >= other.to);
    const known = wordsInLexicon(text, lang, lexicon);
    replacements.push(...known.replacements.filter(free));
    sounds.push(...known.sounds.filter(free));
  }
  const given = (span: { from: number; to: number }) => ({
    from: marked.sourceIndex(span.from),
    to: marked.sourceIndex(span.to - 1) + 1,
  });
  const replaced = replacements.map(given);
  const emphasis = marks.flatMap((mark) =>
    mark.kind === 'emphasis' ? [{ ...given(mark), level: mark.level }] : [],
  );
  if (commas) for (const mark of marks) if (mark.kind === 'pause') replacements.push(...comma(text, mark.at));
  const inOrder = replacements.sort((a, b) => a.from - b.from);
  return {
    ...throughBoth(marked, replacePieces(text, inOrder)),
    sounds: sounds.sort((a, b) => a.from - b.from).map((span) => ({ ...span, ...given(span) })),
    pauses,
    emphasis,
    replaced,
  };
}

/**
 * A piece of a spoken text, `spoken.text.slice(from, to)`, with the marks that stand in it; its map leads to the same text as given.
 * A pause at its end belongs to what follows.
 */
export function spokenSlice(spoken: SpokenText, from: number, to: number): SpokenText {
  const within = (source: number) => {
    const at = placeOf(spoken, source);
    return at >= from && (at < to || to >= spoken.text.length);
  };
  return {
    text: spoken.text.slice(from, to),
    sourceIndex: (index) => spoken.sourceIndex(from + index),
    sounds: spoken.sounds.filter((span) => within(span.from)),
    pauses: spoken.pauses.filter(({ at }) => within(at)),
    emphasis: spoken.emphasis.filter(
      (span) => placeOf(spoken, span.from) < to && placeOf(spoken, span.to) > from,
    ),
    replaced: spoken.replaced,
  };
}

/** A comma after the word before a pause, unless a mark stands there. */
function comma(text: string, at: number): Replacement[] {
  const place = text.slice(0, at).trimEnd().length;
  return /[\p{L}\p{N}"')]$/u.test(text.slice(0, place)) ? [{ from: place, to: place, by: ',' }] : [];
}

/** Letters and digits one by one. Numbers, dates and the like are left to the voice. */
function spelled(text: string, from: number, to: number, as: string): Replacement[] {
  const kinds = as === 'digits' || as === 'telephone' ? /\p{N}/u : /[\p{L}\p{N}]/u;
  if (!['characters', 'spell-out', 'digits', 'telephone'].includes(as)) return [];
  const single = Array.from(text.slice(from, to), (character) =>
    kinds.test(character) ? `${character.toUpperCase()} ` : character,
  );
  return [{ from, to, by: single.join('').trim() }];
}
