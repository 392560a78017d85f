import type { SynthRequest, Utterance } from './synth.ts';

/** What a synth's thread answers to a request. */
export type ThreadAnswer = { readonly utterance: Utterance } | { readonly error: string };

/** How a thread reports to whoever started it. */
export interface ThreadEvents {
  /** Exactly once for every request posted, unless the thread dies. */
  onAnswer(answer: ThreadAnswer): void;
  /** The thread is gone without being asked; nothing follows. */
  onDeath(cause: unknown): void;
}

/** A thread that makes speech: Node's worker thread or a page's worker. It is given one request at a time. */
export interface SynthThread {
  post(request: SynthRequest): void;
  /** Ends it at once, whatever it is doing; no event follows. */
  end(): void;
}

/** Starts a thread; requests may be posted at once. */
export type StartThread = (events: ThreadEvents) => SynthThread;
