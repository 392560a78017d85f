import type { Cue, WordMark } from '../../speech/cue.ts';
import { InputError } from '../../speech/errors.ts';
import { type SourceTiming, UNTIMED_LOOK_AHEAD } from '../../speech/source.ts';
import { VISEME_INDEX, VISEMES } from '../../speech/viseme.ts';
import { Aligner, type Anchor } from './aligner.ts';
import { Evidence } from './evidence.ts';
import { type ReadableWord, type ReadWord, readWord, wordsOfText } from './g2p/read-text.ts';
import { HEARING_DELAY, Hearing, type SoundModel } from './hearing.ts';
import { Listener } from './listener.ts';
import { HOP } from './mel.ts';
import { Script } from './script.ts';
import { SOUND_COUNT } from './sounds.ts';

/** Sound that must be ahead of the mouth where a source tells no times, seconds. */
export const LOOK_AHEAD_SECONDS = UNTIMED_LOOK_AHEAD;

/** So long are the pieces in which a shape that goes on is told, seconds: nothing waits for its end. */
export const PIECE_SECONDS = 0.02;

/** How fast trust in the text follows what is heard, share of each frame; it begins with some. */
const LEARNING = 0.012;
const FIRST_TRUST = 0.5;
/** Below this the text is another than the one heard, and the ear alone is followed; above the other it is trusted again. */
const DISTRUST = 0.2;
const TRUST = 0.3;

/** Frames without known words after which the next ones are taken to come late: half a second, more than most pauses. */
const LATE = 50;

/** How strongly a shape is made that is only heard. */
const HEARD_WEIGHT: readonly number[] = [1, 1, 1, 0.9, 0.9, 0.9, 1, 1, 0.9, 0.9, 0.9, 0.85, 0.85, 0.9, 0.9];

/** Closed lips are plainly heard above the first probability, not any more below the second, and belong to the text if it has them so many sounds on. */
const PLAIN = 0.5;
const FAINT = 0.12;
const NEAR = 4;

/** Longest time of a word that was passed over, seconds. */
const SKIPPED = 0.04;
/** So many words in a row may be passed over and still count as said. */
const MOST_SKIPPED = 3;
/** A word may be heard this much outside the time that a service told for it, frames. */
const SLACK = 8;

/** What a line is made of, and how far ahead it can be heard. */
export interface TimingOptions {
  /** Samples a second, 8,000 to 48,000. */
  readonly sampleRate: number;
  /** What is said, as far as it is known; without it the sound alone decides. */
  readonly text?: string;
  /** Reads words of that text as phones; undefined: the sound alone decides. */
  readonly read?: ReadWord | undefined;
  /** BCP 47. Default `en`. */
  readonly lang?: string;
  /** Words with their times, where the service tells them. */
  readonly words?: readonly WordMark[];
  /** Whether that text is only the beginning of what is said, and more is told by {@link TimingMaker.addText}. Default false. */
  readonly growing?: boolean | undefined;
  /** Sound heard before a shape is decided, seconds; from {@link HEARING_DELAY} on. Default {@link LOOK_AHEAD_SECONDS}. */
  readonly lookAheadSeconds?: number;
  /** A shape that goes on is told in pieces of this length, seconds. Default {@link PIECE_SECONDS}. */
  readonly pieceSeconds?: number;
}

/**
 * Makes the cues of a line from its sound, with its text where that is known: takes samples as they come and tells what
 * is decided. A shape is decided once {@link TimingOptions.lookAheadSeconds} of what follows it is there.
 */
export class TimingMaker {
  readonly #hearing: Hearing;
  readonly #listener: Listener;
  #aligner: Aligner | undefined;
  readonly #script = new Script();
  readonly #evidence = new Evidence();
  readonly #words: ReadableWord[] = [];
  readonly #readWord: ReadWord | undefined;
  readonly #lang: string;
  #text = '';
  /** Whether more of the text may come. */
  #growing: boolean;
  readonly #anchors = new Map<number, Anchor>();
  readonly #lag: number;
  readonly #piece: number;
  readonly #visemes: Float32Array[] = [];
  readonly #rate: number;
  #samples = 0;
  #read = 0;
  #told = 0;
  #trust = FIRST_TRUST;
  #trusted = true;
  /** Something else than the text was heard since the last word. */
  #left = false;
  /** Frames of which nobody knows what is said, since the last words came. */
  #unknown = 0;
  /** The contact that was shown before the path came to it. */
  #early = -1;
  #sureness = 0;
  /** Frames with speech in them, and those that words of the text were followed in. */
  #spokenFrames = 0;
  #alignedFrames = 0;
  #open: { viseme: number; weight: number; from: number; start: number } | undefined;
  #ended = false;
  readonly #spans: { start: number; end: number }[] = [];

  constructor(model: SoundModel, options: TimingOptions) {
    const {
      sampleRate,
      text = '',
      read,
      lang = 'en',
      words = [],
      growing = false,
      lookAheadSeconds = LOOK_AHEAD_SECONDS,
      pieceSeconds = PIECE_SECONDS,
    } = options;
    this.#piece = pieceSeconds - 1e-6;
    if (!(lookAheadSeconds >= HEARING_DELAY)) {
      throw new InputError('lookAheadSeconds', `${HEARING_DELAY} or more`, String(lookAheadSeconds));
    }
    this.#rate = sampleRate;
    this.#lag = Math.floor((lookAheadSeconds - HEARING_DELAY) / HOP + 1e-6);
    this.#hearing = new Hearing(model, sampleRate);
    this.#listener = new Listener(Math.min(this.#lag, 8));
    this.#readWord = read;
    this.#lang = lang;
    this.#growing = growing;
    // A text that comes while it is heard is waited for in the silence before it.
    if (growing && read) this.#aligner = new Aligner(this.#script, this.#lag, this.#anchors);
    this.#readText(text, !growing);
    this.addWords(words);
  }

  /**
   * More of a text that grows: `text` is all that is known by now, `whole` says that no more comes. One that does not go on
   * from what was read of it is passed over.
   */
  addText(text: string, whole: boolean): void {
    if (!this.#growing) return;
    const done = this.#words.at(-1)?.to ?? 0;
    const goesOn = text.startsWith(this.#text.slice(0, done));
    this.#readText(goesOn ? text : this.#text, whole);
  }

  /** Words with their times, as a service tells them while the line comes: what is decided stays. */
  addWords(words: readonly WordMark[]): void {
    for (const [index, { from, to }] of this.#words.entries()) {
      const inside = words.filter((mark) => mark.from < to && from < mark.to);
      if (inside.length === 0) continue;
      const first = Math.min(...inside.map(({ start }) => start)) / HOP - SLACK;
      const last = Math.max(...inside.map(({ end }) => end)) / HOP + SLACK;
      this.#anchors.set(index, { first: Math.floor(first), last: Math.ceil(last) });
    }
  }

  /** Takes the next samples; returns the cues that are decided by them, in rising order. Keeps no samples. */
  push(samples: Int16Array): Cue[] {
    if (this.#ended) throw new InputError('samples', 'none after the end of the line', `${samples.length}`);
    this.#samples += samples.length;
    this.#hearing.push(samples);
    this.#listen();
    return this.#tell(this.#decided());
  }

  /** The line is whole: the cues that are left; they end with the last sample. */
  end(): Cue[] {
    if (this.#ended) return [];
    this.#ended = true;
    this.#hearing.end();
    this.#listen();
    this.#listener.end();
    this.#aligner?.end();
    const cues = this.#tell(this.#decided());
    this.#close(cues, this.#samples / this.#rate);
    return cues;
  }

  /** Words that were heard, with their times; those of the last {@link push} may still grow. What is not said is left out. */
  get words(): WordMark[] {
    return this.#spans.flatMap((span, index) => {
      const word = this.#words[index];
      if (!word || !span) return [];
      const { from, to } = word;
      return [{ text: this.#text.slice(from, to), start: span.start, end: span.end, from, to }];
    });
  }

  /** For each frame of 10 ms heard so far, the probability of each viseme. */
  get heard(): readonly Float32Array[] {
    return this.#visemes;
  }

  /** Which way was taken for most of the speech, and how sure it is: 0 where there is a text and nothing of it was heard. */
  get timing(): SourceTiming {
    const unheard = this.#words.length > 0 && this.#alignedFrames === 0;
    const sure = this.#told > 0 && !unheard ? this.#sureness / this.#told : 0;
    const aligned = this.#alignedFrames > this.#spokenFrames / 2;
    const origin = !aligned ? 'audio' : this.#anchors.size > 0 ? 'words' : 'alignment';
    return { origin, confidence: Math.round(Math.min(Math.max(sure, 0), 1) * 100) / 100 };
  }

  /** Reads the words that are new; one at the end of a text that grows may not be whole. */
  #readText(text: string, whole: boolean): void {
    const [read, done] = [this.#readWord, this.#words.at(-1)?.to ?? 0];
    this.#text = text;
    this.#growing = !whole;
    if (!read) return;
    const known = this.#words.length;
    for (const word of wordsOfText(text.slice(done))) {
      const { from, to } = { from: word.from + done, to: word.to + done };
      if (whole || /\s/.test(text.slice(to))) this.#words.push({ ...word, from, to });
    }
    const fresh = this.#words.slice(known);
    // Words that come after their sound are believed once they fit again.
    if (fresh.length > 0 && this.#unknown > LATE) {
      this.#trust = 0;
      this.#trusted = false;
    }
    if (fresh.length > 0) this.#unknown = 0;
    const phones = fresh.flatMap((word, nth) => readWord(word, known + nth, this.#lang, read));
    this.#script.append(phones, (word) => this.#words[word]!.marked);
    if (phones.length > 0) this.#aligner ??= new Aligner(this.#script, this.#lag, this.#anchors);
    if (whole) this.#script.end();
  }

  #listen(): void {
    const [hearing, evidence] = [this.#hearing, this.#evidence];
    for (; this.#read < hearing.count; this.#read++) {
      evidence.read(hearing.scores, this.#read * SOUND_COUNT);
      this.#visemes.push(evidence.visemes.slice());
      this.#listener.push(evidence.visemes);
      this.#aligner?.push(evidence);
    }
  }

  #decided(): number {
    const heard = this.#listener.decisions.length;
    return this.#aligner ? Math.min(heard, this.#aligner.decisions.length) : heard;
  }

  #tell(until: number): Cue[] {
    const cues: Cue[] = [];
    for (; this.#told < until; this.#told++) {
      const frame = this.#told;
      const seen = this.#visemes[frame]!;
      const aligned = this.#aligner?.decisions[frame];
      // At the end of a text that grows nobody knows yet what is said.
      const known = aligned !== undefined && !(this.#growing && aligned === this.#script.units.length - 1);
      if (!known && this.#growing) this.#unknown++;
      const asked = known ? this.#script.units[this.#contactNear(aligned, seen)]! : undefined;
      if (asked?.other) {
        this.#left = true;
        this.#trust = DISTRUST;
        this.#trusted = false;
      }
      const unit = asked?.other ? undefined : asked;
      if (unit) {
        this.#trust += LEARNING * (seen[unit.viseme]! - this.#trust);
        this.#trusted = this.#trust > (this.#trusted ? DISTRUST : TRUST);
        if (unit.word >= 0) this.#span(unit.word, frame);
      }
      const heard = this.#listener.decisions[frame]!;
      const follow = unit && this.#trusted;
      const viseme = follow ? unit.viseme : heard;
      const weight = follow ? unit.weight : HEARD_WEIGHT[heard]!;
      const from = follow && unit.word >= 0 ? unit.from : -1;
      if (viseme !== VISEME_INDEX.sil) this.#spokenFrames++;
      if (follow && unit.word >= 0) this.#alignedFrames++;
      this.#sureness += seen[viseme]!;
      this.#show(cues, viseme, weight, from, frame * HOP);
    }
    return cues;
  }

  /** A contact that is plainly heard while the path is still before it is shown when it is heard, and not again. */
  #contactNear(aligned: number, seen: Float32Array): number {
    const { units } = this.#script;
    const contact = (u: number): boolean =>
      units[u]?.viseme === VISEME_INDEX.PP && units[u].optional === undefined;
    if (this.#script.units[aligned]!.other) return aligned;
    for (let u = aligned + 1; u <= aligned + NEAR; u++) {
      if (!contact(u) || seen[VISEME_INDEX.PP]! < PLAIN) continue;
      this.#early = u;
      return u;
    }
    const again = aligned === this.#early && seen[VISEME_INDEX.PP]! < FAINT;
    return again && aligned + 1 < units.length ? aligned + 1 : aligned;
  }

  /** A path may go back to the word before for a moment; its time is over then. */
  #span(word: number, frame: number): void {
    if (word < this.#spans.length - 1) return;
    if (!this.#left) this.#skip(word);
    this.#left = false;
    const span = this.#spans[word];
    if (span) span.end = (frame + 1) * HOP;
    else this.#spans[word] = { start: frame * HOP, end: (frame + 1) * HOP };
  }

  /** Words that were passed too fast to be decided get a little of the time of the one before them. */
  #skip(word: number): void {
    const before = this.#spans.at(-1);
    const missing = word - this.#spans.length;
    if (missing <= 0 || missing > MOST_SKIPPED || !before) return;
    const share = Math.min(SKIPPED, (before.end - before.start) / (2 * missing));
    before.end -= missing * share;
    for (let n = 0; n < missing; n++) {
      const start = this.#spans.at(-1)!.end;
      this.#spans.push({ start, end: start + share });
    }
  }

  #show(cues: Cue[], viseme: number, weight: number, from: number, time: number): void {
    const open = this.#open;
    if (open && open.viseme === viseme && open.weight === weight && open.from === from) {
      if (time - open.start < this.#piece) return;
    }
    this.#close(cues, time);
    this.#open = { viseme, weight, from, start: time };
  }

  #close(cues: Cue[], end: number): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || end <= open.start) return;
    const { viseme, weight, from, start } = open;
    const cue = { viseme: VISEMES[viseme]!, start, end, weight };
    cues.push(from >= 0 ? { ...cue, from } : cue);
  }
}

/** Joins cues of one shape that follow each other, as they come from a line that is still arriving. */
export function joinCues(cues: readonly Cue[]): Cue[] {
  const joined: Cue[] = [];
  for (const cue of cues) {
    const last = joined.at(-1);
    if (
      last &&
      last.viseme === cue.viseme &&
      last.weight === cue.weight &&
      last.from === cue.from &&
      last.end === cue.start
    ) {
      joined[joined.length - 1] = { ...last, end: cue.end };
    } else joined.push(cue);
  }
  return joined;
}
