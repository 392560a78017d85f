import { coverTags, isCover, withoutTags } from './written-tags.ts';

/** How a text is cut. */
export interface CutterOptions {
  /** BCP 47 language of the text, for its sentence rules. Default: those that hold everywhere. */
  readonly lang?: string | undefined;
  /** Longest clause, UTF-16 units. Default 200: about twelve seconds of speech. */
  readonly longest?: number;
  /** Shortest first clause that is worth an early start, UTF-16 units; shorter ones sound chopped. Default 24. */
  readonly shortestFirst?: number;
}

/** Titles and shortenings before which no sentence ends, in the languages that local and remote voices speak most. */
const SHORTENING =
  /(?:^|[\s(⦅"'“«¿¡])(?:Mr|Mrs|Ms|Mx|Dr|Prof|St|Fig|Gen|Col|Lt|Capt|Sgt|Rev|Hon|Mt|vs|cf|e\.g|i\.e|al|Sr|Sra|Srta|Dra|Ud|Uds|D|Dª|M|MM|Mme|Mlle|Mgr|Hr|Fr|z\.\s?B|d\.\s?h|u\.\s?a|EE|EE\.\s?UU|Bs|Bs\.\s?As|bzw|ca|Sig|Dott|Ing|Arq|pág|[A-HJ-Za-z])\.\s*$/u;

/** The number of something, or an ordinal before its noun: a digit or a small letter follows. */
const NUMBERING = /(?:^|[\s(⦅"'])(?:No|Nr|Núm|N\.?º|vol|p|pp|art|§)\.?\s*$/iu;

/** Said by somebody: the sentence goes on with a small letter. */
const QUOTED = /["'”’»)]\s*$/;

/** The number of an item: a sentence begins with it. */
const LIST_NUMBER = /^\s*\d{1,3}[.)]\s*$/;

/** Where a breath may be taken inside a sentence: after a mark that white space or an ideograph follows. */
const CLAUSE_MARK = /[,;:](?=\s)|[—–](?=\s|\p{L})|[，；：、]/gu;

/** Something that can be said. */
const SAYABLE = /[\p{L}\p{N}]/u;

/** The end of a sentence or of a paragraph, if nothing follows; a number may go on behind its point. */
const FINISHED = /(?:\p{Sentence_Terminal}(?<!\d\.)["'”’»)\]]*|\d\.(?=\s)|\n\s*\n)\s*$/u;

/** A small letter may take back the end of a sentence before it, so a letter must be seen after each end. */
const SETTLED = /\p{L}/u;

/** Where no letter comes for so long, UTF-16 units without tags, none is waited for. */
const SETTLED_LENGTH = 24;

/**
 * Cuts a text that is still being written into clauses that can be spoken one after another: at the ends of sentences,
 * the first of all at a breath, so that its sound can start early, and over-long ones at a breath or between words.
 * The clauses joined are the text, and are the same however the text comes in. No tag of mark-up is cut, nor counts for
 * where a sentence ends.
 */
export class ClauseCutter {
  readonly #sentences: Intl.Segmenter;
  readonly #words: Intl.Segmenter;
  readonly #longest: number;
  readonly #shortestFirst: number;
  #rest = '';
  /** As much of the rest as is certain, its tags covered. */
  #seen = '';
  #begun = false;

  constructor({ lang, longest = 200, shortestFirst = 24 }: CutterOptions = {}) {
    const locale = supported(lang);
    this.#sentences = new Intl.Segmenter(locale, { granularity: 'sentence' });
    this.#words = new Intl.Segmenter(locale, { granularity: 'word' });
    this.#longest = longest;
    this.#shortestFirst = shortestFirst;
  }

  /** Whether something that can be said is kept back. */
  get waiting(): boolean {
    return SAYABLE.test(this.#seen);
  }

  /** More of the text. Gives the clauses that are now certain to be whole. */
  push(text: string): string[] {
    this.#rest += text;
    return this.#cut({ whole: false, certain: false });
  }

  /** No text has come for a while. Gives the sentences that are whole as they stand, though text to come could go on with them. */
  settle(): string[] {
    const clauses = this.#cut({ whole: false, certain: true });
    const seen = this.#seen;
    if (!isFinished(seen)) return clauses;
    this.#seen = '';
    this.#begun = true;
    clauses.push(this.#rest.slice(0, seen.length));
    this.#rest = this.#rest.slice(seen.length);
    return clauses;
  }

  /** The text is whole. Gives what is left of it. */
  end(): string[] {
    const clauses = this.#cut({ whole: true, certain: true });
    if (this.#rest !== '') clauses.push(this.#rest);
    this.#rest = '';
    this.#seen = '';
    this.#begun = false;
    return clauses;
  }

  #cut({ whole, certain }: { whole: boolean; certain: boolean }): string[] {
    const clauses: string[] = [];
    this.#seen = coverTags(this.#rest, whole);
    for (let at = this.#place(certain); at !== undefined; at = this.#place(certain)) {
      clauses.push(this.#rest.slice(0, at));
      this.#rest = this.#rest.slice(at);
      this.#seen = this.#seen.slice(at);
      this.#begun = true;
    }
    return clauses;
  }

  /**
   * Where the next clause ends, if that is certain. What decides is never taken back by text to come, so the clauses do
   * not depend on how the text comes in.
   */
  #place(certain: boolean): number | undefined {
    const longest = this.#longest;
    const { at, settled } = this.#sentenceEnd(certain);
    const early = this.#begun ? undefined : this.#earlyBreath(Math.min(at, longest));
    if (early !== undefined && at - early >= this.#shortestFirst) return early;
    if (at <= longest) return settled ? at : undefined;
    return early ?? this.#emergency(longest);
  }

  /** The first end of a sentence, behind its white space, and whether more text can move it; else all there is. */
  #sentenceEnd(certain: boolean): { at: number; settled: boolean } {
    const seen = this.#seen;
    for (const { index, segment } of this.#sentences.segment(seen)) {
      const at = index + segment.length;
      if (at >= seen.length) break;
      if (!SAYABLE.test(seen.slice(0, at)) || runsOn(seen.slice(0, at), seen.slice(at))) continue;
      return { at, settled: certain || isSettled(seen.slice(at)) };
    }
    return { at: seen.length, settled: false };
  }

  /** The first breath that is worth an early start. */
  #earlyBreath(to: number): number | undefined {
    return this.#breaths(to).find((place) => place >= this.#shortestFirst && place < this.#seen.length);
  }

  /** Places up to `to` where a breath may be taken, each behind the white space that follows it. */
  #breaths(to: number): number[] {
    const seen = this.#seen;
    const places: number[] = [];
    for (const mark of seen.slice(0, to).matchAll(CLAUSE_MARK)) {
      let at = mark.index + mark[0].length;
      while (at < seen.length && /\s/.test(seen[at]!)) at++;
      if (at <= to && SAYABLE.test(seen.slice(0, at))) places.push(at);
    }
    return places;
  }

  /** The last breath within bounds, else the last border of words, else the bound itself, though never inside a letter or among tags. */
  #emergency(to: number): number | undefined {
    const breath = this.#breaths(to).at(-1);
    if (breath !== undefined) return breath;
    const seen = this.#seen;
    let border = 0;
    for (const { index, isWordLike } of this.#words.segment(seen.slice(0, to + 1))) {
      if (isWordLike && index <= to && SAYABLE.test(seen.slice(0, index))) border = index;
    }
    if (border > 0) return border;
    const inPair = seen.charCodeAt(to - 1) >= 0xd800 && seen.charCodeAt(to - 1) <= 0xdbff;
    let end = inPair ? to + 1 : to;
    while (isCover(seen[end - 1]) && isCover(seen[end])) end++;
    return end === seen.length && isCover(seen[end - 1]) ? undefined : end; // Another tag may follow at once.
  }
}

/** Whether nothing that follows can move a border any more, by what stands behind it; tags neither settle nor move one. */
function isSettled(after: string): boolean {
  const read = withoutTags(after);
  return read.length >= SETTLED_LENGTH || SETTLED.test(read);
}

/** Whether a text that nothing follows ends with a whole sentence. */
function isFinished(text: string): boolean {
  if (!SAYABLE.test(text) || !FINISHED.test(text) || runsOn(text, '')) return false;
  return !NUMBERING.test(text.slice(-16)) || NUMBERING.test(text.trim().slice(0, 4));
}

/** Whether a sentence goes on over what looks like its end. */
function runsOn(before: string, after: string): boolean {
  if (LIST_NUMBER.test(before)) return true;
  const last = before.slice(-16);
  if (QUOTED.test(last) && /^\p{Ll}/u.test(after)) return true;
  return SHORTENING.test(last) || (NUMBERING.test(last) && /^\d/.test(after));
}

/** A language that `Intl` takes: names that services made up are passed over. */
function supported(lang: string | undefined): string | undefined {
  if (lang === undefined) return undefined;
  try {
    return Intl.Segmenter.supportedLocalesOf(lang)[0];
  } catch {
    return undefined;
  }
}
