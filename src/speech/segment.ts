/** A stretch of text that is synthesised at once: `text.slice(from, to)`. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Whether a sentence ends here, rather than a clause. */
  readonly sentenceEnd: boolean;
}

/** Longest segment, characters: about ten seconds of speech, made in about a tenth of one. */
const LONGEST = 160;

/** Shortest first clause that is worth an early start, characters; shorter ones sound chopped. */
const SHORTEST_FIRST = 24;

/** Titles and initials: a name follows, not a sentence. "I." and "No." end sentences. */
const TITLE =
  /(?:^|[\s("'])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Srta|Dña|Mme|Mlle|Hr|Fr|Nr|Sig|bzw|Fig|Gen|Col|Lt|Capt|Sgt|Rev|Mt|vs|[A-HJ-Z])\.$/;

/** Ends that the sentence may run past: it does if a small letter follows. `"Stop!" he said.` */
const MAY_RUN_ON = /(?:["')]|[\s(](?:etc|Jr|approx|(?:[A-Za-z]\.)+[A-Za-z])\.)$/;

/** The number of something: a digit follows. */
const NUMBER = /(?:^|[\s("'])No\.$/;

/** Marks of scripts that set no spaces after them end without one. */
const SENTENCE_END = /[.!?]+["')]*(?=\s|$)|[。！？।]+["')]*/g;
const CLAUSE_END = /[.,;:!?](?=\s)|[。、，；：！？।]/g;

/**
 * Splits a cleaned text where a speaker would breathe: at sentence ends, and at clauses where a sentence is long or
 * is the first, so that its sound can start early. The segments follow one another and leave out only white space.
 */
export function segmentText(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const end of [...sentenceEnds(text), text.length]) {
    for (const piece of clauses(text, from, end, segments.length === 0)) segments.push(piece);
    from = end;
  }
  return segments;
}

function sentenceEnds(text: string): number[] {
  const ends: number[] = [];
  for (const match of text.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    if (endsSentence(text.slice(Math.max(0, end - 12), end), text.slice(end, end + 2).trim()[0] ?? ''))
      ends.push(end);
  }
  return ends;
}

function endsSentence(before: string, next: string): boolean {
  if (TITLE.test(before)) return false;
  if (NUMBER.test(before) && /\d/.test(next)) return false;
  return !(MAY_RUN_ON.test(before) && /\p{Ll}/u.test(next));
}

function clauses(text: string, from: number, to: number, first: boolean): Segment[] {
  const pieces: Segment[] = [];
  let rest = trimmed(text, from, to);
  while (rest && (rest.to - rest.from > LONGEST || (first && pieces.length === 0))) {
    const cut = cutPlace(text, rest, first && pieces.length === 0);
    if (cut === undefined) break;
    const piece = trimmed(text, rest.from, cut);
    if (piece) pieces.push({ ...piece, sentenceEnd: false });
    rest = trimmed(text, cut, rest.to);
  }
  if (rest) pieces.push({ ...rest, sentenceEnd: true });
  return pieces;
}

/** The first clause end that leaves an early start, else the last one within bounds, else the last space within bounds. */
function cutPlace(
  text: string,
  { from, to }: { from: number; to: number },
  early: boolean,
): number | undefined {
  const places = [...text.slice(from, to).matchAll(CLAUSE_END)].map((match) => from + match.index + 1);
  const started = early
    ? places.find((place) => place - from >= SHORTEST_FIRST && to - place >= SHORTEST_FIRST)
    : undefined;
  if (started !== undefined && started - from <= LONGEST) return started;
  if (to - from <= LONGEST) return undefined;
  const within = places.filter((place) => place - from <= LONGEST).at(-1);
  if (within !== undefined) return within;
  const space = text.lastIndexOf(' ', from + LONGEST);
  return space > from ? space : from + LONGEST;
}

function trimmed(text: string, from: number, to: number): { from: number; to: number } | undefined {
  const piece = text.slice(from, to);
  const start = from + piece.length - piece.trimStart().length;
  const end = from + piece.trimEnd().length;
  return end > start && /[\p{L}\p{N}]/u.test(piece) ? { from: start, to: end } : undefined;
}
