import { type Lexicon, type Pronunciation, stretchesInLexicon } from '../../../speech/lexicon.ts';

/** A word of a text. */
export interface ReadableWord {
  /** The word as it stands in the text. */
  readonly text: string;
  /** UTF-16 indexes in the text. */
  readonly from: number;
  readonly to: number;
  /** A mark stands before it at which a speaker may pause. */
  readonly marked: boolean;
  /** How a lexicon says it. */
  readonly said?: Pronunciation;
}

/** Words and numbers; an apostrophe may stand inside. */
const WORD = /\p{N}+(?:[.,]\p{N}{3})*(?:[.,]\p{N}+)?|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|[%&+=@€£$°]/gu;
const MARK = /[.,;:!?…()"“”«»—–\n]/;
/** What a known word may have behind it: mira's, players'. */
const ENDING = /^['’]s?(?![\p{L}\p{N}])/iu;

/** The words of a text, with their places. What a lexicon knows is one word, whatever it is made of. */
export function wordsOfText(text: string, lexicon?: Lexicon, lang = 'en'): ReadableWord[] {
  const words: ReadableWord[] = [];
  let done = 0;
  const add = (from: number, to: number, said?: Pronunciation): void => {
    const marked = MARK.test(text.slice(words.at(-1)?.to ?? 0, from));
    words.push({ text: text.slice(from, to), from, to, marked, ...(said && { said }) });
  };
  const cut = (until: number): void => {
    for (const { 0: word, index } of text.slice(done, until).matchAll(WORD))
      add(done + index, done + index + word.length);
  };
  for (const { from, to, said } of lexicon ? stretchesInLexicon(text, lang, lexicon) : []) {
    cut(from);
    const ending = ENDING.exec(text.slice(to))?.[0] ?? '';
    done = to + ending.length;
    add(from, done, ending.length > 1 ? withS(said) : said);
  }
  cut(text.length);
  return words;
}

/** Of "mira's": what the ending sounds like is added. */
function withS(said: Pronunciation): Pronunciation {
  if (said.say !== undefined) return { say: `${said.say}'s` };
  return { ipa: `${said.ipa}z`, sounds: [...said.sounds, { id: 'z', stress: 0 }] };
}
