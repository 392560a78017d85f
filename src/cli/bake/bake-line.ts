import { createHash } from 'node:crypto';
import { type Lexicon, wordsInLexicon } from '../../speech/lexicon.ts';
import type { ListedLine } from '../../speech/line-list.ts';
import type { TrackOrder } from '../finished-track.ts';

/** A line with nothing left open: what is spoken, under which name, and the mark of all that its sound depends on. */
export interface BakeLine {
  readonly id: string;
  readonly order: TrackOrder;
  readonly emotion: string | undefined;
  /** Where it stands in the list, for messages. */
  readonly place: string;
  /** Hash of text, voice, language, speed, rate, source, and how the lexicon says its words. */
  readonly bakedFrom: string;
}

/** What holds for all lines that say nothing else. */
export interface BakeSettings {
  readonly source: string;
  /** The voice for a language. */
  readonly voiceIn: (lang: string) => string;
  readonly lang: string;
  readonly speed: number;
  readonly rate: number | undefined;
  readonly lexicon: Lexicon | undefined;
}

/** Longest part of a text in the name of its line, characters. */
const LONGEST_SLUG = 40;

/**
 * The lines of a list as they are to be spoken. One without an id is named by its words and a hash of text, voice,
 * language and speed as the list has them, so that it keeps its name wherever it stands and whoever speaks it; two that are
 * alike in all of them are one, with the emotion of the last. `onTwin` is told where that is another than the first one's.
 */
export function bakeLines(
  listed: readonly ListedLine[],
  settings: BakeSettings,
  onTwin: (line: BakeLine, earlier: BakeLine) => void,
): BakeLine[] {
  const lines = new Map<string, BakeLine>();
  for (const line of listed.map((line) => bakeLine(line, settings))) {
    const earlier = lines.get(line.id);
    if (earlier && earlier.emotion !== line.emotion) onTwin(line, earlier);
    lines.set(line.id, line);
  }
  return [...lines.values()];
}

function bakeLine(
  { id, text, emotion, place, ...own }: ListedLine,
  { source, lexicon, rate, ...common }: BakeSettings,
): BakeLine {
  const { lang = common.lang, speed = common.speed } = own;
  const { voice = common.voiceIn(lang) } = own;
  const said = lexicon ? pronunciationsIn(text, lang, lexicon) : [];
  const content = [text, voice, lang, speed];
  const listed = [text, own.voice ?? null, own.lang ?? null, own.speed ?? null];
  return {
    id: id ?? nameOf(text, hash(listed, 'hex')),
    order: { text, voice, lang, speed, rate },
    emotion,
    place,
    bakedFrom: `sha256-${hash([...content, source, rate ?? null, said], 'base64')}`,
  };
}

/** How the lexicon says the words of a text. Other words of the lexicon may change without the line being spoken anew. */
function pronunciationsIn(text: string, lang: string, lexicon: Lexicon): (readonly [string, string])[] {
  const { sounds, replacements } = wordsInLexicon(text, lang, lexicon);
  return [
    ...sounds.map(({ from, to, ipa }) => [text.slice(from, to), ipa] as const),
    ...replacements.map(({ from, to, by }) => [text.slice(from, to), by] as const),
  ];
}

function nameOf(text: string, digest: string): string {
  const words = text.replace(/<[^<>]*>/g, ' ').toLowerCase();
  const slug = words.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const short = Array.from(slug).slice(0, LONGEST_SLUG).join('').replace(/-$/, '');
  return `${short}${short && '-'}${digest.slice(0, 8)}`;
}

function hash(content: unknown, form: 'hex' | 'base64'): string {
  return createHash('sha256').update(JSON.stringify(content)).digest(form);
}
