import type { KnownWords } from '../../lipsync/timing/known-words.ts';
import type { PackedEnglish, PackedSounds } from '../../lipsync/timing/learned.ts';
import type { LineFacts, Told } from '../../lipsync/timing/line-ear.ts';
import type { Cue, WordMark } from '../../speech/cue.ts';

/** What the thread that listens to lines is told. Lines have numbers; `audio` and `end` are answered, in their order. */
export type EarRequest =
  | { readonly type: 'sounds'; readonly packed: PackedSounds }
  | { readonly type: 'english'; readonly packed: PackedEnglish }
  | { readonly type: 'open'; readonly line: number; readonly facts: LineFacts }
  | { readonly type: 'cues'; readonly line: number; readonly cues: readonly Cue[] }
  | {
      readonly type: 'text';
      readonly line: number;
      readonly text: string;
      readonly known: KnownWords;
      readonly whole: boolean;
    }
  | { readonly type: 'words'; readonly line: number; readonly words: readonly WordMark[] }
  | { readonly type: 'audio'; readonly line: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly line: number }
  | { readonly type: 'close'; readonly line: number };

/** What it answers: once that it is there, then to each request that asks. */
export type EarAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'told'; readonly line: number; readonly told: Told }
  | { readonly type: 'failed'; readonly line: number; readonly error: string };
