import { LOOK_AHEAD_SECONDS, PIECE_SECONDS } from '../../lipsync/timing/timing-maker.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { SpokenReply } from '../../speech/source.ts';
import { OpenEars, type WorkerPlace } from './open-ears.ts';
import { ALIGNED, listenTo } from './timed-voices.ts';

/** What replies are read with, and where they are listened to. */
export interface TimedRepliesOptions {
  /** BCP 47, the language of the replies. Default `en`. */
  readonly lang?: string | undefined;
  /** How words of the game are said. */
  readonly lexicon?: Lexicon | undefined;
  /** As of `timedVoices`. */
  readonly worker?: WorkerPlace | undefined;
}

/** Finds the mouths of replies. Made by {@link timedReplies}. */
export interface TimedReplies {
  /** The same reply with a mouth and words: to be read instead of the other. */
  of(reply: SpokenReply): SpokenReply;
  /** Loads what the first reply would wait for. */
  prepare(): void;
  /** Frees the worker; replies that run fail with `aborted`. May be called twice. */
  dispose(): void;
}

/**
 * Gives replies of agents that send sound alone their mouths, as `timedVoices` does for lines. What a reply says is often
 * known a little before it is heard, and is aligned with the sound as it comes; where its words come after their sound,
 * the sound alone decides. For replies that tell no times of their own; cues that they have are left out.
 */
export function timedReplies({ lang = 'en', lexicon, worker }: TimedRepliesOptions = {}): TimedReplies {
  const ears = new OpenEars(worker);
  const disposed = new AbortController();
  return {
    of: (reply) => ({
      get text() {
        return reply.text;
      },
      timing: ALIGNED,
      lookAheadSeconds: Math.max(reply.lookAheadSeconds ?? 0, LOOK_AHEAD_SECONDS + PIECE_SECONDS),
      parts: (signal) =>
        listenTo(
          { parts: reply.parts(signal), request: new GrowingRequest(reply, lang), growing: true },
          ears,
          { lexicon },
          AbortSignal.any([...(signal ? [signal] : []), disposed.signal]),
        ),
    }),
    prepare: () => {
      ears.prepare(lang).catch(() => {}); // The reply will tell.
    },
    dispose() {
      disposed.abort();
      ears.dispose();
    },
  };
}

/** A request whose text is what is known of a reply by now. */
class GrowingRequest {
  readonly lang: string;
  readonly #reply: SpokenReply;

  constructor(reply: SpokenReply, lang: string) {
    this.#reply = reply;
    this.lang = lang;
  }

  get text(): string {
    return this.#reply.text;
  }
}
