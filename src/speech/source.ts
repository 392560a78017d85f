import type { SpeechPart } from './part.ts';

/** What is to be said. Names of voices and languages are the source's own; unknown ones are refused by it. */
export interface SpeechRequest {
  /** The text; text positions of cues and words index this string as given. */
  readonly text: string;
  /** Default: the source's own. */
  readonly voice?: string | undefined;
  /** BCP 47 or the service's own code. Default: the source's own, usually `en`. */
  readonly lang?: string | undefined;
  /** Rate of speaking, 1 is the voice's normal. Default: the source's own. */
  readonly speed?: number | undefined;
}

/** Where a line's cue times come from, as written in `line.json`. */
export type TimingOrigin = 'service' | 'words' | 'alignment' | 'audio' | 'text';

/** What the times of a source are worth. */
export interface SourceTiming {
  readonly origin: TimingOrigin;
  /** 0 (a guess) to 1 (the times of the synthesis itself). */
  readonly confidence: number;
}

/** Where a source can run: a page must not hold secrets, and some services need request headers. */
export type SourceHome = 'page' | 'node' | 'both';

/** Where speech comes from: an adapter of a service, the gateway, local synthesis or a finished track. */
export interface VoiceSource {
  /** Short lower-case name, as in `parley say --source NAME`. */
  readonly name: string;
  readonly timing: SourceTiming;
  readonly home: SourceHome;
  /**
   * Audio that must be ahead of the playhead for cues and words to be in time, seconds: where the service sends them
   * after the audio they describe. Default 0.
   */
  readonly lookAheadSeconds?: number;

  /**
   * Speaks one line. Iteration starts the work; parts come as they are made, `end` last.
   * Throws a {@link SpeechError} when the line fails, and one with code `aborted` soon after `signal` aborts.
   * Several lines at once are allowed; how many run at the same time is the source's affair.
   */
  speak(request: SpeechRequest, signal: AbortSignal): AsyncIterable<SpeechPart>;

  /** Opens what the first line would have to wait for (a socket, a worker). Failure is silent: the line will tell. */
  prepare?(): void;

  /** Frees sockets and workers; running lines fail with `aborted`. May be called twice. */
  dispose(): void;
}
