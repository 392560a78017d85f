import { ClauseCutter } from './clause-cutter.ts';
import { InputError, SpeechError } from './errors.ts';
import { letGo } from './let-go.ts';
import { parseMarkup } from './markup.ts';
import type { SpeechPart } from './part.ts';
import type { SpeechRequest, VoiceSource } from './source.ts';
import { openBehind } from './written-tags.ts';

/** How far the listener is. */
export interface Pace {
  /** Resolves once the listener has come to so many seconds of line time; at once where that is 0 or less. */
  reached(seconds: number): Promise<void>;
  /** Calls `then` after so many seconds of the writer's time. Returns what prevents it. */
  later(seconds: number, then: () => void): () => void;
}

/** A line whose text is still being written. */
export interface WrittenLine {
  readonly source: VoiceSource;
  /** How it is spoken. */
  readonly request: Omit<SpeechRequest, 'text'>;
  /** The text, in pieces of any length. Read one clause ahead of what is spoken. */
  readonly pieces: AsyncIterable<string>;
  readonly pace: Pace;
  /** Told of each clause before it is spoken; joined, the clauses are the text. */
  readonly onClause: (clause: string) => void;
}

/** Sound that is always asked for, seconds: more than a player holds back against a bad network. */
const LEAST_AHEAD = 1;

/**
 * A writer that pauses for so long, seconds, thinks or asks somebody: what is a whole sentence by then is spoken. Ours:
 * longer than between two words of a language model, shorter than a pause that is felt.
 */
const LULL = 0.3;

/** Something that can be said. */
const SAYABLE = /[\p{L}\p{N}]/u;

/**
 * Speaks a text while it is being written: clause by clause, each a request of its own, the first at the first breath.
 * No clause is asked for before the one before it is being heard, or less than a second is left to be heard: so at most
 * one is made that an interruption wastes, and what a player holds back is never more than it gets.
 * A sentence is spoken when the next one begins, or when the writer pauses.
 * Tags that a clause leaves open are opened again in the next. The parts are those of one line: their times count from its first sample, their positions index all of its text.
 * Throws what the source throws, what `pieces` throws, {@link InputError} for pieces that are no text, and `aborted`.
 */
export async function* speakClauses(
  { source, request, pieces, pace, onClause }: WrittenLine,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart, void, void> {
  const reader = new ClauseReader(pieces, request.lang, pace);
  let next = reader.next();
  let at = 0;
  let seconds = 0;
  let begun = 0;
  let open: string[] = [];
  try {
    for (;;) {
      const clause = await orAborted(next, signal);
      if (clause === undefined) break;
      next = reader.next();
      next.catch(() => {}); // Told when its turn comes.
      const again = open.join('');
      open = openBehind(open, clause);
      if (SAYABLE.test(parseMarkup(clause).text)) {
        await orAborted(pace.reached(Math.min(begun, seconds - LEAST_AHEAD)), signal);
        begun = seconds;
        onClause(clause);
        for await (const part of source.speak({ ...request, text: again + clause }, signal)) {
          if (part.type === 'end') break;
          yield moved(part, begun, at - again.length);
          if (part.type === 'audio') seconds += part.samples.length / part.sampleRate;
        }
      } else onClause(clause);
      at += clause.length;
    }
  } finally {
    reader.close();
  }
  yield { type: 'end' };
}

/** A part of a clause that begins `seconds` into the line, and at `at` of its text. */
function moved(part: SpeechPart, seconds: number, at: number): SpeechPart {
  if (part.type === 'cues') {
    const cues = part.cues.map((cue) => ({
      ...cue,
      start: cue.start + seconds,
      end: cue.end + seconds,
      ...(cue.from === undefined ? {} : { from: cue.from + at }),
    }));
    return { type: 'cues', cues };
  }
  if (part.type === 'shapes') return { ...part, from: part.from + seconds * part.fps };
  if (part.type !== 'words') return part;
  const words = part.words.map((word) => ({
    text: word.text,
    start: word.start + seconds,
    end: word.end + seconds,
    from: word.from + at,
    to: word.to + at,
  }));
  return { type: 'words', words };
}

/** Reads clauses off a text that is still being written. */
class ClauseReader {
  readonly #pieces: AsyncIterator<string>;
  readonly #cutter: ClauseCutter;
  readonly #pace: Pace;
  readonly #ready: string[] = [];
  /** The piece that is waited for. */
  #coming: Promise<IteratorResult<string>> | undefined;
  #stopWaiting = () => {};
  #whole = false;

  constructor(pieces: AsyncIterable<string>, lang: string | undefined, pace: Pace) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#cutter = new ClauseCutter({ lang });
    this.#pace = pace;
  }

  /** The next clause; undefined behind the last. Called again only once it has settled. */
  async next(): Promise<string | undefined> {
    let settled = false;
    while (this.#ready.length === 0 && !this.#whole) {
      const piece = await this.#piece(!settled && this.#cutter.waiting);
      settled = piece === undefined;
      if (!piece) {
        this.#ready.push(...this.#cutter.settle());
        continue;
      }
      const { done = false, value } = piece;
      this.#whole = done;
      if (!done && typeof value !== 'string')
        throw new InputError('Text', 'pieces that are strings', typeof value);
      this.#ready.push(...(done ? this.#cutter.end() : this.#cutter.push(value)));
    }
    return this.#ready.shift();
  }

  /** The next piece; undefined where it is long in coming, if that matters. */
  async #piece(mayPause: boolean): Promise<IteratorResult<string> | undefined> {
    this.#coming ??= (async () => this.#pieces.next())();
    const coming = this.#coming;
    coming.catch(() => {}); // Told when it is waited for.
    const lull = new Promise<undefined>((resolve) => {
      if (mayPause) this.#stopWaiting = this.#pace.later(LULL, () => resolve(undefined));
    });
    const piece = await Promise.race([coming, lull]).finally(() => this.#stopWaiting());
    if (piece) this.#coming = undefined;
    return piece;
  }

  /** Lets go of the text, written or not: whoever writes it is told to stop. */
  close(): void {
    this.#stopWaiting();
    if (this.#whole) return;
    this.#whole = true;
    letGo(() => this.#pieces);
  }
}

/** The promise, unless the line is cancelled first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw SpeechError.aborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(SpeechError.aborted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
