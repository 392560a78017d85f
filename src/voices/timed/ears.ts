import type { KnownWords } from '../../lipsync/timing/known-words.ts';
import type { LineFacts, Told } from '../../lipsync/timing/line-ear.ts';
import type { Cue, WordMark } from '../../speech/cue.ts';

/** Listens to one line somewhere: in a thread, or between the tasks of this one. */
export interface Ear {
  addCues(cues: readonly Cue[]): void;
  /** All that is known by now of a text that grows, and the words of it that a lexicon knows; `whole`: no more comes. */
  addText(text: string, known: KnownWords, whole: boolean): void;
  addWords(words: readonly WordMark[]): void;
  /** What is decided by the next samples; they are not kept. One piece at a time. */
  push(samples: Int16Array): Promise<Told>;
  /** The line is whole. */
  end(): Promise<Told>;
  /** Nothing more is asked; may be called twice. */
  close(): void;
}

/** Where lines are listened to. */
export interface Ears {
  /** Loads what the first line of a language would wait for. */
  prepare(lang: string): Promise<void>;
  open(facts: LineFacts): Promise<Ear>;
  /** Ends what is under way: it fails with `aborted`. May be called twice. */
  dispose(): void;
}
