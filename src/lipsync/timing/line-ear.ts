import type { Cue, WordMark } from '../../speech/cue.ts';
import type { SourceTiming } from '../../speech/source.ts';
import type { ReadWord } from './g2p/read-text.ts';
import type { SoundModel } from './hearing.ts';
import { type KnownWords, lexiconOf } from './known-words.ts';
import { Mender, type TimingRepair } from './mender.ts';
import { TimingMaker } from './timing-maker.ts';

/** What is known of a line before it is heard: plain data, so that it can be handed to another thread. */
export interface LineFacts {
  /** Samples a second, from 8,000. */
  readonly sampleRate: number;
  readonly text: string;
  /** BCP 47. */
  readonly lang: string;
  /** Words of the text that a lexicon knows. */
  readonly known: KnownWords;
  /** Whether the text is still growing: see {@link LineEar.addText}. Default false. */
  readonly growing?: boolean | undefined;
  /** The service tells times of its own, up to so long after their sound, seconds; undefined: they are made here. */
  readonly patienceSeconds?: number | undefined;
  /** Sound heard before a shape is decided, where times are made here, seconds. Default: as `TimingMaker`. */
  readonly lookAheadSeconds?: number | undefined;
}

/** What is told of a line after a piece of its sound. */
export interface Told {
  readonly cues: readonly Cue[];
  readonly words: readonly WordMark[];
  readonly repairs: readonly TimingRepair[];
  /** At the end of a line whose times are made here: which way was taken, and how sure it is. */
  readonly timing?: SourceTiming;
}

/** Listens to one line: takes its sound as it comes, and tells what is decided by it. */
export interface LineEar {
  /** Cues as the service sends them, where it tells times of its own. */
  addCues(cues: readonly Cue[]): void;
  /** All that is known by now of a text that grows, and the words of it that a lexicon knows; `whole`: no more comes. */
  addText(text: string, known: KnownWords, whole: boolean): void;
  /** Words with their times, as the service tells them. */
  addWords(words: readonly WordMark[]): void;
  /** The next samples; keeps none of them. */
  push(samples: Int16Array): Told;
  /** The line is whole. */
  end(): Told;
}

/** An ear for a line. `read` reads its language, if anything does. */
export function openEar(model: SoundModel, read: ReadWord | undefined, facts: LineFacts): LineEar {
  const { sampleRate, text, lang, growing, patienceSeconds, lookAheadSeconds } = facts;
  if (patienceSeconds !== undefined) return new Mender(model, sampleRate, patienceSeconds);
  const known = new Map(facts.known);
  const maker = new TimingMaker(model, {
    sampleRate,
    text,
    lang,
    read,
    lexicon: lexiconOf(known),
    growing,
    ...(lookAheadSeconds !== undefined && { lookAheadSeconds }),
  });
  return {
    addCues() {},
    addText(text, more, whole) {
      for (const [word, said] of more) known.set(word, said);
      maker.addText(text, whole);
    },
    addWords: (words) => maker.addWords(words),
    push: (samples) => ({ cues: maker.push(samples), words: [], repairs: [] }),
    end: () => {
      const cues = maker.end();
      return { cues, words: maker.words, repairs: [], timing: maker.timing };
    },
  };
}
