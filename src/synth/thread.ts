import type { StartThread as Start, Thread } from '../thread/thread.ts';
import type { SynthRequest, Utterance } from './synth.ts';

/** What a synth's thread answers to a request: exactly once for each, unless the thread dies. */
export type ThreadAnswer = { readonly utterance: Utterance } | { readonly error: string };

/** A thread that makes speech: Node's worker thread or a page's worker. It is given one request at a time. */
export type SynthThread = Thread<SynthRequest>;

/** Starts a thread; requests may be posted at once. */
export type StartThread = Start<SynthRequest, ThreadAnswer>;
