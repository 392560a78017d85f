import { InputError } from '../../speech/errors.ts';
import { ledBack } from '../../speech/lead-back.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { parseMarkup } from '../../speech/markup.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import type { Track } from '../../speech/track.ts';
import { trackOf } from '../../speech/track-of.ts';
import { loadReader } from './learned.ts';
import { spreadText } from './spread.ts';

/** Silence before and after what is said, seconds. */
const LEAD_SECONDS = 0.1;
const TAIL_SECONDS = 0.2;
/** Its silence weighs little. */
const SAMPLE_RATE = 8_000;
/** Without sound, 46 % of the frames are right where speech begins and ends as told (docs/timing.md), and here not even that is known. */
const CONFIDENCE = 0.3;

/** How a text is read that nobody has spoken yet. */
export interface DraftOptions {
  /** BCP 47: en, es, fr, pt, ko, de or it, with or without a region. Default `en`. */
  readonly lang?: string | undefined;
  /** Who is to speak it. Default: an empty name. */
  readonly voice?: string | undefined;
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
}

/**
 * The track of a text that nobody has spoken yet: silence as long as it would take at a usual pace, with a mouth and words
 * that fit (timing `text`), and the pauses of its mark-up. For scenes that are staged before there are voices.
 * Throws `InputError` for a text without words, and for a language that is not read.
 */
export async function draftTrackAsync(text: string, options: DraftOptions = {}): Promise<Track> {
  const { lang = 'en', voice = '', lexicon } = options;
  const read = await loadReader(lang);
  if (!read) throw new InputError('lang', 'en, es, fr, pt, ko, de or it', lang);
  const spoken = spokenText(parseMarkup(text), { lang, lexicon });
  const spread = spreadText({ text: spoken.text, lang, read, lexicon, start: LEAD_SECONDS });
  if (spread.words.length === 0) throw new InputError('text', 'one word or more', JSON.stringify(text));
  const { cues, words } = ledBack(spread, text, spoken);
  const later = <T extends { start: number; end: number; from?: number }>(one: T): T => {
    const before = spoken.pauses.filter(({ at }) => one.from !== undefined && at <= one.from);
    const wait = before.reduce((sum, { seconds }) => sum + seconds, 0);
    return { ...one, start: one.start + wait, end: one.end + wait };
  };
  const pauses = spoken.pauses.reduce((sum, { seconds }) => sum + seconds, 0);
  const seconds = spread.cues.at(-1)!.end + pauses + TAIL_SECONDS;
  return trackOf({
    text,
    voice,
    lang,
    samples: new Int16Array(Math.ceil(seconds * SAMPLE_RATE)),
    sampleRate: SAMPLE_RATE,
    cues: cues.map(later),
    words: words.map(later),
    timing: { origin: 'text', confidence: CONFIDENCE },
  });
}
