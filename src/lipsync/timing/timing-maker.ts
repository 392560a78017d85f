import type { Cue, WordMark } from '../../speech/cue.ts';
import { InputError } from '../../speech/errors.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { type SourceTiming, UNTIMED_LOOK_AHEAD } from '../../speech/source.ts';
import { VISEME_INDEX } from '../../speech/viseme.ts';
import { Aligner, type Step } from './aligner.ts';
import { CuePieces } from './cue-pieces.ts';
import { Evidence, soundFit } from './evidence.ts';
import type { ReadWord } from './g2p/read-text.ts';
import { type HeardText, hearText } from './heard-words.ts';
import { HEARING_DELAY, Hearing, type SoundModel } from './hearing.ts';
import { LineText } from './line-text.ts';
import { Listener } from './listener.ts';
import { HOP } from './mel.ts';
import { SOUND_COUNT } from './sounds.ts';
import { Trust } from './trust.ts';

/** Sound that must be ahead of the mouth where a source tells no times, seconds. */
export const LOOK_AHEAD_SECONDS = UNTIMED_LOOK_AHEAD;

/** So long are the pieces in which a shape that goes on is told, seconds: nothing waits for its end. */
export const PIECE_SECONDS = 0.02;

/** Frames without known words after which the next ones are taken to come late: half a second, more than most pauses. */
const LATE = 50;

/** How strongly a shape is made that is only heard. */
const HEARD_WEIGHT: readonly number[] = [1, 1, 1, 0.9, 0.9, 0.9, 1, 1, 0.9, 0.9, 0.9, 0.85, 0.85, 0.9, 0.9];

/** Closed lips are plainly heard above the first probability, not any more below the second, and belong to the text if it has them so many sounds on. */
const PLAIN = 0.5;
const FAINT = 0.12;
const NEAR = 4;

/** What a line is made of, and how far ahead it can be heard. */
export interface TimingOptions {
  /** Samples a second, 8,000 to 48,000. */
  readonly sampleRate: number;
  /** What is said, as far as it is known; without it the sound alone decides. */
  readonly text?: string;
  /** Reads words of that text as phones; undefined: the sound alone decides. */
  readonly read?: ReadWord | undefined;
  /** How words of that text are said that are not read as they are spelled. */
  readonly lexicon?: Lexicon | undefined;
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
  readonly #evidence = new Evidence();
  /** By frame: how well the sound fits that fits best. */
  readonly #best: number[] = [];
  readonly #text: LineText;
  readonly #lag: number;
  readonly #visemes: Float32Array[] = [];
  readonly #rate: number;
  #samples = 0;
  #read = 0;
  #told = 0;
  readonly #trust = new Trust();
  readonly #grew: boolean;
  #heard: HeardText | undefined;
  readonly #pieces: CuePieces;
  /** Frames of which nobody knows what is said, since the last words came. */
  #unknown = 0;
  /** The contact that was shown before the path came to it. */
  #early = -1;
  #sureness = 0;
  /** Frames with speech in them, and those that words of the text were followed in. */
  #spokenFrames = 0;
  #alignedFrames = 0;
  #ended = false;

  constructor(model: SoundModel, options: TimingOptions) {
    const {
      sampleRate,
      text = '',
      read,
      lexicon,
      lang = 'en',
      words = [],
      growing = false,
      lookAheadSeconds = LOOK_AHEAD_SECONDS,
      pieceSeconds = PIECE_SECONDS,
    } = options;
    if (!(lookAheadSeconds >= HEARING_DELAY)) {
      throw new InputError('lookAheadSeconds', `${HEARING_DELAY} or more`, String(lookAheadSeconds));
    }
    this.#rate = sampleRate;
    this.#lag = Math.floor((lookAheadSeconds - HEARING_DELAY) / HOP + 1e-6);
    this.#hearing = new Hearing(model, sampleRate);
    this.#listener = new Listener(Math.min(this.#lag, 8));
    this.#pieces = new CuePieces(pieceSeconds);
    this.#grew = growing;
    this.#text = new LineText(read, lang, growing, lexicon);
    // A text that comes while it is heard is waited for in the silence before it.
    if (growing && read) this.#align();
    this.#readText(text, !growing);
    this.addWords(words);
  }

  /**
   * More of a text that grows: `text` is all that is known by now, `whole` says that no more comes. One that does not go on
   * from what was read of it is passed over.
   */
  addText(text: string, whole: boolean): void {
    if (this.#text.growing) this.#readText(text, whole);
  }

  /** Words with their times, as a service tells them while the line comes: what is decided stays. */
  addWords(words: readonly WordMark[]): void {
    this.#text.addTimes(words);
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
    this.#pieces.close(cues, this.#samples / this.#rate);
    if (this.#aligner && this.#text.words.length > 0) {
      // Of a text that grew, what follows its words was not known when they were heard.
      this.#heard = this.#hearText(this.#grew ? this.#aligner.decided : this.#aligner.path);
    }
    return cues;
  }

  /** Words that were said, with their times, once the line is whole; none before. */
  get words(): WordMark[] {
    const { text, words } = this.#text;
    return words.flatMap(({ from, to }, index) => {
      const span = this.#heard?.spans[index];
      return span ? [{ text: text.slice(from, to), ...span, from, to }] : [];
    });
  }

  /** For each frame of 10 ms heard so far, the probability of each viseme. */
  get heard(): readonly Float32Array[] {
    return this.#visemes;
  }

  /**
   * Which way was taken for most of the speech, and how sure it is. Once a line with a text is whole: the share of the text
   * that was said, times the share of the speech that it accounts for. Else the mean probability of the shapes shown.
   */
  get timing(): SourceTiming {
    const aligned = this.#alignedFrames > this.#spokenFrames / 2;
    const origin = !aligned ? 'audio' : this.#text.anchors.size > 0 ? 'words' : 'alignment';
    const unheard = this.#text.words.length > 0 && this.#alignedFrames === 0;
    const sure = this.#heard?.confidence ?? this.#sureness / Math.max(this.#told, 1);
    return { origin, confidence: unheard ? 0 : Math.round(Math.min(Math.max(sure, 0), 1) * 100) / 100 };
  }

  #align(): void {
    this.#aligner ??= new Aligner(this.#text.script, this.#lag, this.#text.anchors);
  }

  #readText(text: string, whole: boolean): void {
    const fresh = this.#text.read(text, whole);
    if (fresh > 0 && this.#unknown > LATE) this.#trust.lose();
    if (fresh > 0) this.#unknown = 0;
    if (this.#text.asksForSounds) this.#align();
  }

  #listen(): void {
    const [hearing, evidence] = [this.#hearing, this.#evidence];
    for (; this.#read < hearing.count; this.#read++) {
      evidence.read(hearing.scores, this.#read * SOUND_COUNT);
      this.#visemes.push(evidence.visemes.slice());
      this.#best.push(evidence.best);
      this.#listener.push(evidence.visemes);
      this.#aligner?.push(evidence);
    }
  }

  #hearText(path: readonly Step[]): HeardText {
    const { scores, count } = this.#hearing;
    return hearText({
      units: this.#text.script.units,
      words: this.#text.words.length,
      path,
      frames: count,
      lacking: (frame, sound) =>
        soundFit(scores, frame * SOUND_COUNT, this.#visemes[frame]!, sound) - this.#best[frame]!,
      speech: (frame) => 1 - this.#visemes[frame]![VISEME_INDEX.sil]!,
    });
  }

  #decided(): number {
    const heard = this.#listener.decisions.length;
    return this.#aligner ? Math.min(heard, this.#aligner.decisions.length) : heard;
  }

  #tell(until: number): Cue[] {
    const cues: Cue[] = [];
    const { units } = this.#text.script;
    for (; this.#told < until; this.#told++) {
      const frame = this.#told;
      const seen = this.#visemes[frame]!;
      const aligned = this.#aligner?.decisions[frame];
      // At the end of a text that grows nobody knows yet what is said.
      const known = aligned !== undefined && !(this.#text.growing && aligned === units.length - 1);
      if (!known && this.#text.growing) this.#unknown++;
      const asked = known ? units[this.#contactNear(aligned, seen)]! : undefined;
      if (asked?.other) this.#trust.leave();
      const unit = asked?.other ? undefined : asked;
      if (unit) this.#trust.hear(seen[unit.viseme]!);
      const heard = this.#listener.decisions[frame]!;
      const follow = unit && this.#trust.trusted;
      const viseme = follow ? unit.viseme : heard;
      const weight = follow ? unit.weight : HEARD_WEIGHT[heard]!;
      const from = follow && unit.word >= 0 ? unit.from : -1;
      if (viseme !== VISEME_INDEX.sil) this.#spokenFrames++;
      if (follow && unit.word >= 0) this.#alignedFrames++;
      this.#sureness += seen[viseme]!;
      this.#pieces.show(cues, { viseme, weight, from }, frame * HOP);
    }
    return cues;
  }

  /** A contact that is plainly heard while the path is still before it is shown when it is heard, and not again. */
  #contactNear(aligned: number, seen: Float32Array): number {
    const { units } = this.#text.script;
    const contact = (u: number): boolean =>
      units[u]?.viseme === VISEME_INDEX.PP && units[u].optional === undefined;
    if (units[aligned]!.other) return aligned;
    for (let u = aligned + 1; u <= aligned + NEAR; u++) {
      if (!contact(u) || seen[VISEME_INDEX.PP]! < PLAIN) continue;
      this.#early = u;
      return u;
    }
    const again = aligned === this.#early && seen[VISEME_INDEX.PP]! < FAINT;
    return again && aligned + 1 < units.length ? aligned + 1 : aligned;
  }
}
